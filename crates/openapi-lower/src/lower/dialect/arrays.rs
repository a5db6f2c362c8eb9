//! Arrays: OpenAPI 3.0 requires `items` and has no `prefixItems`.

use openapi_document::walk::Position;
use serde_json::{Map, Value, json};

use super::keywords::is_never;
use crate::{
    collect::Collect,
    lower::{diagnostics::Diagnostics, schema::distinct},
};

/// Replaces `prefixItems` by `items`, and adds `items` where it is missing.
pub(super) fn lower(
    schema: &mut Map<String, Value>,
    at: &Position<'_>,
    diagnostics: &mut Diagnostics,
) {
    let prefix = match schema.shift_remove("prefixItems") {
        Some(Value::Array(prefix)) => prefix,
        _ => Vec::new(),
    };
    let is_array = schema.get("type").is_some_and(|name| name == "array");
    if prefix.is_empty() && !is_array && !schema.contains_key("items") {
        return;
    }
    if !schema.contains_key("type") {
        schema.insert("type".into(), json!("array"));
    } else if !is_array {
        schema.shift_remove("items");
        return;
    }
    let rest = schema.shift_remove("items");
    let items = match rest {
        // `items: false` closes a tuple.
        Some(rest) if prefix.is_empty() || !is_never(&rest) => Some(rest),
        _ => None,
    };
    let mut schemas = distinct(prefix.into_iter().chain(items).collect_vec());
    if schemas.len() > 1 {
        diagnostics.warn(
            &at.pointer(),
            "`prefixItems` is ignored: the items of a tuple are decoded as any values",
        );
    }
    let items = if schemas.len() == 1 { schemas.swap_remove(0) } else { json!({}) };
    schema.insert("items".into(), items);
}
