//! Maps: keywords of OpenAPI 3.1 that become `additionalProperties`.
//!
//! TypeSpec emits `Record<T>` as `unevaluatedProperties: T`. Without an enclosing `allOf` it is the
//! same as `additionalProperties`; within one it describes the properties that no member declares.
//! `patternProperties` becomes a map too, and its patterns are documented.

use openapi_document::walk::Position;
use serde_json::{Map, Value, json};

use super::{super::diagnostics::Diagnostics, keywords::is_never};

use crate::collect::Collect;

/// Replaces `unevaluatedProperties` and `patternProperties` by `additionalProperties`.
pub(super) fn lower(
    schema: &mut Map<String, Value>,
    at: &Position<'_>,
    diagnostics: &mut Diagnostics,
) {
    if schema.get("required").is_some_and(Value::is_boolean) {
        schema.shift_remove("required");
        let message = "a boolean `required` is ignored: it must be a list of property names";
        diagnostics.warn(&at.pointer().join("required"), message);
    }
    let scalar = schema.get("type").and_then(Value::as_str).map(str::to_owned);
    if let Some(scalar) = scalar.filter(|kind| !matches!(kind.as_str(), "object" | "null"))
        && schema.shift_remove("properties").is_some()
    {
        let message = format!("`properties` is ignored: the type is `{scalar}`");
        diagnostics.warn(&at.pointer().join("properties"), message);
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
        let mut values = patterns.values().cloned().collect_vec();
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
