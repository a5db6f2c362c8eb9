//! String enums and their variants.

use std::collections::HashSet;

use openapi_document::{
    reference,
    walk::{self, Kind},
};
use serde_json::Value;

use super::{
    names::{unique, variant_name},
    schema::text,
};
use crate::kept::{Object, StringEnum};

/// The variant of values that an enum doesn't list.
const UNRECOGNIZED: &str = "Unrecognized";

/// Collects the string enums.
pub(super) fn collect(root: &Value, objects: &[Object]) -> Vec<StringEnum> {
    let Some(Value::Object(schemas)) = root.pointer("/components/schemas") else {
        return Vec::new();
    };
    let used = used(root, objects);
    let mut enums = Vec::new();
    for (name, schema) in schemas {
        let Some(values) = string_values(schema) else { continue };
        let mut taken: HashSet<String> = [UNRECOGNIZED.to_owned()].into();
        let variant = |value: String| (unique(&variant_name(&value), &mut taken), value);
        enums.push(StringEnum {
            rust: name.clone(),
            description: text(schema, "description"),
            used: values.len() > 1 || used.contains(name),
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

/// The schemas that something refers to, constants aside.
fn used(root: &Value, objects: &[Object]) -> HashSet<String> {
    let constants: HashSet<(&str, &str)> = objects
        .iter()
        .flat_map(|object| object.constants.iter().map(|one| (&*object.rust, &*one.name)))
        .collect();
    let mut used = HashSet::new();
    walk::nodes(root, &mut |kind, value, at| {
        if kind == Kind::Schema
            && let Some(name) = reference::target(value)
        {
            let pointer = at.pointer();
            let is_constant = match pointer.segments() {
                [_, schemas, owner, _, property, ..] if schemas == "schemas" => {
                    constants.contains(&(owner.as_str(), property.as_str()))
                }
                _ => false,
            };
            if !is_constant {
                used.insert(name);
            }
        }
    });
    used
}
