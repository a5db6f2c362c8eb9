//! String enums: their variants, and which of them are open.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{
    names::{type_name, unique},
    references,
};
use crate::kept::StringEnum;

/// The variant of values that an open enum doesn't list.
const UNRECOGNIZED: &str = "Unrecognized";

pub(super) fn collect(root: &Value) -> Vec<StringEnum> {
    let Some(Value::Object(schemas)) = root.pointer("/components/schemas") else {
        return Vec::new();
    };
    let tags = tags(schemas);
    let mut enums = Vec::new();
    for (name, schema) in schemas {
        let Some(values) = string_values(schema) else { continue };
        let mut taken: HashSet<String> = [UNRECOGNIZED.to_owned()].into();
        let variant = |value: String| (unique(&variant_name(&value), &mut taken), value);
        enums.push(StringEnum {
            rust: name.clone(),
            description: schema.get("description").and_then(Value::as_str).map(str::to_owned),
            open: !tags.contains(name),
            variants: values.into_iter().map(variant).collect(),
        });
    }
    enums
}

fn string_values(schema: &Value) -> Option<Vec<String>> {
    if schema.get("type")? != "string" {
        return None;
    }
    let values = schema.get("enum")?.as_array()?.iter();
    let mut listed: Vec<String> = Vec::new();
    for value in values.filter_map(Value::as_str) {
        if !listed.iter().any(|other| other == value) {
            listed.push(value.to_owned());
        }
    }
    Some(listed)
}

/// Enums of one value that are a property of a union's member: they tell the members apart.
fn tags(schemas: &Map<String, Value>) -> HashSet<String> {
    let mut tags = HashSet::new();
    for schema in schemas.values() {
        for member in
            ["oneOf", "anyOf"].iter().filter_map(|key| schema.get(key)?.as_array()).flatten()
        {
            let member = references::target(member).and_then(|name| schemas.get(&name));
            let properties = member.and_then(|member| member.get("properties")?.as_object());
            for property in properties.into_iter().flat_map(Map::values) {
                let wrapped = property.pointer("/allOf/0").unwrap_or(property);
                let Some(name) = references::target(wrapped) else { continue };
                let values = schemas.get(&name).and_then(|schema| schema.get("enum")?.as_array());
                if values.is_some_and(|values| values.len() == 1) {
                    tags.insert(name);
                }
            }
        }
    }
    tags
}

/// The name of a value's variant. Signs in front are spelled (`-name` sorts the other way round),
/// nothing is `Empty`, and what has no letter or digit is told by its code points.
fn variant_name(value: &str) -> String {
    let (sign, rest) = match value.chars().next() {
        Some('-') => ("Minus ", &value[1..]),
        Some('+') => ("Plus ", &value[1..]),
        _ => ("", value),
    };
    if value.is_empty() {
        "Empty".to_owned()
    } else if rest.chars().any(char::is_alphanumeric) {
        type_name(&format!("{sign}{rest}"))
    } else {
        value.chars().map(|c| format!("U{:X}", u32::from(c))).collect()
    }
}
