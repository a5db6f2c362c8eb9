//! Strings with encoded content: `contentEncoding` and `contentMediaType` in OpenAPI 3.1, the
//! formats `byte` and `binary` in 3.0 (OpenAPI 3.1, section 4.7.14.2).

use serde_json::{Map, Value, json};

/// Replaces the content keywords by a `format`.
pub(super) fn lower(schema: &mut Map<String, Value>) {
    let encoding = schema.shift_remove("contentEncoding");
    let media_type = schema.shift_remove("contentMediaType");
    let content = schema.shift_remove("contentSchema");
    if schema.contains_key("format") {
        return;
    }
    let format = match (encoding.as_ref().and_then(Value::as_str), media_type) {
        (Some("base64" | "base64url"), _) => "byte",
        (None, Some(_)) if content.is_none() => "binary",
        _ => return,
    };
    let kind = schema.entry("type").or_insert_with(|| json!("string"));
    if *kind == "string" {
        schema.insert("format".into(), json!(format));
    }
}
