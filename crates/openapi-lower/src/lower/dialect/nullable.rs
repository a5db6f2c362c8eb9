//! Null: a type in OpenAPI 3.1 (`type: [T, 'null']`, a member of a union, an enum value), the
//! keyword `nullable` in 3.0.

use openapi_document::{
    json_type::{self, has_type},
    walk::Position,
};
use serde_json::{Map, Value, json};

use super::keywords::{is_annotation, split_annotations};
use crate::{
    collect::Collect,
    json,
    lower::{diagnostics::Diagnostics, schema::distinct},
};

/// Replaces null as a type, as a member of a union and as an enum value by `nullable`.
pub(super) fn lower(
    schema: &mut Map<String, Value>,
    at: &Position<'_>,
    diagnostics: &mut Diagnostics,
) {
    lower_type_list(schema, at, diagnostics);
    // A null member of a union accepts null whatever the other members list.
    let is_declared = schema.get("nullable") == Some(&json!(true));
    for union in ["anyOf", "oneOf"] {
        lower_union(schema, union);
    }
    lower_enum(schema, is_declared, at, diagnostics);
}

/// Lowers a list of types: null becomes `nullable`, several other types a union.
fn lower_type_list(
    schema: &mut Map<String, Value>,
    at: &Position<'_>,
    diagnostics: &mut Diagnostics,
) {
    let mut types = match schema.get("type") {
        Some(Value::Array(types)) => distinct(types.clone()),
        Some(Value::String(only)) if only == "null" => vec![json!("null")],
        _ => return,
    };
    json::retain_items(&mut types, &mut |one| {
        let is_known = one.as_str().is_some_and(|name| json_type::NAMES.contains(&name));
        if !is_known {
            let names = json_type::NAMES.join(", ");
            let reason = format!("the types of JSON Schema are {names}");
            diagnostics.refuse(&at.pointer().join("type"), format!("type {one}"), reason);
        }
        is_known
    });
    let before = types.len();
    json::retain_items(&mut types, &mut |one| one != "null");
    if types.len() < before {
        schema.insert("nullable".into(), json!(true));
    }
    if types.contains(&json!("number")) {
        json::retain_items(&mut types, &mut |one| one != "integer");
    }
    match types.as_slice() {
        [] => {
            schema.shift_remove("type");
        }
        [only] => {
            schema.insert("type".into(), only.clone());
        }
        several => {
            let (outer, inner) = split_annotations(std::mem::take(schema));
            let members = several.iter().map(|one| of_type(&inner, one)).collect_vec();
            *schema = outer;
            schema.insert("anyOf".into(), Value::Array(members));
        }
    }
}

/// The part of a schema that applies to values of one type.
fn of_type(schema: &Map<String, Value>, wanted: &Value) -> Value {
    let name = wanted.as_str().unwrap_or_default();
    let mut member = Map::new();
    member.insert("type".into(), wanted.clone());
    for (key, value) in schema {
        if key == "enum" {
            let mut own = json::items(Some(value)).to_vec();
            json::retain_items(&mut own, &mut |value| has_type(value, name));
            member.insert(key.clone(), json!(own));
        } else if key != "type" && applies_to(key).is_none_or(|types| types.contains(&name)) {
            member.insert(key.clone(), value.clone());
        }
    }
    Value::Object(member)
}

/// The types that a keyword applies to; `None` for all types.
fn applies_to(key: &str) -> Option<&'static [&'static str]> {
    Some(match key {
        "minLength" | "maxLength" | "pattern" | "contentEncoding" | "contentMediaType" => {
            &["string"]
        }
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf" => {
            &["integer", "number"]
        }
        "format" => &["string", "integer", "number"],
        "items" | "prefixItems" | "minItems" | "maxItems" | "uniqueItems" | "contains"
        | "minContains" | "maxContains" | "unevaluatedItems" => &["array"],
        "properties"
        | "required"
        | "additionalProperties"
        | "patternProperties"
        | "minProperties"
        | "maxProperties"
        | "propertyNames"
        | "unevaluatedProperties"
        | "dependentRequired"
        | "dependentSchemas" => &["object"],
        _ => return None,
    })
}

/// Lowers a union: a null member becomes `nullable`, and a single remaining member replaces the
/// union. A discriminator indicates that further members may be added, so its union stays.
fn lower_union(schema: &mut Map<String, Value>, union: &str) {
    let Some(Value::Array(members)) = schema.get_mut(union) else { return };
    let members = std::mem::take(members);
    let count = members.len();
    let remaining: Vec<Value> = members.into_iter().filter(|member| !is_null(member)).collect_vec();
    if remaining.len() < count {
        schema.insert("nullable".into(), json!(true));
    }
    let mut remaining = distinct(remaining);
    if remaining.len() > 1 || (remaining.len() == 1 && schema.contains_key("discriminator")) {
        schema.insert(union.into(), Value::Array(remaining));
        return;
    }
    schema.shift_remove(union);
    if let Some(member) = remaining.pop() {
        replace_by_member(schema, member);
    }
}

/// Replaces a union by its only member: merged if nothing clashes, else with `allOf`.
fn replace_by_member(schema: &mut Map<String, Value>, member: Value) {
    let is_only_annotated = schema.keys().all(|key| is_annotation(key) || key == "nullable");
    match member {
        Value::Object(member) if is_only_annotated && !member.contains_key("$ref") => {
            for (key, value) in member {
                schema.entry(key).or_insert(value);
            }
        }
        member if schema.is_empty() => {
            if let Value::Object(member) = member {
                *schema = member;
            }
        }
        member => {
            let (annotations, own) = split_annotations(std::mem::take(schema));
            *schema = annotations;
            let mut members = vec![member];
            if own.keys().any(|key| key != "type") {
                members.push(Value::Object(own));
            }
            schema.insert("allOf".into(), Value::Array(members));
        }
    }
}

/// Whether a lowered schema accepts only null.
fn is_null(schema: &Value) -> bool {
    let Value::Object(map) = schema else { return false };
    let mut structural = map.iter().filter(|(key, _)| !is_annotation(key));
    match (structural.next(), structural.next()) {
        (Some((key, value)), None) => key == "nullable" && *value == true,
        _ => false,
    }
}

/// Removes null from the values of an `enum`.
///
/// A nullable `enum` that doesn't list null doesn't accept it (OpenAPI 3.0.3, proposal "Clarify
/// Nullable"), but most documents with one intend it to, so that it is nullable, with a warning.
///
/// `is_declared` is whether the schema itself is nullable, not by a member of a union.
fn lower_enum(
    schema: &mut Map<String, Value>,
    is_declared: bool,
    at: &Position<'_>,
    diagnostics: &mut Diagnostics,
) {
    let Some(Value::Array(values)) = schema.get_mut("enum") else { return };
    let before = values.len();
    json::retain_items(values, &mut |value| !value.is_null());
    if values.len() < before {
        if values.is_empty() {
            schema.shift_remove("enum");
        }
        schema.insert("nullable".into(), json!(true));
    } else if is_declared {
        diagnostics.warn(
            &at.pointer(),
            "null is accepted: the schema is nullable, although its `enum` does not list null",
        );
    }
}
