//! Merges schemas that apply to the same value (`allOf`) into one.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::{
    collect::Collect,
    json,
    lower::{
        constraints,
        dialect::keywords::is_annotation,
        hints::{self, VARIANTS},
    },
    markdown::code,
};

/// The result of merging schemas.
pub(super) struct Merged {
    /// One schema, or several if the types of the merged ones contradict each other.
    pub(super) schemas: Vec<Map<String, Value>>,
    /// Descriptions of the contradictions.
    pub(super) contradictions: Vec<String>,
}

/// Merges schemas without references and compositions.
pub(super) fn merge(schemas: &[Map<String, Value>]) -> Merged {
    let mut types: Vec<&str> = Vec::new();
    for kind in schemas.iter().filter_map(type_of) {
        match (types.iter().position(|one| is_numeric(one)), is_numeric(kind)) {
            // Every integer is a number.
            (Some(other), true) if kind == "integer" => types[other] = kind,
            (Some(_), true) => {}
            _ if !types.contains(&kind) => types.push(kind),
            _ => {}
        }
    }
    let mut contradictions = Vec::new();
    if types.len() > 1 {
        let types = types.join("`, `");
        contradictions.push(format!(
            "the schemas of `allOf` have different types, `{types}`: read as a value of any of them"
        ));
    }
    let merged = match types.as_slice() {
        [] => vec![merge_as(None, schemas, &mut contradictions)],
        types => {
            let merged =
                types.iter().map(|kind| merge_as(Some(kind), schemas, &mut contradictions));
            merged.collect_vec()
        }
    };
    Merged { schemas: merged, contradictions }
}

/// The type of the values that a schema is about.
pub(super) fn type_of(schema: &Map<String, Value>) -> Option<&str> {
    const OBJECT: [&str; 7] = [
        "properties",
        "required",
        "additionalProperties",
        "minProperties",
        "maxProperties",
        "propertyNames",
        "dependentRequired",
    ];
    let declared = schema.get("type").and_then(Value::as_str);
    declared.or_else(|| OBJECT.iter().any(|key| schema.contains_key(*key)).then_some("object"))
}

fn is_numeric(kind: &str) -> bool {
    matches!(kind, "integer" | "number")
}

/// Merges the schemas that apply to values of a type.
fn merge_as(
    kind: Option<&str>,
    schemas: &[Map<String, Value>],
    contradictions: &mut Vec<String>,
) -> Map<String, Value> {
    let mut merged = Map::new();
    if let Some(kind) = kind {
        merged.insert("type".into(), json!(kind));
    }
    let applies = |schema: &&Map<String, Value>| match (type_of(schema), kind) {
        (Some(own), Some(kind)) => own == kind || is_numeric(own) && is_numeric(kind),
        _ => true,
    };
    for schema in schemas.iter().filter(applies) {
        for (key, value) in schema.iter().filter(|(key, _)| *key != "format") {
            add(&mut merged, key, value, contradictions);
        }
    }
    add_format(&mut merged, schemas.iter().filter(applies), contradictions);
    merged
}

/// Adds the format of the merged schemas. If they have several, none: the type without a format
/// can hold the values of each. A secret stays one.
fn add_format<'v>(
    merged: &mut Map<String, Value>,
    schemas: impl Iterator<Item = &'v Map<String, Value>>,
    contradictions: &mut Vec<String>,
) {
    let kind = merged.get("type");
    let mut formats: Vec<&Value> = Vec::new();
    for schema in schemas {
        // Of an integer, the format of a number means nothing.
        let is_own = schema.get("type").is_none_or(|own| kind.is_none_or(|kind| own == kind));
        if let Some(format) = schema.get("format").filter(|format| !formats.contains(format))
            && is_own
        {
            formats.push(format);
        }
    }
    match formats.as_slice() {
        [] => {}
        [only] => {
            merged.insert("format".into(), (*only).clone());
        }
        several => {
            let listed = several.iter().map(ToString::to_string).collect_vec().join(", ");
            contradictions.push(format!(
                "the schemas of `allOf` have different formats, {listed}: read without a format"
            ));
            for format in several.iter().filter_map(|format| format.as_str()) {
                constraints::note(merged, &format!("format {}", code(format)));
            }
            if several.iter().any(|format| *format == "password") {
                merged.insert("format".into(), json!("password"));
            }
        }
    }
}

/// Adds a keyword to a merged schema.
fn add(
    merged: &mut Map<String, Value>,
    key: &str,
    value: &Value,
    contradictions: &mut Vec<String>,
) {
    let Some(present) = merged.get_mut(key) else {
        match (key, value) {
            ("type" | "discriminator" | "nullable", _) => {}
            // It would forbid the properties of the other schemas.
            ("additionalProperties", Value::Bool(false)) => {}
            _ => {
                merged.insert(key.to_owned(), value.clone());
            }
        }
        return;
    };
    if *present == *value || key == "type" {
        return;
    }
    match (key, present, value) {
        ("properties", Value::Object(present), Value::Object(added)) => {
            for (name, schema) in added {
                let both = match present.get(name) {
                    Some(other) => combine(other, schema),
                    None => schema.clone(),
                };
                present.insert(name.clone(), both);
            }
        }
        ("required", Value::Array(present), Value::Array(added)) => {
            let known: HashSet<String> = present.iter().map(Value::to_string).collect_set();
            let new = added.iter().filter(|name| !known.contains(&name.to_string()));
            present.extend(new.cloned());
        }
        (hints::NOTES, Value::Array(present), Value::Array(added)) => {
            let new = added.iter().filter(|note| !present.contains(note)).cloned();
            let new: Vec<Value> = new.collect_vec();
            present.extend(new);
        }
        ("additionalProperties", _, Value::Bool(_)) => {}
        ("items" | "additionalProperties", present, added) => *present = combine(present, added),
        ("enum", Value::Array(present), Value::Array(added)) => {
            let listed: HashSet<String> = added.iter().map(Value::to_string).collect_set();
            let is_common: Vec<bool> =
                present.iter().map(|one| listed.contains(&one.to_string())).collect_vec();
            if !is_common.contains(&true) {
                contradictions.push(format!(
                    "the schemas of `allOf` have no value of `enum` in common: read with the \
                     values {}",
                    Value::Array(present.clone())
                ));
                return;
            }
            retain(present, &is_common);
            if let Some(Value::Array(variants)) = merged.get_mut(VARIANTS) {
                retain(variants, &is_common);
            }
        }
        ("minimum" | "minLength" | "minItems" | "minProperties", present, added) => {
            if added.as_f64() > present.as_f64() {
                *present = added.clone();
            }
        }
        ("maximum" | "maxLength" | "maxItems" | "maxProperties", present, added) => {
            if added.as_f64() < present.as_f64() {
                *present = added.clone();
            }
        }
        ("pattern", _, Value::String(pattern)) => {
            constraints::note(merged, &format!("matches {}", code(pattern)));
        }
        (key, _, _) if is_annotation(key) || key == "nullable" || key == "discriminator" => {}
        (key, _, added) => {
            constraints::note(merged, &format!("{key} {}", code(&added.to_string())));
        }
    }
}

/// Retains the items at which `is_common` is true.
fn retain(items: &mut Vec<Value>, is_common: &[bool]) {
    let mut flags = is_common.iter();
    json::retain_items(items, &mut |_| flags.next().copied().unwrap_or(true));
}

/// Combines two schemas of one property: the narrower one, or `allOf` of both.
fn combine(one: &Value, other: &Value) -> Value {
    if one == other {
        return other.clone();
    }
    match (is_bare(one, other), is_bare(other, one)) {
        (true, _) => with_annotations(other, one),
        (_, true) => with_annotations(one, other),
        _ => json!({ "allOf": [one, other] }),
    }
}

/// Whether a schema only names a type, which another one has, too.
fn is_bare(schema: &Value, other: &Value) -> bool {
    let kind = schema.get("type");
    let is_same = kind.is_none() || kind == other.get("type");
    is_same
        && schema.as_object().is_some_and(|map| {
            map.keys().all(|key| is_annotation(key) || key == "type" || key == "nullable")
        })
}

/// A schema with the annotations of another one that it doesn't have itself.
fn with_annotations(schema: &Value, other: &Value) -> Value {
    let mut annotations = Map::new();
    for (key, value) in json::members(Some(other)) {
        if is_annotation(key) && schema.get(key).is_none() {
            annotations.insert(key.clone(), value.clone());
        }
    }
    let (Value::Object(map), false) = (schema, annotations.is_empty()) else {
        return schema.clone();
    };
    let mut map = match map.get("$ref") {
        // Siblings of a reference have no meaning in OpenAPI 3.0.
        Some(_) => Map::from_iter([("allOf".to_owned(), json!([schema]))]),
        None => map.clone(),
    };
    map.extend(annotations);
    Value::Object(map)
}
