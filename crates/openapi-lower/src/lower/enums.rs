//! String enums and their variants.

use std::collections::HashSet;

use openapi_document::{
    reference,
    walk::{self, Kind},
};
use serde_json::Value;

use super::{names::variant_name, published::PublishedNames, schema::text};
use crate::ir::{ClientModel, Object, StringEnum, TypeName};

/// Collects the string enums among the components.
pub(super) fn collect(
    root: &Value,
    model: &ClientModel,
    published: PublishedNames<'_>,
) -> Vec<StringEnum> {
    let Some(Value::Object(schemas)) = root.pointer("/components/schemas") else {
        return Vec::new();
    };
    let used = referenced_names(root, &model.objects);
    let keys = TypeName::keys(&model.types);
    let mut enums = Vec::new();
    for (name, schema) in schemas {
        let Some(values) = string_values(schema) else { continue };
        let wanted: Vec<_> =
            values.iter().map(|value| (value.clone(), variant_name(value))).collect();
        let names = published.variants(keys.get(name.as_str()).unwrap_or(&name.as_str()), &wanted);
        enums.push(StringEnum {
            rust: name.clone(),
            description: text(schema, "description"),
            used: values.len() > 1 || used.contains(name),
            variants: names.into_iter().zip(values).collect(),
        });
    }
    enums
}

/// The distinct values of a string enum; `None` for other schemas.
fn string_values(schema: &Value) -> Option<Vec<String>> {
    if schema.get("type")? != "string" {
        return None;
    }
    let values = schema.get("enum")?.as_array()?.iter().filter_map(Value::as_str);
    let mut listed = HashSet::new();
    Some(values.filter(|value| listed.insert(*value)).map(str::to_owned).collect())
}

/// The schemas that are referenced from anywhere but a constant property.
fn referenced_names(root: &Value, objects: &[Object]) -> HashSet<String> {
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
