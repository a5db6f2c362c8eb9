//! Annotated enums: unions of constants, each with a title and a description of its own.
//!
//! TypeSpec, schemars, utoipa and zod write `oneOf: [{const: a, title: A}, …]`.

use std::collections::HashSet;

use openapi_document::{json_type::has_type, reference};
use serde_json::{Map, Value, json};

use super::same_types::{self, PlainType};
use crate::{
    collect::Collect,
    json,
    lower::{
        constraints, dialect::keywords::is_annotation, enums::enum_type, hints::VARIANTS,
        wrapper::annotated,
    },
};

/// Replaces the members of a union that list values of one type by one enum, a string next to
/// string enums by these, since enums are open, and members that are the same type by one.
pub(super) fn fold(members: Vec<Value>, schemas: &Map<String, Value>) -> Vec<Value> {
    let of_kind = |is_text: bool| {
        let group = members.iter().filter(|member| listed_text(member) == Some(is_text));
        let group: Vec<&Map<String, Value>> = group.filter_map(Value::as_object).collect_vec();
        if group.is_empty() { Value::Null } else { unite(&group) }
    };
    let (mut text, mut numbers) = (of_kind(true), of_kind(false));
    let mut result: Vec<Value> = Vec::new();
    for member in members {
        let folded = match listed_text(&member) {
            Some(true) => &mut text,
            Some(false) => &mut numbers,
            None => {
                result.push(member);
                continue;
            }
        };
        if !folded.is_null() {
            result.push(folded.take());
        }
    }
    remove_open_type(&mut result, schemas);
    same_types::unite(result)
}

/// Replaces a union of constants by one enum.
pub(super) fn fold_constants(schema: &mut Map<String, Value>) {
    for keyword in ["oneOf", "anyOf"] {
        let Some(Value::Array(members)) = schema.get(keyword) else { continue };
        let mut folded = fold(members.clone(), &Map::new());
        let [Value::Object(only)] = folded.as_mut_slice() else { continue };
        let is_beside = |key: &String| {
            key == keyword || key == "type" || key == "nullable" || is_annotation(key)
        };
        let declared = schema.get("type");
        if members.len() > 1
            && only.contains_key("enum")
            && !schema.contains_key("discriminator")
            && schema.keys().all(is_beside)
            && declared.is_none_or(|declared| only.get("type") == Some(declared))
        {
            schema.shift_remove(keyword);
            for (key, value) in std::mem::take(only) {
                schema.entry(key).or_insert(value);
            }
        }
    }
}

/// Whether an inline enum lists text or numbers; `None` for other schemas.
fn listed_text(member: &Value) -> Option<bool> {
    let numbers = ["integer", "number"].iter().any(|kind| listed_values(member, kind).is_some());
    match listed_values(member, "string") {
        Some(_) => Some(true),
        None => numbers.then_some(false),
    }
}

/// The values of an inline enum of this type.
fn listed_values<'a>(member: &'a Value, kind: &str) -> Option<&'a Vec<Value>> {
    let map = member.as_object()?;
    let allowed = |key: &String| {
        is_annotation(key) || matches!(key.as_str(), "type" | "enum" | "format" | "nullable")
    };
    let is_enum = map.get("type").is_some_and(|one| one == kind) && map.keys().all(allowed);
    map.get("enum").filter(|_| is_enum)?.as_array()
}

/// One enum with the values of several.
fn unite(group: &[&Map<String, Value>]) -> Value {
    if let [only] = group {
        return Value::Object((*only).clone());
    }
    let (mut values, mut variants) = (Vec::new(), Vec::new());
    let mut known = HashSet::new();
    for member in group {
        let listed = json::items(member.get("enum"));
        let is_single = listed.len() == 1;
        let inner = member.get(VARIANTS).and_then(Value::as_array);
        for (index, value) in listed.iter().enumerate() {
            if !known.insert(value.to_string()) {
                continue;
            }
            values.push(value.clone());
            let mut variant = Map::new();
            for key in ["title", "description"] {
                if let Some(text) = member.get(key).filter(|_| is_single) {
                    variant.insert(key.into(), text.clone());
                }
            }
            let inner = inner.and_then(|inner| inner.get(index)).cloned();
            variants.push(inner.unwrap_or(Value::Object(variant)));
        }
    }
    // `2.0` is an integer, too (JSON Schema 2020-12, Validation, section 6.1.1).
    let kind = match group[0].get("type") {
        Some(kind) if kind == "string" => "string",
        _ if values.iter().all(|value| has_type(value, "integer")) => "integer",
        _ => "number",
    };
    let mut united = Map::new();
    united.insert("type".into(), json!(kind));
    if let Some(format) = group[0].get("format") {
        united.insert("format".into(), format.clone());
    }
    united.insert("enum".into(), Value::Array(values));
    if variants.iter().any(|variant| *variant != json!({})) {
        united.insert(VARIANTS.into(), Value::Array(variants));
    }
    Value::Object(united)
}

/// Removes a type where the only other member lists values of it: its constraints are those of the
/// values that aren't listed.
fn remove_open_type(members: &mut Vec<Value>, schemas: &Map<String, Value>) {
    let [one, other] = members.as_slice() else { return };
    let open_type = |open: &Value, listed: &Value| {
        let target = reference::target(listed).and_then(|name| schemas.get(&name));
        let plain = PlainType::new(open).filter(|_| open.get("enum").is_none())?;
        let kind = plain.schema.get("type")?.as_str()?;
        let bare = plain.schema.keys().all(|key| key == "type" || key == "nullable");
        // A referenced enum of numbers is a plain number, not a type.
        let listed = target.filter(|_| kind == "string").unwrap_or(listed);
        let is_enum = listed.as_object().is_some_and(|map| enum_type(map).is_some());
        (bare && is_enum && listed_values(listed, kind).is_some()).then_some(plain)
    };
    let (plain, listed) = match (open_type(one, other), open_type(other, one)) {
        (Some(plain), _) => (plain, other),
        (None, Some(plain)) => (plain, one),
        (None, None) => return,
    };
    let mut listed = listed.clone();
    if let Some(constraints) = plain.constraints {
        let mut notes = Map::new();
        constraints::note(&mut notes, &format!("other values: {constraints}"));
        listed = annotated(listed, notes, false);
    }
    *members = vec![listed];
}
