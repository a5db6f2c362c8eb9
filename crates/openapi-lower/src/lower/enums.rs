//! Enums and their variants.
//!
//! Strings with `enum` are an enum. Integers and numbers are one if their values are annotated by
//! [`VARIANTS`]; without names for the values, a constraint in the documentation is all that
//! remains of `enum`.

use std::collections::HashSet;

use openapi_document::{
    reference,
    walk::{self, Kind},
};
use serde_json::{Map, Value};

use super::{
    hints::VARIANTS,
    names::{number_variant_name, variant_name},
    published::PublishedNames,
    schema::{integer, text},
};
use crate::{
    collect::Collect,
    ir::{ClientModel, Enum, EnumType, EnumVariant, Object, TypeIndex},
};

/// Collects the enums among the components.
pub(super) fn collect(
    root: &Value,
    model: &ClientModel,
    published: PublishedNames<'_>,
) -> Vec<Enum> {
    let Some(Value::Object(schemas)) = root.pointer("/components/schemas") else {
        return Vec::new();
    };
    let used = referenced_names(root, &model.objects);
    let index = TypeIndex::new(&model.types);
    let mut enums = Vec::new();
    for (name, schema) in schemas {
        let Some(value_type) = schema.as_object().and_then(enum_type) else { continue };
        let mut variants = variants(schema, value_type);
        let wanted =
            variants.iter().map(|one| (one.identity(), one.rust_name.clone())).collect_vec();
        let names = published.variants(index.key(name).unwrap_or(name), &wanted);
        for (variant, name) in variants.iter_mut().zip(names) {
            variant.rust_name = name;
        }
        enums.push(Enum {
            rust: name.clone(),
            description: text(schema, "description"),
            value_type,
            used: variants.len() > 1 || used.contains(name),
            variants,
        });
    }
    enums
}

/// The type of the values of a schema that becomes an enum; `None` for other schemas.
pub(super) fn enum_type(schema: &Map<String, Value>) -> Option<EnumType> {
    let values = schema.get("enum")?.as_array()?;
    let annotations = schema.get(VARIANTS).and_then(Value::as_array);
    let is_annotated = annotations.is_some_and(|list| list.len() == values.len());
    match schema.get("type")?.as_str()? {
        "string" => Some(EnumType::Text),
        "integer" if is_annotated && values.iter().all(|value| integer(value).is_some()) => {
            Some(EnumType::Integer)
        }
        "number" if is_annotated && values.iter().all(Value::is_number) => Some(EnumType::Number),
        _ => None,
    }
}

/// The variants of an enum, one for each distinct value of the right type.
fn variants(schema: &Value, value_type: EnumType) -> Vec<EnumVariant> {
    let values = schema.get("enum").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let annotations = schema.get(VARIANTS).and_then(Value::as_array);
    let annotations = annotations.filter(|list| list.len() == values.len());
    let mut variants: Vec<EnumVariant> = Vec::new();
    let mut listed: HashSet<String> = HashSet::new();
    for (index, value) in values.iter().enumerate() {
        let annotation = |key: &str| {
            let text = text(annotations?.get(index)?, key)?.trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        let title = annotation("title");
        let (value, rust_name) = match (value_type, value) {
            (EnumType::Text, Value::String(text)) => (value.clone(), variant_name(text)),
            (EnumType::Text, _) => continue,
            (EnumType::Integer, value) => {
                let value = Value::from(integer(value));
                (value.clone(), number_variant_name(title.as_deref(), &value))
            }
            (EnumType::Number, value) => {
                (value.clone(), number_variant_name(title.as_deref(), value))
            }
        };
        // `1` and `1.0` are one number.
        let identity = match value_type {
            EnumType::Number => value.as_f64().map(|number| number.to_string()),
            EnumType::Text | EnumType::Integer => None,
        };
        if listed.insert(identity.unwrap_or_else(|| value.to_string())) {
            let description = match (title, annotation("description")) {
                (Some(title), Some(text)) if title != text => Some(format!("{title}\n\n{text}")),
                (title, text) => text.or(title),
            };
            variants.push(EnumVariant { rust_name, value, description });
        }
    }
    variants
}

/// The schemas that are referenced from anywhere but a constant property.
fn referenced_names<'o>(root: &Value, objects: &'o [Object]) -> HashSet<String> {
    let constants = |object: &'o Object| {
        let names: HashSet<&str> = object.constants.iter().map(|one| &*one.name).collect_set();
        (object.rust.as_str(), names)
    };
    let constants = objects.iter().map(constants).collect_map();
    let mut used = HashSet::new();
    walk::nodes(root, &mut |kind, value, at| {
        if kind == Kind::Schema
            && let Some(name) = reference::target(value)
        {
            let pointer = at.pointer();
            let is_constant = match pointer.segments() {
                [_, schemas, owner, _, property, ..] if schemas == "schemas" => {
                    constants.get(owner).is_some_and(|own| own.contains(property.as_str()))
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
