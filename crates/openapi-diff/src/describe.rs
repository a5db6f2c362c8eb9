//! Names of schemas, properties, parameters and other elements of a document, for messages.

use openapi_document::Pointer;
use serde_json::Value;

use crate::{
    component::component_name,
    schema_node::{SchemaKind, SchemaNode},
    schemas::Schemas,
};

/// Names the element at `pointer`: `` property `Agent.name` ``, `` response 200: items `list[]` ``.
pub(crate) fn describe_pointer(root: &Value, pointer: &Pointer) -> String {
    let segments = pointer.segments();
    let text: Vec<&str> = segments.iter().map(String::as_str).collect();
    match text.as_slice() {
        ["components", "schemas", name, rest @ ..] => {
            format!("{} `{name}{}`", element(rest), schema_path(rest))
        }
        ["components", "parameters", _, rest @ ..] => {
            describe_parameter(root, &segments[..3], after_schema(rest))
        }
        ["components", kind, name, rest @ ..] if !["callbacks", "pathItems"].contains(kind) => {
            within(after_schema(rest), &format!("component `{kind}/{name}`"))
        }
        ["security"] => "security".to_owned(),
        ["servers", ..] => "server".to_owned(),
        _ => match path_item(&text) {
            Some(position) => describe_in_path_item(root, pointer, position),
            None => pointer.to_string(),
        },
    }
}

/// The number of segments up to the path item that a pointer leads through: of an operation, a
/// webhook or a callback.
fn path_item(segments: &[&str]) -> Option<usize> {
    let mut position = match segments {
        ["paths" | "webhooks", _, ..] => 2,
        ["components", "pathItems", _, ..] => 3,
        ["components", "callbacks", _, _, ..] => 4,
        _ => return None,
    };
    // Callbacks of an operation, by their names and expressions.
    while let [_, "callbacks", _, _, ..] = &segments[position..] {
        position += 4;
    }
    Some(position)
}

/// Names the element at `pointer` in the path item of the first `position` segments.
fn describe_in_path_item(root: &Value, pointer: &Pointer, position: usize) -> String {
    let segments = pointer.segments();
    let text: Vec<&str> = segments[position..].iter().map(String::as_str).collect();
    match text.as_slice() {
        ["parameters", _, rest @ ..] => {
            describe_parameter(root, &segments[..position + 2], after_schema(rest))
        }
        [_, "parameters", _, rest @ ..] => {
            describe_parameter(root, &segments[..position + 3], after_schema(rest))
        }
        [_, "requestBody", rest @ ..] => within(after_schema(rest), "request body"),
        [_, "responses"] => "responses".to_owned(),
        [_, "responses", status, rest @ ..] => {
            within(after_schema(rest), &format!("response {status}"))
        }
        [_] => "operation".to_owned(),
        [_, keyword] => format!("`{keyword}` of the operation"),
        _ => pointer.to_string(),
    }
}

/// Names a parameter, or a subschema of it.
fn describe_parameter(root: &Value, pointer: &[String], rest: &[&str]) -> String {
    let parameter = Pointer::from_segments(pointer.iter().cloned()).resolve(root);
    let name = parameter.and_then(|parameter| parameter.get("name")?.as_str());
    within(rest, &format!("parameter `{}`", name.unwrap_or("?")))
}

/// Names the subschema at `rest` below the schema of `parent`.
fn within(rest: &[&str], parent: &str) -> String {
    let path = schema_path(rest);
    match path.strip_prefix('.').unwrap_or(&path) {
        "" => parent.to_owned(),
        path => format!("{parent}: {} `{path}`", element(rest)),
    }
}

/// The segments after the keyword `schema`.
fn after_schema<'a, 'b>(rest: &'a [&'b str]) -> &'a [&'b str] {
    match rest.iter().position(|segment| *segment == "schema") {
        Some(position) => &rest[position + 1..],
        None => &[],
    }
}

/// The kind of element that the last segments of a pointer within a schema denote.
fn element(rest: &[&str]) -> &'static str {
    match rest {
        [.., "properties", _] => "property",
        [.., "items"] | [.., "prefixItems", _] => "items",
        [.., "additionalProperties" | "unevaluatedProperties"] => "additional properties",
        _ => "schema",
    }
}

/// The path of properties and items within a schema: `.list[].name`.
fn schema_path(rest: &[&str]) -> String {
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
            // Their subschemas have an index only, which may change with the order.
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

/// Describes the types of two schemas; those of one component by their structure.
pub(crate) fn describe_schemas(
    (old, old_schemas): (&SchemaNode, &Schemas),
    (new, new_schemas): (&SchemaNode, &Schemas),
) -> (String, String) {
    let (old_text, new_text) =
        (describe_schema(old, old_schemas), describe_schema(new, new_schemas));
    if old_text != new_text {
        return (old_text, new_text);
    }
    (describe_structure(old, old_schemas), describe_structure(new, new_schemas))
}

/// Describes the type of a schema: `integer (int32) or null`, `` array of `Agent` ``.
pub(crate) fn describe_schema(node: &SchemaNode, schemas: &Schemas) -> String {
    match (&node.kind, component_name(&node.definition)) {
        (
            SchemaKind::Any
            | SchemaKind::Never
            | SchemaKind::Null
            | SchemaKind::Scalar { .. }
            | SchemaKind::Unresolved(_),
            _,
        )
        | (_, None) => describe_structure(node, schemas),
        (_, Some(name)) => with_null(format!("`{name}`"), node),
    }
}

/// A description of the type of a schema, with null if the schema allows it.
fn with_null(text: String, node: &SchemaNode) -> String {
    if node.nullable { format!("{text} or null") } else { text }
}

/// Describes the type of a schema without the name of its component.
fn describe_structure(node: &SchemaNode, schemas: &Schemas) -> String {
    let text = match &node.kind {
        SchemaKind::Any => "any value".to_owned(),
        SchemaKind::Never => "no value".to_owned(),
        SchemaKind::Null => return "null".to_owned(),
        SchemaKind::Scalar { ty, format: Some(format) } => format!("{ty} ({format})"),
        SchemaKind::Scalar { ty, format: None } => ty.clone(),
        SchemaKind::Unresolved(target) => format!("unresolved reference to {target}"),
        SchemaKind::Enum(values) => match values.as_slice() {
            [value] => value.to_string(),
            values => {
                let first: Vec<_> = values.iter().take(4).map(Value::to_string).collect();
                let more = if values.len() > 4 { ", …" } else { "" };
                format!("one of {}{more}", first.join(", "))
            }
        },
        SchemaKind::Array { items: Some(items), .. } if node.view.pointer != items.pointer => {
            let items = schemas.node(items);
            let items = match &items.kind {
                // Nested arrays aren't described further, since they may be recursive.
                SchemaKind::Array { .. } if component_name(&items.definition).is_none() => {
                    "arrays".to_owned()
                }
                _ => describe_schema(&items, schemas),
            };
            format!("array of {items}")
        }
        SchemaKind::Array { .. } => "array".to_owned(),
        SchemaKind::Object(object) if object.properties.is_empty() => "map".to_owned(),
        SchemaKind::Object(_) => "object".to_owned(),
        SchemaKind::AnyOf(union) => {
            let first: Vec<&str> =
                union.members.iter().take(4).map(|member| member.key.as_str()).collect();
            let more = if union.members.len() > 4 { ", …" } else { "" };
            format!("union of {}{more}", first.join(", "))
        }
        SchemaKind::AllOf(views) => format!("all of {} schemas", views.len()),
    };
    with_null(text, node)
}

/// Describes a change of an element: added, removed, or changed, with both values if `show_values`.
pub(crate) fn describe_change(
    element: &str,
    (old, new): (Option<&str>, Option<&str>),
    show_values: bool,
) -> String {
    match (old, new) {
        (None, Some(_)) => format!("{element} added"),
        (Some(_), None) => format!("{element} removed"),
        (Some(old), Some(new)) if show_values && old != new => {
            format!("{element} changed from {old} to {new}")
        }
        _ => format!("{element} changed"),
    }
}
