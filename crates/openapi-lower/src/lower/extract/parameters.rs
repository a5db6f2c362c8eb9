//! Parameters and their encodings: by the core, by the runtime, or refused.

use std::collections::HashSet;

use openapi_document::{
    PathTemplate, Pointer,
    media_type::{essence, is_json},
};
use serde_json::{Value, json};

use super::{styles::DeclaredStyle, value_kinds::ValueKind};
use crate::{
    collect::Collect,
    ir::{Expansion, Parameter, ParameterEncoding},
    json,
    lower::{
        diagnostics::Diagnostics,
        names::{TakenNames, unique, value_name},
        operations::parameter_pointer,
        path_key::PathKey,
        reserved::{BUILDER_NAMES, CORE_NAMES},
        schema::not_null,
        secrets::Secrets,
        tokens::{NOT_A_TOKEN, is_derived_header, is_token},
    },
};

/// The media type of forms.
const FORM: &str = "application/x-www-form-urlencoded";

/// Header parameters that are ignored (OpenAPI 3.1, section 4.8.12.2.1).
const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// Extracts the parameters of an operation.
pub(super) fn extract(
    (root, secrets): (&Value, &Secrets),
    key: PathKey<'_>,
    operation: &Value,
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Vec<Parameter> {
    let template = PathTemplate::parse(key.path);
    let templated: HashSet<&str> = template.names().collect_set();
    let mut parameters = Vec::new();
    let mut pointers = Vec::new();
    for declared in json::items(operation.get("parameters")) {
        let name = declared.get("name").and_then(Value::as_str).unwrap_or_default();
        let at = parameter_pointer(declared);
        let Some(mut parameter) =
            parameter(root, key, &templated, declared, name, &at, diagnostics)
        else {
            continue;
        };
        parameter.secret = secrets.is_secret(name, &parameter.schema);
        parameters.push(parameter);
        pointers.push(at);
    }
    let undeclared = undeclared(&template, &parameters);
    if !undeclared.is_empty() {
        diagnostics.warn(at, undeclared_message(&undeclared));
    }
    parameters.extend(undeclared.into_iter().map(|name| Parameter {
        name: name.to_owned(),
        rust_name: String::new(),
        encoding: ParameterEncoding::Path(Expansion::SIMPLE),
        required: true,
        description: None,
        deprecated: false,
        schema: json!({ "type": "string" }),
        default: None,
        secret: secrets.is_secret(name, &json!({ "type": "string" })),
    }));
    name_setters(&mut parameters);
    let mut core_names = TakenNames::from_iter(CORE_NAMES);
    for parameter in &mut parameters {
        let by_runtime = match parameter.encoding {
            ParameterEncoding::Query => ParameterEncoding::QueryExpansion(Expansion::FORM),
            ParameterEncoding::Header => ParameterEncoding::HeaderExpansion(Expansion::SIMPLE),
            _ => continue,
        };
        // The core's function would have two variables with one name.
        if !core_names.insert(value_name(&parameter.name)) {
            parameter.encoding = by_runtime;
        }
    }
    parameters
}

/// Names the setters. Of parameters with the same name, those of the path and the query keep it:
/// the others have their location in their names.
fn name_setters(parameters: &mut [Parameter]) {
    let mut taken = TakenNames::default();
    for location in ["path", "query", "header", "cookie"] {
        for parameter in parameters.iter_mut().filter(|one| self::location(one) == location) {
            let name = setter_name(&parameter.name);
            parameter.rust_name = match taken.contains(&name) {
                true => {
                    let name = format!("{}_{location}", name.trim_end_matches('_'));
                    unique(&name, &mut taken)
                }
                false => unique(&name, &mut taken),
            };
        }
    }
}

/// The value of `in`; that of a whole query string is `query`, too.
fn location(parameter: &Parameter) -> &'static str {
    match parameter.encoding {
        ParameterEncoding::Path(_) => "path",
        ParameterEncoding::Query
        | ParameterEncoding::QueryExpansion(_)
        | ParameterEncoding::QueryString(_) => "query",
        ParameterEncoding::Header | ParameterEncoding::HeaderExpansion(_) => "header",
        ParameterEncoding::Cookie(_) => "cookie",
    }
}

/// The names in a path template that no path parameter has.
fn undeclared<'a>(template: &'a PathTemplate, parameters: &[Parameter]) -> Vec<&'a str> {
    let in_path = parameters.iter().filter(|one| one.encoding.is_path());
    let mut declared: HashSet<&str> = in_path.map(|one| one.name.as_str()).collect_set();
    template.names().filter(|name| declared.insert(name)).collect_vec()
}

fn undeclared_message(names: &[&str]) -> String {
    let listed = names.iter().map(|name| format!("`{name}`")).collect_vec();
    match listed.as_slice() {
        [name] => {
            format!("path parameter {name} is not declared: it is assumed to be a string")
        }
        _ => format!(
            "path parameters {} are not declared: they are assumed to be strings",
            listed.join(", ")
        ),
    }
}

/// The name of a parameter's setter.
fn setter_name(name: &str) -> String {
    let name = value_name(name);
    if BUILDER_NAMES.contains(&name.as_str()) { name + "_" } else { name }
}

/// Extracts one parameter; `None` if it is skipped or refused.
fn parameter(
    root: &Value,
    key: PathKey<'_>,
    templated: &HashSet<&str>,
    declared: &Value,
    name: &str,
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Option<Parameter> {
    let text = |key: &str| declared.get(key).and_then(Value::as_str);
    let location = text("in").unwrap_or_default();
    if location == "header" && IGNORED_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
        return None;
    }
    if location == "header" && is_derived_header(name) {
        diagnostics.warn(at, format!("parameter skipped: `{name}` is derived from the request"));
        return None;
    }
    if ["header", "cookie"].contains(&location) && !is_token(name) {
        diagnostics.refuse(at, format!("{location} `{name}`"), NOT_A_TOKEN);
        return None;
    }
    if location == "query" && key.has_parameter(name) {
        let message = format!("parameter skipped: the path has `{name}` in its query");
        diagnostics.warn(at, message);
        return None;
    }
    if location == "path" && !templated.contains(name) {
        diagnostics.warn(at, format!("parameter skipped: the path has no `{{{name}}}`"));
        return None;
    }
    let content = declared.get("content").and_then(Value::as_object);
    let find = |fits: fn(&str) -> bool| content?.iter().find(|(name, _)| fits(name));
    let json = find(is_json).map(|(_, media)| media);
    let form = find(|name| essence(name) == FORM).filter(|_| location == "querystring");
    if let Some((_, form)) = form {
        return query_form(root, (declared, form), name, at, diagnostics);
    }
    let media =
        json.or_else(|| find(|name| essence(name).starts_with("text/")).map(|(_, media)| media));
    let other = content.and_then(|content| content.keys().next());
    let any = json!({});
    let schema = match (media, declared.get("schema"), other) {
        (Some(media), ..) => media.get("schema").unwrap_or(&any),
        (None, Some(schema), _) => schema,
        (None, None, Some(media_type)) => {
            let construct = format!("a parameter of the media type `{media_type}`");
            let reason = "it can be sent as JSON or text only";
            not_offered(declared, at, (construct, reason), diagnostics);
            return None;
        }
        (None, None, None) => {
            diagnostics.warn(at, "`schema` is missing: the value is assumed to be a string");
            &any
        }
    };
    warn_of_reserved(declared, location, at, diagnostics);
    let kind = match json {
        None => ValueKind::new(root, schema),
        Some(_) => Some(ValueKind::json(not_null(schema.clone()))),
    };
    let Some(kind) = kind else {
        let construct = format!("a {location} parameter of a recursive union");
        diagnostics.refuse(at, construct, "its values have no text");
        return None;
    };
    if media.is_some() && json.is_none() && !kind.forms.is_scalar() {
        diagnostics.refuse(at, "an array or an object as text", "it can be sent as JSON only");
        return None;
    }
    let style = DeclaredStyle::new(declared, json.is_some());
    let encoding = style.encoding(&kind, at, diagnostics)?;
    let schema_description = schema.get("description").and_then(Value::as_str);
    Some(Parameter {
        name: name.to_owned(),
        rust_name: String::new(),
        encoding,
        required: encoding.is_path() || declared.get("required") == Some(&json!(true)),
        description: join_descriptions(text("description"), schema_description),
        deprecated: declared.get("deprecated") == Some(&json!(true)),
        secret: false,
        default: schema.get("default").cloned(),
        schema: kind.schema,
    })
}

/// Refuses a parameter that can't be sent. Requests can do without an optional one, which is
/// skipped with a warning.
fn not_offered(
    declared: &Value,
    at: &Pointer,
    (construct, reason): (String, &str),
    diagnostics: &mut Diagnostics,
) {
    let is_path = declared.get("in").is_some_and(|location| location == "path");
    if is_path || declared.get("required") == Some(&json!(true)) {
        diagnostics.refuse(at, construct, reason);
    } else {
        diagnostics.warn(at, format!("parameter skipped: {construct}: {reason}"));
    }
}

/// Extracts a parameter that is the whole query as a form: a pair for each property.
fn query_form(
    root: &Value,
    (declared, form): (&Value, &Value),
    name: &str,
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Option<Parameter> {
    let text = |key: &str| declared.get(key).and_then(Value::as_str);
    let at = at.join("content").join(FORM);
    if form.get("encoding").is_some() {
        let message = "ignored: each property is written by the style form";
        diagnostics.warn(&at.join("encoding"), message);
    }
    let schema = not_null(form.get("schema").cloned().unwrap_or_else(|| json!({})));
    let kind = ValueKind::new(root, &schema).filter(|kind| kind.forms.is_object());
    let Some(kind) = kind else {
        diagnostics.refuse(&at, "a query that isn't an object", "a form has a pair per property");
        return None;
    };
    let description = schema.get("description").and_then(Value::as_str);
    Some(Parameter {
        name: name.to_owned(),
        rust_name: String::new(),
        encoding: ParameterEncoding::QueryExpansion(Expansion::FORM),
        required: declared.get("required") == Some(&json!(true)),
        description: join_descriptions(text("description"), description),
        deprecated: declared.get("deprecated") == Some(&json!(true)),
        secret: false,
        default: None,
        schema: kind.schema,
    })
}

/// Warns of `allowReserved` where it doesn't apply (OpenAPI 3.1, section 4.8.12.2). In a query,
/// servers decode the values to the same, however many characters are percent-encoded.
fn warn_of_reserved(declared: &Value, location: &str, at: &Pointer, diagnostics: &mut Diagnostics) {
    if location != "query" && declared.get("allowReserved") == Some(&json!(true)) {
        let message = format!(
            "`allowReserved` is ignored: it is for query parameters, and this one is in the {}",
            location
        );
        diagnostics.warn(at, message);
    }
}

/// Joins a description and that of the schema, which includes the constraints.
pub(super) fn join_descriptions(own: Option<&str>, schema: Option<&str>) -> Option<String> {
    let both = [own, schema.filter(|text| Some(*text) != own)];
    let text = both.into_iter().flatten().map(str::trim).collect_vec().join("\n\n");
    (!text.is_empty()).then_some(text)
}
