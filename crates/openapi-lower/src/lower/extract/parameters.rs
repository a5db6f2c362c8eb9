//! Parameters and their encodings: by the core, by the runtime, or refused.

use std::collections::{HashMap, HashSet};

use openapi_document::{MAX_DEPTH, PathTemplate, Pointer, media_type::is_json, reference};
use serde_json::{Map, Value, json};

use crate::{
    ir::{ObjectStyle, Parameter, ParameterEncoding},
    lower::{
        diagnostics::Diagnostics,
        enums::enum_type,
        names::{TakenNames, unique, value_name},
        operations::parameter_pointer,
        path_key::PathKey,
        reserved::{BUILDER_NAMES, CORE_NAMES},
        schema::not_null,
        secrets::Secrets,
        tokens::{NOT_A_TOKEN, is_derived_header, is_token},
    },
};

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
    let templated: HashSet<&str> = template.names().collect();
    let mut parameters = Vec::new();
    let mut pointers = Vec::new();
    let declared = operation.get("parameters").and_then(Value::as_array);
    for declared in declared.into_iter().flatten() {
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
        encoding: ParameterEncoding::Path,
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
            ParameterEncoding::Query => ParameterEncoding::Repeated,
            ParameterEncoding::Header => ParameterEncoding::HeaderText,
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
    let location = |parameter: &Parameter| match parameter.encoding {
        ParameterEncoding::Path => (0, "path"),
        ParameterEncoding::Header | ParameterEncoding::HeaderText => (2, "header"),
        ParameterEncoding::Cookie => (3, "cookie"),
        _ => (1, "query"),
    };
    let mut order: Vec<usize> = (0..parameters.len()).collect();
    order.sort_by_key(|index| location(&parameters[*index]).0);
    let mut taken = TakenNames::default();
    for index in order {
        let parameter = &mut parameters[index];
        let name = setter_name(&parameter.name);
        parameter.rust_name = match taken.contains(&name) {
            true => {
                let name = format!("{}_{}", name.trim_end_matches('_'), location(parameter).1);
                unique(&name, &mut taken)
            }
            false => unique(&name, &mut taken),
        };
    }
}

/// The names in a path template that no path parameter has.
fn undeclared<'a>(template: &'a PathTemplate, parameters: &[Parameter]) -> Vec<&'a str> {
    let in_path = parameters.iter().filter(|one| one.encoding == ParameterEncoding::Path);
    let mut declared: HashSet<&str> = in_path.map(|one| one.name.as_str()).collect();
    template.names().filter(|name| declared.insert(name)).collect()
}

fn undeclared_message(names: &[&str]) -> String {
    let listed: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
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
    let content = declared.get("content").and_then(Value::as_object).into_iter().flatten();
    let json = content.into_iter().find(|(media_type, _)| is_json(media_type));
    let json = json.map(|(_, media)| media);
    let Some(schema) = json.map_or(declared.get("schema"), |media| media.get("schema")) else {
        diagnostics.refuse(
            at,
            "a parameter without `schema`",
            "add `schema`, or `content` with the media type `application/json`",
        );
        return None;
    };
    let kind = match json {
        None => classify(root, schema),
        // JSON can represent any value.
        Some(_) => ValueKind::Other(not_null(schema.clone())),
    };
    let is_form = matches!(location, "query" | "cookie");
    let style = text("style").unwrap_or(if is_form { "form" } else { "simple" });
    // `explode` is true by default for the style `form` (OpenAPI 3.1, section 4.8.12.2).
    let explode = declared.get("explode").and_then(Value::as_bool).unwrap_or(style == "form");
    let encoding = match (location, style, &kind) {
        ("query", ..) if json.is_some() => ParameterEncoding::Json,
        ("query", "deepObject", ValueKind::Object(_)) => {
            ParameterEncoding::Object(ObjectStyle::DeepObject)
        }
        ("query", "form", ValueKind::Object(_)) if explode => {
            ParameterEncoding::Object(ObjectStyle::FormExploded)
        }
        ("query", "form", ValueKind::Object(_)) => ParameterEncoding::Object(ObjectStyle::Form),
        ("cookie", "form", ValueKind::Scalar(_)) => ParameterEncoding::Cookie,
        ("path", "simple", ValueKind::Scalar(_)) => ParameterEncoding::Path,
        ("query", "form", ValueKind::Scalar(_)) => ParameterEncoding::Query,
        ("query", "form", ValueKind::List(_)) if explode => ParameterEncoding::Query,
        ("query", "form", ValueKind::List(_)) => ParameterEncoding::Delimited(','),
        ("query", "spaceDelimited", ValueKind::List(_)) if !explode => {
            ParameterEncoding::Delimited(' ')
        }
        ("query", "pipeDelimited", ValueKind::List(_)) if !explode => {
            ParameterEncoding::Delimited('|')
        }
        ("header", "simple", ValueKind::Scalar(schema)) => {
            match schema.get("format").is_some_and(|format| format == "date-time") {
                true => ParameterEncoding::HeaderText,
                false => ParameterEncoding::Header,
            }
        }
        (location, style, kind) => {
            let value = match kind {
                ValueKind::Scalar(_) => "a scalar",
                ValueKind::List(_) => "an array",
                ValueKind::Object(_) => "an object",
                ValueKind::Other(_) => "a nested value or a union",
            };
            let construct = format!("{value} as a {location} parameter of style {style}");
            diagnostics.refuse(at, construct, "this combination is not supported");
            return None;
        }
    };
    let schema_description = schema.get("description").and_then(Value::as_str);
    let default = schema.get("default").cloned();
    let (ValueKind::Scalar(schema)
    | ValueKind::List(schema)
    | ValueKind::Object(schema)
    | ValueKind::Other(schema)) = kind;
    Some(Parameter {
        name: name.to_owned(),
        rust_name: String::new(),
        encoding,
        required: encoding == ParameterEncoding::Path
            || declared.get("required") == Some(&json!(true)),
        description: join_descriptions(text("description"), schema_description),
        deprecated: declared.get("deprecated") == Some(&json!(true)),
        secret: false,
        schema,
        default,
    })
}

/// Joins a description and that of the schema, which includes the constraints.
pub(super) fn join_descriptions(own: Option<&str>, schema: Option<&str>) -> Option<String> {
    let both = [own, schema.filter(|text| Some(*text) != own)];
    let text = both.into_iter().flatten().map(str::trim).collect::<Vec<_>>().join("\n\n");
    (!text.is_empty()).then_some(text)
}

/// The kind of a parameter's value, with its schema.
#[derive(Clone, Debug)]
enum ValueKind {
    Scalar(Value),
    /// An array of scalars.
    List(Value),
    Object(Value),
    Other(Value),
}

/// Classifies a parameter's value. Removes keywords that don't apply to parameters: null is omitted
/// instead, and the server fills in defaults.
fn classify(root: &Value, schema: &Value) -> ValueKind {
    let Value::Object(map) = schema else { return ValueKind::Other(schema.clone()) };
    let mut bare: Map<String, Value> = map.clone();
    for key in ["nullable", "default", "description", "deprecated", "readOnly", "writeOnly"] {
        bare.shift_remove(key);
    }
    if bare.get("type").and_then(Value::as_str) == Some("array") {
        return match bare.get("items").map(|items| scalar(root, items)) {
            Some(Some(items)) => ValueKind::List(json!({ "type": "array", "items": items })),
            _ => ValueKind::Other(Value::Object(bare)),
        };
    }
    let bare = Value::Object(bare);
    match scalar(root, &bare) {
        Some(scalar) => ValueKind::Scalar(scalar),
        None if is_object(root, &bare) => ValueKind::Object(bare),
        None => ValueKind::Other(bare),
    }
}

/// Whether a schema, or the component that it refers to, is an object.
fn is_object(root: &Value, schema: &Value) -> bool {
    let schema = schema.pointer("/allOf/0").unwrap_or(schema);
    let target = reference::target(schema)
        .and_then(|name| Pointer::from_segments(["components", "schemas", &name]).resolve(root));
    target.unwrap_or(schema).get("type").and_then(Value::as_str) == Some("object")
}

/// The schema of a value that is written as one text, reduced to `type`, `format` and `enum`.
///
/// A reference to an enum stays; a union of scalars or a schema without `type` is a string.
/// `None` for anything else.
fn scalar(root: &Value, schema: &Value) -> Option<Value> {
    Scalars { root, known: HashMap::new() }.read(schema, 0)
}

/// The scalars among the schemas that a parameter refers to.
struct Scalars<'a> {
    root: &'a Value,
    /// The results for components; `None` while one is being read, as a recursive one is no scalar.
    known: HashMap<String, Option<Value>>,
}

impl Scalars<'_> {
    /// The result of [`scalar`] for a schema that is nested this deeply in the parameter's.
    fn read(&mut self, schema: &Value, depth: usize) -> Option<Value> {
        let text = json!({ "type": "string" });
        let Value::Object(map) = schema else { return None };
        if depth > MAX_DEPTH {
            return None;
        }
        if let Some(members) = map.get("allOf").and_then(Value::as_array) {
            return if members.len() == 1 { self.read(&members[0], depth + 1) } else { None };
        }
        if let Some(name) = reference::target(schema) {
            if let Some(known) = self.known.get(&name) {
                return known.clone();
            }
            let target =
                Pointer::from_segments(["components", "schemas", &name]).resolve(self.root)?;
            if target.as_object().and_then(enum_type).is_some() {
                return Some(schema.clone());
            }
            self.known.insert(name.clone(), None);
            let scalar = self.read(target, depth + 1);
            self.known.insert(name, scalar.clone());
            return scalar;
        }
        for union in ["anyOf", "oneOf"] {
            if let Some(members) = map.get(union).and_then(Value::as_array) {
                let mut all = members.iter();
                return all.all(|member| self.read(member, depth + 1).is_some()).then_some(text);
            }
        }
        match map.get("type").and_then(Value::as_str) {
            Some("string" | "integer" | "number" | "boolean") => {
                let mut scalar = map.clone();
                scalar.retain(|key, _| matches!(key.as_str(), "type" | "format" | "enum"));
                Some(Value::Object(scalar))
            }
            None => Some(text),
            Some(_) => None,
        }
    }
}
