//! Parameters: what the core writes, what the runtime writes, and what nobody does.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::{
    kept::{Parameter, Place},
    lower::{context::Context, names::value_name, references},
    pointer::Pointer,
};

/// Headers that OpenAPI says to ignore among the parameters (3.1, section 4.8.12.2.1).
const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// Names that each builder uses itself.
pub(super) const RESERVED: [&str; 4] = ["body", "client", "into_future", "send"];

pub(super) fn take(
    root: &Value,
    path: &str,
    operation: &Value,
    at: &Pointer,
    cx: &mut Context,
) -> Vec<Parameter> {
    let mut taken: HashMap<String, String> = HashMap::new();
    let mut parameters = Vec::new();
    let declared = operation.get("parameters").and_then(Value::as_array);
    for declared in declared.into_iter().flatten() {
        let name = declared.get("name").and_then(Value::as_str).unwrap_or_default();
        let at = at.join("parameters").join(name);
        let Some(parameter) = parameter(root, path, declared, name, &at, cx) else { continue };
        if value_name(name) == "body" && operation.get("requestBody").is_some() {
            cx.refuse(&at, "parameter `body`", "it has the name of the request body; rename it");
        }
        if let Some(other) = taken.insert(value_name(name), name.to_owned()) {
            let reason = format!("it has the Rust name of `{other}`; rename one of them");
            cx.refuse(&at, format!("parameter `{name}`"), reason);
        }
        parameters.push(parameter);
    }
    for name in templated(path) {
        let is_there =
            |parameter: &Parameter| parameter.place == Place::Path && parameter.name == name;
        if !parameters.iter().any(is_there) {
            cx.refuse(
                at,
                format!("`{{{name}}}` in the path"),
                "no path parameter of this name is declared",
            );
        }
    }
    parameters
}

/// The names in the braces of a path template.
fn templated(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
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
    if place == "path" && !templated(path).any(|templated| templated == name) {
        cx.warn(at, "the path has no place for this parameter; it is left out");
        return None;
    }
    let Some(schema) = declared.get("schema") else {
        cx.refuse(
            at,
            "a parameter without `schema`",
            "parameters written as `content` aren't supported",
        );
        return None;
    };
    let shape = shape_of(root, schema);
    let style = text("style").unwrap_or(if place == "query" { "form" } else { "simple" });
    // `explode` is true by default where the style is form (OpenAPI 3.1, section 4.8.12.2).
    let explode = declared.get("explode").and_then(Value::as_bool).unwrap_or(style == "form");
    let place = match (place, style, &shape) {
        ("path", "simple", Shape::Scalar(_)) => Place::Path,
        ("query", "form", Shape::Scalar(_)) => Place::Query,
        ("query", "form", Shape::List(_)) if explode => Place::Query,
        ("query", "form", Shape::List(_)) => Place::Joined(','),
        ("query", "spaceDelimited", Shape::List(_)) if !explode => Place::Joined(' '),
        ("query", "pipeDelimited", Shape::List(_)) if !explode => Place::Joined('|'),
        ("header", "simple", Shape::Scalar(_)) => Place::Header,
        ("cookie", ..) => {
            cx.refuse(at, "a cookie parameter", "clients keep no cookies");
            return None;
        }
        (place, style, shape) => {
            let what = match shape {
                Shape::Scalar(_) => "a scalar",
                Shape::List(_) => "an array",
                Shape::Other => "an object or a nested value",
            };
            let construct = format!("{what} as a {place} parameter of style {style}");
            cx.refuse(at, construct, "there is no way to write it");
            return None;
        }
    };
    let notes = schema.get("description").and_then(Value::as_str);
    let (Shape::Scalar(schema) | Shape::List(schema)) = shape else { return None };
    let rust_name = value_name(name);
    let rust_name =
        if RESERVED.contains(&rust_name.as_str()) { rust_name + "_" } else { rust_name };
    Some(Parameter {
        name: name.to_owned(),
        rust_name,
        place,
        required: place == Place::Path || declared.get("required") == Some(&json!(true)),
        description: described(text("description"), notes),
        deprecated: declared.get("deprecated") == Some(&json!(true)),
        schema,
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
    Other,
}

/// The shape of a value, with a schema without what parameters have no use for: null (it is left
/// out instead) and defaults (the server's business).
fn shape_of(root: &Value, schema: &Value) -> Shape {
    let Value::Object(map) = schema else { return Shape::Other };
    let mut bare: Map<String, Value> = map.clone();
    for key in ["nullable", "default", "description", "deprecated", "readOnly", "writeOnly"] {
        bare.shift_remove(key);
    }
    if bare.get("type").and_then(Value::as_str) == Some("array") {
        return match bare.get("items").map(|items| scalar(root, items)) {
            Some(Some(items)) => Shape::List(json!({ "type": "array", "items": items })),
            _ => Shape::Other,
        };
    }
    match scalar(root, &Value::Object(bare)) {
        Some(scalar) => Shape::Scalar(scalar),
        None => Shape::Other,
    }
}

/// The schema of a scalar: a plain type, an enum, or text for a value of several scalar types.
fn scalar(root: &Value, schema: &Value) -> Option<Value> {
    let text = json!({ "type": "string" });
    let Value::Object(map) = schema else { return None };
    if let Some(members) = map.get("allOf").and_then(Value::as_array) {
        return if members.len() == 1 { scalar(root, &members[0]) } else { None };
    }
    if let Some(name) = references::target(schema) {
        let target = Pointer::of(["components", "schemas", &name]).resolve(root)?;
        let is_enum = target.get("enum").is_some() && target.get("type") == Some(&json!("string"));
        return if is_enum { Some(schema.clone()) } else { scalar(root, target) };
    }
    for union in ["anyOf", "oneOf"] {
        if let Some(members) = map.get(union).and_then(Value::as_array) {
            return members.iter().all(|member| scalar(root, member).is_some()).then_some(text);
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
