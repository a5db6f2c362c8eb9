//! Defaults that can be filled in on reading are model; the others are documented.
//!
//! typify writes a default into the code without asking whether it fits, to fail at run time.

use std::collections::HashMap;

use openapi_document::reference;
use openapi_document::walk;
use serde_json::{Map, Value};

use super::{constraints, context::Context, references};

pub(super) fn check(root: &mut Value, cx: &mut Context) {
    let kinds = kinds(root);
    walk::schemas_mut(root, &mut |schema, at| {
        let Value::Object(map) = schema else { return };
        let Some(default) = map.get("default").cloned() else { return };
        let member = map.get("allOf").and_then(Value::as_array).and_then(|members| members.first());
        let target = member.and_then(reference::target).and_then(|name| kinds.get(&name));
        match fit(&default, target.unwrap_or(map)) {
            Fit::ClientModel => {}
            Fit::Documented => {
                map.shift_remove("default");
            }
            Fit::Wrong => {
                map.shift_remove("default");
                let message =
                    format!("the default {default} doesn't fit the schema and is left out");
                cx.warn(&at.pointer(), message);
                return;
            }
        }
        if !default.is_null() {
            constraints::note(map, &format!("default `{default}`"));
        }
    });
}

/// What a default must fit, of each component.
fn kinds(root: &mut Value) -> HashMap<String, Map<String, Value>> {
    let schemas = references::components_schemas(root);
    let kind = |schema: &Value| {
        let keys = ["type", "format", "enum"].iter();
        keys.filter_map(|key| Some(((*key).to_owned(), schema.get(key)?.clone()))).collect()
    };
    schemas.iter().map(|(name, schema)| (name.clone(), kind(schema))).collect()
}

enum Fit {
    ClientModel,
    /// It says what absence means, but isn't filled in.
    Documented,
    Wrong,
}

fn fit(default: &Value, schema: &Map<String, Value>) -> Fit {
    if default.is_null() {
        return Fit::Documented;
    }
    if let Some(Value::Array(values)) = schema.get("enum")
        && !values.contains(default)
    {
        return Fit::Wrong;
    }
    if schema.contains_key("enum") && default.is_string() {
        // The enum's type is emitted, and typify can't write its values.
        return Fit::Documented;
    }
    let fits = match schema.get("type").and_then(Value::as_str) {
        Some("string") if schema.contains_key("format") => {
            return if default.is_string() { Fit::Documented } else { Fit::Wrong };
        }
        Some("string") => default.is_string(),
        Some("boolean") => default.is_boolean(),
        Some("integer") => default
            .as_i64()
            .is_some_and(|value| in_range(value, schema.get("format").and_then(Value::as_str))),
        Some("number") => {
            let single = schema.get("format").is_some_and(|format| format == "float");
            default.as_f64().is_some_and(|value| !single || (value as f32).is_finite())
        }
        Some("array") if default.is_array() => return Fit::Documented,
        Some("object") if default.is_object() => return Fit::Documented,
        Some(_) => false,
        None => return Fit::Documented,
    };
    if fits { Fit::ClientModel } else { Fit::Wrong }
}

/// Whether an integer's type holds a value.
fn in_range(value: i64, format: Option<&str>) -> bool {
    match format {
        Some("int8") => i8::try_from(value).is_ok(),
        Some("uint8") => u8::try_from(value).is_ok(),
        Some("int16") => i16::try_from(value).is_ok(),
        Some("uint16") => u16::try_from(value).is_ok(),
        Some("int32" | "int") => i32::try_from(value).is_ok(),
        Some("uint32" | "uint") => u32::try_from(value).is_ok(),
        Some("uint64") => value >= 0,
        _ => true,
    }
}
