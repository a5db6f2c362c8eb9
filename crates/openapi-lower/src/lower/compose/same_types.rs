//! Members of a union that are the same type in Rust, since only their constraints differ.

use serde_json::{Map, Value};

use crate::{
    collect::Collect,
    json,
    lower::{
        constraints,
        dialect::keywords::is_annotation,
        enums::enum_type,
        hints::{NOTES, VARIANTS},
        integers,
        schema::text,
    },
    markdown::code,
};

/// Formats of which Rust has a type of its own, or which decide how a value is sent.
const TYPED_FORMATS: [&str; 16] = [
    "date-time",
    "date",
    "uuid",
    "binary",
    "byte",
    "password",
    "float",
    "int8",
    "uint8",
    "int16",
    "uint16",
    "int32",
    "int",
    "uint32",
    "uint",
    "uint64",
];

/// A scalar, list or map without constraints and annotations, and these as text.
pub(super) struct PlainType {
    pub(super) schema: Map<String, Value>,
    pub(super) constraints: Option<String>,
}

impl PlainType {
    /// Takes a schema apart; `None` if it is an enum, an object, a reference or a composition.
    pub(super) fn new(schema: &Value) -> Option<Self> {
        let map = schema.as_object()?;
        let named = ["properties", "allOf", "oneOf", "anyOf", "$ref", VARIANTS];
        if !map.contains_key("type")
            || named.iter().any(|key| map.contains_key(*key))
            || enum_type(map).is_some()
        {
            return None;
        }
        let mut map = map.clone();
        integers::choose_format(&mut map);
        format_to_note(&mut map);
        for (key, each) in [("items", "each item"), ("additionalProperties", "each value")] {
            if let Some(inner) = map.get_mut(key)
                && let Some(plain) = Self::new(inner)
            {
                *inner = Value::Object(plain.schema);
                if let Some(text) = plain.constraints {
                    constraints::note(&mut map, &format!("{each}: {text}"));
                }
            }
        }
        constraints::move_to_notes(&mut map);
        let notes = map.shift_remove(NOTES);
        let notes = json::items(notes.as_ref()).iter();
        let notes: Vec<&str> = notes.filter_map(Value::as_str).collect_vec();
        let constraints = (!notes.is_empty()).then(|| notes.join("; "));
        json::retain(&mut map, &mut |key, _| !is_annotation(key));
        Some(Self { schema: map, constraints })
    }
}

/// Replaces the members that are the same type by one, with the constraints of all as a note.
pub(super) fn unite(members: Vec<Value>) -> Vec<Value> {
    let plain: Vec<Option<PlainType>> = members.iter().map(PlainType::new).collect_vec();
    let mut result: Vec<Value> = Vec::new();
    let mut united: Vec<&Map<String, Value>> = Vec::new();
    for (index, own) in plain.iter().enumerate() {
        let Some(PlainType { schema, .. }) = own else {
            result.push(members[index].clone());
            continue;
        };
        if united.contains(&schema) {
            continue;
        }
        united.push(schema);
        let same = members.iter().zip(&plain).filter_map(|(member, other)| {
            other.as_ref().filter(|other| other.schema == *schema).map(|other| (member, other))
        });
        let same: Vec<(&Value, &PlainType)> = same.collect_vec();
        result.push(match same.as_slice() {
            [_] => members[index].clone(),
            same => Value::Object(one_of_all(schema, same)),
        });
    }
    result
}

/// A type with the descriptions and the constraints of several schemas.
fn one_of_all(schema: &Map<String, Value>, same: &[(&Value, &PlainType)]) -> Map<String, Value> {
    let mut one = schema.clone();
    let mut descriptions: Vec<String> =
        same.iter().filter_map(|(member, _)| text(member, "description")).collect_vec();
    descriptions.dedup();
    if !descriptions.is_empty() {
        one.insert("description".into(), descriptions.join("\n\n").into());
    }
    let constrained = |(member, plain): &(&Value, &PlainType)| {
        let constraints = plain.constraints.as_deref()?;
        let title = text(member, "title").map(|title| format!(" ({title})"));
        Some(format!("{constraints}{}", title.unwrap_or_default()))
    };
    // A member without constraints allows any value of the type.
    if let Some(mut texts) = same.iter().map(constrained).collect_some() {
        texts.dedup();
        match texts.as_slice() {
            [only] => constraints::note(&mut one, only),
            texts => constraints::note(&mut one, &format!("either {}", texts.join(", or "))),
        }
    }
    one
}

/// Moves a format to the notes if Rust has no type of its own for it.
fn format_to_note(schema: &mut Map<String, Value>) {
    let Some(format) = schema.get("format").and_then(Value::as_str).map(str::to_owned) else {
        return;
    };
    if !TYPED_FORMATS.contains(&format.as_str()) {
        schema.shift_remove("format");
        if schema.get("type").is_some_and(|kind| kind == "string") {
            constraints::note(schema, &format!("format {}", code(&format)));
        }
    }
}
