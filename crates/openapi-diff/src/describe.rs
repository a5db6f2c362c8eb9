//! Places of a document in words that a reader knows: names of schemas, properties, parameters.

use openapi_document::Pointer;
use serde_json::Value;

use crate::{
    component::named,
    node::{Kind, Node},
    schemas::Schemas,
};

/// What stands at `at`, for a message: `` `AgentProfile.name` ``, `` `items[]` of answer 200 ``.
pub(crate) fn subject(root: &Value, at: &Pointer) -> String {
    let segments = at.segments();
    let text: Vec<&str> = segments.iter().map(String::as_str).collect();
    match text.as_slice() {
        ["components", "schemas", name, rest @ ..] => format!("`{name}{}`", steps(rest)),
        ["components", "parameters", _, rest @ ..] => {
            parameter(root, &segments[..3], after("schema", rest))
        }
        ["components", kind, name, rest @ ..] => {
            of(after("schema", rest), &format!("`{name}` ({kind})"))
        }
        ["paths", _, "parameters", _, rest @ ..] => {
            parameter(root, &segments[..4], after("schema", rest))
        }
        ["paths", _, _, "parameters", _, rest @ ..] => {
            parameter(root, &segments[..5], after("schema", rest))
        }
        ["paths", _, _, "requestBody", rest @ ..] => of(after("schema", rest), "the body"),
        ["paths", _, _, "responses"] => "the answers".to_owned(),
        ["paths", _, _, "responses", status, rest @ ..] => {
            of(after("schema", rest), &format!("answer {status}"))
        }
        ["security"] => "security".to_owned(),
        ["servers", ..] => "the server".to_owned(),
        ["paths", _, _] => "the operation".to_owned(),
        ["paths", _, _, what] => format!("`{what}` of the operation"),
        _ => at.to_string(),
    }
}

fn parameter(root: &Value, at: &[String], rest: &[&str]) -> String {
    let parameter = Pointer::of(at.iter().cloned()).resolve(root);
    let name = parameter.and_then(|parameter| parameter.get("name")?.as_str());
    of(rest, &format!("parameter `{}`", name.unwrap_or("?")))
}

fn of(rest: &[&str], whole: &str) -> String {
    let steps = steps(rest);
    match steps.strip_prefix('.').unwrap_or(&steps) {
        "" => whole.to_owned(),
        steps => format!("`{steps}` of {whole}"),
    }
}

/// What comes after a segment.
fn after<'a, 'b>(segment: &str, rest: &'a [&'b str]) -> &'a [&'b str] {
    match rest.iter().position(|one| *one == segment) {
        Some(at) => &rest[at + 1..],
        None => &[],
    }
}

/// The way through schemas.
fn steps(rest: &[&str]) -> String {
    let mut text = String::new();
    let mut rest = rest.iter();
    while let Some(segment) = rest.next() {
        match *segment {
            "properties" => {
                text.push('.');
                text.push_str(rest.next().unwrap_or(&"?"));
            }
            "items" => text.push_str("[]"),
            "additionalProperties" | "unevaluatedProperties" => text.push_str(".*"),
            "prefixItems" => {
                text.push_str(&format!("[{}]", rest.next().unwrap_or(&"?")));
            }
            // Members and parts have no name of their own.
            "oneOf" | "anyOf" | "allOf" => {
                rest.next();
            }
            "required" => {}
            other => {
                text.push('/');
                text.push_str(other);
            }
        }
    }
    text
}

/// How a reader names a node.
pub(crate) fn described(node: &Node, schemas: &Schemas) -> String {
    let text = match &node.kind {
        Kind::Any => "any value".to_owned(),
        Kind::Never => "nothing".to_owned(),
        Kind::Null => return "null".to_owned(),
        Kind::Scalar { ty, format: Some(format) } => format!("{ty} ({format})"),
        Kind::Scalar { ty, format: None } => ty.clone(),
        Kind::Unresolved(what) => format!("a reference to {what}"),
        _ if named(&node.definition).is_some() => {
            format!("`{}`", named(&node.definition).unwrap_or_default())
        }
        Kind::Enum(values) => match values.as_slice() {
            [one] => one.to_string(),
            values => {
                let shown: Vec<_> = values.iter().take(4).map(Value::to_string).collect();
                let more = if values.len() > 4 { ", …" } else { "" };
                format!("one of {}{more}", shown.join(", "))
            }
        },
        Kind::Array { items: Some(items), .. } if node.place.pointer != items.pointer => {
            let items = schemas.node(items);
            let items = match &items.kind {
                Kind::Array { .. } if named(&items.definition).is_none() => "lists".to_owned(),
                _ => described(&items, schemas),
            };
            format!("list of {items}")
        }
        Kind::Array { .. } => "list".to_owned(),
        Kind::Object(object) if object.properties.is_empty() => "map".to_owned(),
        Kind::Object(_) => "object".to_owned(),
        Kind::Union(union) => format!("union of {}", union.members.len()),
        Kind::All(_) => "several things at once".to_owned(),
    };
    if node.nullable { format!("{text} or null") } else { text }
}
