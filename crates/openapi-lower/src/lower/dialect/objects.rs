//! Maps that 3.1 spells in other ways.
//!
//! TypeSpec writes `Record<T>` as `unevaluatedProperties: T`. Without `allOf` around it that says
//! the same as `additionalProperties`, and with it no more than a map can: the properties that no
//! member names. `patternProperties` becomes a map too; the patterns are documented.

use openapi_document::walk::At;
use serde_json::{Map, Value, json};

use super::{super::context::Context, keywords::is_never};

pub(super) fn lower(schema: &mut Map<String, Value>, at: &At<'_>, cx: &mut Context) {
    if schema.get("required").is_some_and(Value::is_boolean) {
        schema.shift_remove("required");
        let message = "`required` is a list of names, beside `properties`; here it says nothing";
        cx.warn(&at.pointer().join("required"), message);
    }
    if let Some(unevaluated) = schema.shift_remove("unevaluatedProperties")
        && !is_never(&unevaluated)
        && !schema.contains_key("additionalProperties")
    {
        schema.insert("additionalProperties".into(), unevaluated);
    }
    if let Some(additional) = schema.get_mut("additionalProperties")
        && is_never(additional)
    {
        *additional = json!(false);
    }
    if let Some(Value::Object(patterns)) = schema.get("patternProperties")
        && schema.get("additionalProperties").is_none_or(|additional| *additional == json!(false))
    {
        let mut values: Vec<_> = patterns.values().cloned().collect();
        values.dedup();
        let value = if values.len() == 1 { values.swap_remove(0) } else { json!({}) };
        schema.insert("additionalProperties".into(), value);
    }
    let is_object =
        ["properties", "additionalProperties"].iter().any(|key| schema.contains_key(*key));
    if is_object && !schema.contains_key("type") {
        schema.insert("type".into(), json!("object"));
    }
}
