//! Null: a type in 3.1 (`type: [T, 'null']`, a member of a union, an enum value), a flag in 3.0.

use openapi_document::{json_type::has_type, walk::At};
use serde_json::{Map, Value, json};

use super::keywords::is_annotation;
use crate::lower::context::Context;

pub(super) fn lower(schema: &mut Map<String, Value>, at: &At<'_>, cx: &mut Context) {
    type_list(schema);
    for union in ["anyOf", "oneOf"] {
        union_member(schema, union);
    }
    enum_value(schema, at, cx);
}

/// `type` as a list: null becomes the flag; several other types become a union.
fn type_list(schema: &mut Map<String, Value>) {
    let mut types = match schema.get("type") {
        Some(Value::Array(types)) => types.clone(),
        Some(Value::String(only)) if only == "null" => vec![json!("null")],
        _ => return,
    };
    let before = types.len();
    types.retain(|one| one != "null");
    if types.len() < before {
        schema.insert("nullable".into(), json!(true));
    }
    if types.contains(&json!("number")) {
        types.retain(|one| one != "integer");
    }
    match types.as_slice() {
        [] => {
            schema.shift_remove("type");
        }
        [only] => {
            schema.insert("type".into(), only.clone());
        }
        several => {
            let (outer, inner): (Map<_, _>, Map<_, _>) = std::mem::take(schema)
                .into_iter()
                .partition(|(key, _)| is_annotation(key) || key == "nullable");
            let members = several.iter().map(|one| of_type(&inner, one)).collect();
            *schema = outer;
            schema.insert("anyOf".into(), Value::Array(members));
        }
    }
}

/// The part of a schema that says something about values of one type.
fn of_type(schema: &Map<String, Value>, wanted: &Value) -> Value {
    let name = wanted.as_str().unwrap_or_default();
    let mut member = Map::new();
    member.insert("type".into(), wanted.clone());
    for (key, value) in schema {
        if key == "enum" {
            let values: Vec<_> = value.as_array().into_iter().flatten().collect();
            let own: Vec<_> = values.into_iter().filter(|value| has_type(value, name)).collect();
            member.insert(key.clone(), json!(own));
        } else if key != "type" && applies_to(key).is_none_or(|types| types.contains(&name)) {
            member.insert(key.clone(), value.clone());
        }
    }
    Value::Object(member)
}

/// The types of which a keyword speaks; `None` for keywords that speak of all.
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

/// A member that is null becomes the flag; a union of one is its member, unless a discriminator
/// says that there will be more.
fn union_member(schema: &mut Map<String, Value>, union: &str) {
    let Some(Value::Array(members)) = schema.get_mut(union) else { return };
    let mut model: Vec<Value> = Vec::with_capacity(members.len());
    for member in std::mem::take(members) {
        if !is_null(&member) && !model.contains(&member) {
            model.push(member);
        } else if is_null(&member) {
            schema.insert("nullable".into(), json!(true));
        }
    }
    if model.len() > 1 || (model.len() == 1 && schema.contains_key("discriminator")) {
        schema.insert(union.into(), Value::Array(model));
        return;
    }
    schema.shift_remove(union);
    if let Some(member) = model.pop() {
        adopt(schema, member);
    }
}

/// Makes the schema its only member: merged where nothing clashes, `allOf` elsewhere.
fn adopt(schema: &mut Map<String, Value>, member: Value) {
    let annotated = schema.keys().all(|key| is_annotation(key) || key == "nullable");
    match member {
        Value::Object(member) if annotated && !member.contains_key("$ref") => {
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
            let own: Map<_, _> = schema
                .iter()
                .filter(|(key, _)| !is_annotation(key) && *key != "nullable")
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            schema.retain(|key, _| is_annotation(key) || key == "nullable");
            let mut members = vec![member];
            if own.keys().any(|key| key != "type") {
                members.push(Value::Object(own));
            }
            schema.insert("allOf".into(), Value::Array(members));
        }
    }
}

/// A schema that only null is valid for, inner schemas being lowered already.
fn is_null(schema: &Value) -> bool {
    let Value::Object(map) = schema else { return false };
    let structural: Vec<_> = map.iter().filter(|(key, _)| !is_annotation(key)).collect();
    match structural.as_slice() {
        [(key, value)] => *key == "nullable" && **value == true,
        _ => false,
    }
}

/// Null among the values of an `enum`. With `nullable` but without null in it, null isn't valid by
/// the letter; most documents that say so mean that it is, and so it is read.
fn enum_value(schema: &mut Map<String, Value>, at: &At<'_>, cx: &mut Context) {
    let nullable = schema.get("nullable") == Some(&json!(true));
    let Some(Value::Array(values)) = schema.get_mut("enum") else { return };
    let before = values.len();
    values.retain(|value| !value.is_null());
    if values.len() < before {
        if values.is_empty() {
            schema.shift_remove("enum");
        }
        schema.insert("nullable".into(), json!(true));
    } else if nullable {
        cx.warn(
            &at.pointer(),
            "nullable, though its `enum` doesn't list null: read as one of the values or null",
        );
    }
}
