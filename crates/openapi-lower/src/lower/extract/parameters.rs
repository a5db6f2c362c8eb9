//! Parameters: what the core writes, what the runtime writes, and what nobody does.

use std::collections::HashSet;

use openapi_document::{PathTemplate, Pointer, reference};
use serde_json::{Map, Value, json};

use crate::{
    ir::{ObjectStyle, Parameter, ParameterEncoding},
    lower::{
        context::Context,
        names::{unique, value_name},
        schema::not_null,
        secrets::is_secret,
    },
};

/// Headers that OpenAPI says to ignore among the parameters (3.1, section 4.8.12.2.1).
const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// Names that each builder uses itself.
pub(super) const RESERVED: [&str; 10] = [
    "body",
    "call",
    "client",
    "core",
    "form",
    "into_future",
    "pages",
    "send",
    "send_raw",
    "stream",
];

pub(super) fn take(
    root: &Value,
    path: &str,
    operation: &Value,
    at: &Pointer,
    cx: &mut Context,
) -> Vec<Parameter> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut parameters = Vec::new();
    let declared = operation.get("parameters").and_then(Value::as_array);
    for declared in declared.into_iter().flatten() {
        let name = declared.get("name").and_then(Value::as_str).unwrap_or_default();
        let at = at.join("parameters").join(name);
        let Some(parameter) = parameter(root, path, declared, name, &at, cx) else { continue };
        parameters.push(parameter);
    }
    for name in PathTemplate::parse(path).names() {
        let is_there = |parameter: &Parameter| {
            parameter.encoding == ParameterEncoding::Path && parameter.name == name
        };
        if !parameters.iter().any(is_there) {
            cx.warn(at, format!("`{{{name}}}` in the path isn't declared; it is taken as text"));
            parameters.push(Parameter {
                name: name.to_owned(),
                rust_name: setter_name(name),
                encoding: ParameterEncoding::Path,
                required: true,
                description: None,
                deprecated: false,
                schema: json!({ "type": "string" }),
                default: None,
                secret: is_secret(name, &json!({ "type": "string" }), &Map::new()),
            });
        }
    }
    // Those that only the core can write choose their names first.
    let mut order: Vec<usize> = (0..parameters.len()).collect();
    order.sort_by_key(|index| {
        !matches!(parameters[*index].encoding, ParameterEncoding::Path | ParameterEncoding::Header)
    });
    for index in order {
        let parameter = &mut parameters[index];
        // The core would have two arguments of this name.
        if value_name(&parameter.name) == "body" && operation.get("requestBody").is_some() {
            let at = at.join("parameters").join(&parameter.name);
            cx.refuse(&at, "parameter `body`", "it has the name of the request body; rename it");
        }
        if taken.contains(&parameter.rust_name) && !set_apart(parameter, &mut taken) {
            let name = &parameter.name;
            let reason = "another parameter has its Rust name; rename one of them";
            cx.refuse(&at.join("parameters").join(name), format!("parameter `{name}`"), reason);
        }
        taken.insert(parameter.rust_name.clone());
    }
    parameters
}

/// Gives a parameter whose name is taken one of its own. The core would still have two arguments
/// of one name, so that the runtime has to write it; it can't write headers.
fn set_apart(parameter: &mut Parameter, taken: &mut HashSet<String>) -> bool {
    let place = match parameter.encoding {
        ParameterEncoding::Path | ParameterEncoding::Header => return false,
        ParameterEncoding::Query => {
            parameter.encoding = ParameterEncoding::Repeated;
            "query"
        }
        ParameterEncoding::Cookie => "cookie",
        _ => "query",
    };
    parameter.rust_name = unique(&format!("{}_{place}", parameter.rust_name), taken);
    true
}

/// The name of a parameter's setter.
fn setter_name(name: &str) -> String {
    let name = value_name(name);
    if RESERVED.contains(&name.as_str()) { name + "_" } else { name }
}

fn parameter(
    root: &Value,
    path: &str,
    declared: &Value,
    name: &str,
    at: &Pointer,
    cx: &mut Context,
) -> Option<Parameter> {
    let text = |key: &str| declared.get(key).and_then(Value::as_str);
    let place = text("in").unwrap_or_default();
    if place == "header" && IGNORED_HEADERS.contains(&name.to_ascii_lowercase().as_str()) {
        return None;
    }
    if place == "path" && !PathTemplate::parse(path).names().any(|templated| templated == name) {
        cx.warn(at, "the path has no place for this parameter; it is left out");
        return None;
    }
    let json = declared.pointer("/content/application~1json");
    let Some(schema) = json.map_or(declared.get("schema"), |media| media.get("schema")) else {
        cx.refuse(
            at,
            "a parameter without `schema`",
            "of parameters written as `content`, JSON is supported",
        );
        return None;
    };
    let shape = match json {
        None => shape_of(root, schema),
        // JSON can say anything.
        Some(_) => Shape::Other(not_null(schema.clone())),
    };
    let is_form = matches!(place, "query" | "cookie");
    let style = text("style").unwrap_or(if is_form { "form" } else { "simple" });
    // `explode` is true by default where the style is form (OpenAPI 3.1, section 4.8.12.2).
    let explode = declared.get("explode").and_then(Value::as_bool).unwrap_or(style == "form");
    let encoding = match (place, style, &shape) {
        ("query", ..) if json.is_some() => ParameterEncoding::Json,
        ("query", "deepObject", Shape::Object(_)) => {
            ParameterEncoding::Object(ObjectStyle::DeepObject)
        }
        ("query", "form", Shape::Object(_)) if explode => {
            ParameterEncoding::Object(ObjectStyle::FormExploded)
        }
        ("query", "form", Shape::Object(_)) => ParameterEncoding::Object(ObjectStyle::Form),
        ("cookie", "form", Shape::Scalar(_)) => ParameterEncoding::Cookie,
        ("path", "simple", Shape::Scalar(_)) => ParameterEncoding::Path,
        ("query", "form", Shape::Scalar(_)) => ParameterEncoding::Query,
        ("query", "form", Shape::List(_)) if explode => ParameterEncoding::Query,
        ("query", "form", Shape::List(_)) => ParameterEncoding::Delimited(','),
        ("query", "spaceDelimited", Shape::List(_)) if !explode => {
            ParameterEncoding::Delimited(' ')
        }
        ("query", "pipeDelimited", Shape::List(_)) if !explode => ParameterEncoding::Delimited('|'),
        ("header", "simple", Shape::Scalar(_)) => ParameterEncoding::Header,
        (place, style, shape) => {
            let what = match shape {
                Shape::Scalar(_) => "a scalar",
                Shape::List(_) => "an array",
                Shape::Object(_) => "an object",
                Shape::Other(_) => "a nested value or a union",
            };
            let construct = format!("{what} as a {place} parameter of style {style}");
            cx.refuse(at, construct, "there is no way to write it");
            return None;
        }
    };
    let notes = schema.get("description").and_then(Value::as_str);
    let default = schema.get("default").cloned();
    let (Shape::Scalar(schema)
    | Shape::List(schema)
    | Shape::Object(schema)
    | Shape::Other(schema)) = shape;
    let none = Map::new();
    let schemas = root.pointer("/components/schemas").and_then(Value::as_object).unwrap_or(&none);
    Some(Parameter {
        name: name.to_owned(),
        rust_name: setter_name(name),
        encoding,
        required: encoding == ParameterEncoding::Path
            || declared.get("required") == Some(&json!(true)),
        description: described(text("description"), notes),
        deprecated: declared.get("deprecated") == Some(&json!(true)),
        secret: is_secret(name, &schema, schemas),
        schema,
        default,
    })
}

/// A description and the one of the schema, which has the constraints.
pub(super) fn described(description: Option<&str>, notes: Option<&str>) -> Option<String> {
    let parts = [description, notes.filter(|notes| Some(*notes) != description)];
    let text = parts.into_iter().flatten().map(str::trim).collect::<Vec<_>>().join("\n\n");
    (!text.is_empty()).then_some(text)
}

/// How a parameter's value is built.
#[derive(Clone, Debug)]
enum Shape {
    Scalar(Value),
    List(Value),
    /// Members with names.
    Object(Value),
    Other(Value),
}

/// The shape of a value, with a schema without what parameters have no use for: null (it is left
/// out instead) and defaults (the server's business).
fn shape_of(root: &Value, schema: &Value) -> Shape {
    let Value::Object(map) = schema else { return Shape::Other(schema.clone()) };
    let mut bare: Map<String, Value> = map.clone();
    for key in ["nullable", "default", "description", "deprecated", "readOnly", "writeOnly"] {
        bare.shift_remove(key);
    }
    if bare.get("type").and_then(Value::as_str) == Some("array") {
        return match bare.get("items").map(|items| scalar(root, items)) {
            Some(Some(items)) => Shape::List(json!({ "type": "array", "items": items })),
            _ => Shape::Other(Value::Object(bare)),
        };
    }
    let bare = Value::Object(bare);
    match scalar(root, &bare) {
        Some(scalar) => Shape::Scalar(scalar),
        None if is_object(root, &bare) => Shape::Object(bare),
        None => Shape::Other(bare),
    }
}

fn is_object(root: &Value, schema: &Value) -> bool {
    let schema = schema.pointer("/allOf/0").unwrap_or(schema);
    let target = reference::target(schema)
        .and_then(|name| Pointer::of(["components", "schemas", &name]).resolve(root));
    target.unwrap_or(schema).get("type").and_then(Value::as_str) == Some("object")
}

/// The schema of a scalar: a plain type, an enum, or text for a value of several scalar types.
fn scalar(root: &Value, schema: &Value) -> Option<Value> {
    scalar_in(root, schema, &mut Vec::new())
}

/// `path` holds the components on the way here: one that is part of itself is no scalar.
fn scalar_in(root: &Value, schema: &Value, path: &mut Vec<String>) -> Option<Value> {
    let text = json!({ "type": "string" });
    let Value::Object(map) = schema else { return None };
    if let Some(members) = map.get("allOf").and_then(Value::as_array) {
        return if members.len() == 1 { scalar_in(root, &members[0], path) } else { None };
    }
    if let Some(name) = reference::target(schema) {
        let target = Pointer::of(["components", "schemas", &name]).resolve(root)?;
        let is_enum = target.get("enum").is_some() && target.get("type") == Some(&json!("string"));
        if is_enum {
            return Some(schema.clone());
        }
        if path.contains(&name) {
            return None;
        }
        path.push(name);
        let scalar = scalar_in(root, target, path);
        path.pop();
        return scalar;
    }
    for union in ["anyOf", "oneOf"] {
        if let Some(members) = map.get(union).and_then(Value::as_array) {
            let mut all = members.iter();
            return all.all(|member| scalar_in(root, member, path).is_some()).then_some(text);
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
