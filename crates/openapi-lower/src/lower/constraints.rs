//! Moves constraints from schemas to their descriptions: they are documented, not enforced.
//!
//! typify generates newtypes for patterns, lengths and ranges. They reject values that a server
//! sends and can't be built from plain values, and `additionalProperties: false` fails on the first
//! property that a newer server adds. Servers validate their input themselves.

use openapi_document::{json_type::has_type, walk};
use serde_json::{Map, Value, json};

use super::{
    enums::enum_type,
    hints::{NARROWED, NOTES, TITLE},
};
use crate::{collect::Collect, markdown::code};

/// Adds a constraint to the documentation of `schema`.
pub(super) fn note(schema: &mut Map<String, Value>, text: &str) {
    let notes = schema.entry(NOTES).or_insert_with(|| json!([]));
    if let Value::Array(notes) = notes
        && !notes.iter().any(|note| note == text)
    {
        notes.push(json!(text));
    }
}

/// Describes the constraints of all schemas.
pub(super) fn describe_all(root: &mut Value) {
    walk::schemas_mut(root, &mut |schema, _| {
        if let Value::Object(schema) = schema {
            number_enum_to_integer(schema);
            address_to_text(schema);
            move_to_notes(schema);
            lift_items(schema);
        }
    });
    walk::schemas_mut(root, &mut |schema, _| {
        if let Value::Object(schema) = schema {
            describe(schema);
        }
    });
}

/// Changes the type of a number enum with integer values only to integer. `1.0` is one too (JSON
/// Schema, section 6.1.1).
fn number_enum_to_integer(schema: &mut Map<String, Value>) {
    if schema.get("type") != Some(&json!("number")) || enum_type(schema).is_some() {
        return;
    }
    if let Some(Value::Array(values)) = schema.get("enum")
        && values.iter().all(|value| has_type(value, "integer"))
    {
        schema.insert("type".into(), json!("integer"));
    }
}

/// Removes the formats of IP addresses: their types in Rust reject text that servers send, such as
/// a network or a host name.
fn address_to_text(schema: &mut Map<String, Value>) {
    if let Some(format @ ("ip" | "ipv4" | "ipv6")) = schema.get("format").and_then(Value::as_str) {
        let text = format!("format {}", code(format));
        schema.shift_remove("format");
        note(schema, &text);
    }
}

/// Keywords that aren't constraints.
const NO_CONSTRAINTS: [&str; 12] = [
    "$ref",
    "type",
    "format",
    "properties",
    "required",
    "items",
    "description",
    "nullable",
    "allOf",
    "anyOf",
    "oneOf",
    "default",
];

/// Moves the constraints of a schema to its notes.
pub(super) fn move_to_notes(schema: &mut Map<String, Value>) {
    if schema.keys().all(|key| NO_CONSTRAINTS.contains(&key.as_str())) {
        return;
    }
    let is_enum = enum_type(schema).is_some();
    let exclusive = |schema: &Map<String, Value>, key: &str| schema.get(key) == Some(&json!(true));
    let above = if exclusive(schema, "exclusiveMinimum") { "more than" } else { "at least" };
    let below = if exclusive(schema, "exclusiveMaximum") { "less than" } else { "at most" };
    // The values may be those of a tag.
    let narrowed = schema.get("enum").filter(|_| !is_enum).cloned();
    let mut notes = Vec::new();
    let mut take = |key: &str, text: &dyn Fn(&Value) -> String| {
        if let Some(value) = schema.shift_remove(key) {
            notes.push(text(&value));
        }
    };
    take("minLength", &|value| format!("at least {}", counted(value, "character")));
    take("maxLength", &|value| format!("at most {}", counted(value, "character")));
    take("pattern", &|value| format!("matches {}", code(value.as_str().unwrap_or_default())));
    take("minimum", &|value| format!("{above} {value}"));
    take("maximum", &|value| format!("{below} {value}"));
    take("multipleOf", &|value| format!("a multiple of {value}"));
    take("minItems", &|value| format!("at least {}", counted(value, "item")));
    take("maxItems", &|value| format!("at most {}", counted(value, "item")));
    take("minProperties", &|value| format!("at least {}", counted(value, "entry")));
    take("maxProperties", &|value| format!("at most {}", counted(value, "entry")));
    for condition in [
        "not",
        "if",
        "then",
        "else",
        "contains",
        "minContains",
        "maxContains",
        "propertyNames",
        "patternProperties",
        "dependentRequired",
        "dependentSchemas",
        "unevaluatedItems",
    ] {
        take(condition, &|value| format!("{condition} {}", code(&value.to_string())));
    }
    if !is_enum {
        take("enum", &|value| format!("one of {}", code(&value.to_string())));
    }
    schema.extend(narrowed.map(|values| (NARROWED.to_owned(), values)));
    for flag in ["exclusiveMinimum", "exclusiveMaximum"] {
        schema.shift_remove(flag);
    }
    if schema.shift_remove("uniqueItems") == Some(json!(true)) {
        notes.push("items are unique".to_owned());
    }
    if schema.get("additionalProperties") == Some(&json!(false)) {
        schema.shift_remove("additionalProperties");
    }
    for text in notes {
        note(schema, &text);
    }
}

/// A number with its noun in singular or plural.
fn counted(count: &Value, noun: &str) -> String {
    match (count.as_u64(), noun) {
        (Some(1), _) => format!("1 {noun}"),
        (_, "entry") => format!("{count} entries"),
        _ => format!("{count} {noun}s"),
    }
}

/// Moves the notes of items and map values to their list or map: they have no docs in Rust.
fn lift_items(schema: &mut Map<String, Value>) {
    for (key, each) in [("items", "each item"), ("additionalProperties", "each value")] {
        let Some(Value::Object(inner)) = schema.get_mut(key) else { continue };
        let Some(Value::Array(notes)) = inner.shift_remove(NOTES) else { continue };
        for text in notes.iter().filter_map(Value::as_str) {
            note(schema, &format!("{each}: {text}"));
        }
    }
}

/// Adds the notes to the description and removes keywords that only document.
fn describe(schema: &mut Map<String, Value>) {
    let is_ignored = |key: &String| key != "description" && NO_CONSTRAINTS.contains(&key.as_str());
    if schema.keys().all(is_ignored) {
        return;
    }
    let title = schema.shift_remove("title");
    if let (Some(title), true) = (&title, schema.contains_key("properties")) {
        schema.insert(TITLE.into(), title.clone());
    }
    for dropped in [
        "example",
        "examples",
        "externalDocs",
        "xml",
        "$comment",
        "$schema",
        "$id",
        "$anchor",
        "$defs",
        "definitions",
    ] {
        schema.shift_remove(dropped);
    }
    let mut paragraphs: Vec<String> = Vec::new();
    let described = schema.get("description").and_then(Value::as_str).map(str::to_owned);
    let text = described.filter(|text| !text.trim().is_empty());
    if let Some(text) = text.or_else(|| title?.as_str().map(str::to_owned)) {
        paragraphs.push(text.trim().to_owned());
    }
    if let Some(Value::Array(notes)) = schema.shift_remove(NOTES) {
        let notes = notes.iter().filter_map(Value::as_str).collect_vec();
        paragraphs.push(format!("Constraints: {}.", notes.join("; ")));
    }
    for (flag, text) in [
        ("readOnly", "Only in responses."),
        ("writeOnly", "Only in requests."),
        ("deprecated", "Deprecated."),
    ] {
        if schema.get(flag) == Some(&json!(true)) {
            paragraphs.push(text.to_owned());
        }
    }
    if paragraphs.is_empty() {
        schema.shift_remove("description");
    } else {
        schema.insert("description".into(), json!(paragraphs.join("\n\n")));
    }
}
