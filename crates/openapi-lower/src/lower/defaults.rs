//! Validates `default`: values that can be filled in when decoding stay, others are documented.
//!
//! typify generates code for a default without validating it, which fails at run time.

use std::collections::HashSet;

use openapi_document::reference;
use openapi_document::walk;
use serde_json::{Map, Value};

use super::{
    constraints, diagnostics::Diagnostics, enums::enum_type, hints::VARIANTS, references,
    schema::canonical,
};
use crate::{collect::Collect, markdown::code, text_map::TextMap};

/// Documents every default, and removes those that can't be filled in. Warns about those that don't
/// match their schema.
pub(super) fn document_defaults(root: &mut Value, diagnostics: &mut Diagnostics) {
    let kinds = validated_keywords(root);
    walk::schemas_mut(root, &mut |schema, at| {
        let Value::Object(map) = schema else { return };
        let Some(default) = map.get("default").cloned() else { return };
        match validate(&default, map, &kinds) {
            DefaultKind::FilledIn => {}
            DefaultKind::Documented => {
                map.shift_remove("default");
            }
            DefaultKind::Invalid => {
                map.shift_remove("default");
                let message =
                    format!("the default {default} does not match the schema and is ignored");
                diagnostics.warn(&at.pointer(), message);
                return;
            }
        }
        if !default.is_null() {
            constraints::note(map, &format!("default {}", code(&default.to_string())));
        }
    });
}

/// The part of a component that defaults are validated against.
struct Validated {
    keywords: Map<String, Value>,
    /// The canonical texts of the values of `enum`.
    values: Option<HashSet<String>>,
}

/// The part of each component that defaults are validated against.
fn validated_keywords(root: &mut Value) -> TextMap<String, Validated> {
    let schemas = references::components_schemas(root);
    let kind = |schema: &Value| {
        let keys = ["type", "format", "enum", VARIANTS].iter();
        Validated {
            keywords: keys
                .filter_map(|key| Some(((*key).to_owned(), schema.get(key)?.clone())))
                .collect(),
            values: listed_values(schema.get("enum")),
        }
    };
    schemas.iter().map(|(name, schema)| (name.clone(), kind(schema))).collect_map()
}

/// The canonical texts of the values of `enum`.
fn listed_values(values: Option<&Value>) -> Option<HashSet<String>> {
    Some(values?.as_array()?.iter().map(canonical).collect_set())
}

/// The treatment of a default.
enum DefaultKind {
    /// It is filled in when decoding.
    FilledIn,
    /// It is documented only.
    Documented,
    /// It doesn't match the schema.
    Invalid,
}

/// Validates a default against a schema, a component that it refers to, and the schemas of items,
/// values and members.
fn validate(
    default: &Value,
    schema: &Map<String, Value>,
    kinds: &TextMap<String, Validated>,
) -> DefaultKind {
    let member = schema.get("allOf").and_then(|members| members.get(0));
    let reference = member.and_then(reference::target);
    let reference = reference.or_else(|| reference::schema_name(schema.get("$ref")?.as_str()?));
    let target = reference.and_then(|name| kinds.get(&name));
    let is_in = |values: &HashSet<String>| values.contains(&canonical(default));
    let is_listed = match target {
        Some(target) => target.values.as_ref().map(is_in),
        None => listed_values(schema.get("enum")).as_ref().map(is_in),
    };
    let kind = classify(default, target.map_or(schema, |target| &target.keywords), is_listed);
    let is_invalid = |value: &Value, schema: &Value| {
        let schema = schema.as_object();
        schema.is_some_and(|schema| matches!(validate(value, schema, kinds), DefaultKind::Invalid))
    };
    let inner = match default {
        Value::Array(items) => schema
            .get("items")
            .is_some_and(|schema| items.iter().any(|item| is_invalid(item, schema))),
        Value::Object(values) => schema
            .get("additionalProperties")
            .filter(|_| !schema.contains_key("properties"))
            .is_some_and(|schema| values.values().any(|value| is_invalid(value, schema))),
        default => ["oneOf", "anyOf"].iter().any(|keyword| {
            let members = schema.get(*keyword).and_then(Value::as_array);
            !default.is_null()
                && members
                    .is_some_and(|members| members.iter().all(|member| is_invalid(default, member)))
        }),
    };
    if inner { DefaultKind::Invalid } else { kind }
}

/// Validates a default against a schema's type and format; `is_listed` tells whether it is among
/// the values of its `enum`, if it has one.
fn classify(default: &Value, schema: &Map<String, Value>, is_listed: Option<bool>) -> DefaultKind {
    if default.is_null() {
        return DefaultKind::Documented;
    }
    if is_listed == Some(false) {
        return DefaultKind::Invalid;
    }
    if enum_type(schema).is_some() {
        // The enum is emitted by this crate: typify can't write its values.
        return DefaultKind::Documented;
    }
    let fits = match schema.get("type").and_then(Value::as_str) {
        Some("string") if schema.contains_key("format") => {
            return if default.is_string() {
                DefaultKind::Documented
            } else {
                DefaultKind::Invalid
            };
        }
        Some("string") => default.is_string(),
        Some("boolean") => default.is_boolean(),
        Some("integer") => in_range(default, schema.get("format").and_then(Value::as_str)),
        Some("number") => {
            let single = schema.get("format").is_some_and(|format| format == "float");
            default.as_f64().is_some_and(|value| !single || (value as f32).is_finite())
        }
        Some("array") if default.is_array() => return DefaultKind::Documented,
        Some("object") if default.is_object() => return DefaultKind::Documented,
        Some(_) => false,
        None => return DefaultKind::Documented,
    };
    if fits { DefaultKind::FilledIn } else { DefaultKind::Invalid }
}

/// Whether the integer type of a format can represent a value.
fn in_range(value: &Value, format: Option<&str>) -> bool {
    if format == Some("uint64") {
        return value.is_u64();
    }
    let Some(value) = value.as_i64() else { return false };
    match format {
        Some("int8") => i8::try_from(value).is_ok(),
        Some("uint8") => u8::try_from(value).is_ok(),
        Some("int16") => i16::try_from(value).is_ok(),
        Some("uint16") => u16::try_from(value).is_ok(),
        Some("int32" | "int") => i32::try_from(value).is_ok(),
        Some("uint32" | "uint") => u32::try_from(value).is_ok(),
        _ => true,
    }
}
