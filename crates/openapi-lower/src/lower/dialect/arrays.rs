//! Arrays: 3.0 wants `items`, and has no word for tuples.

use openapi_document::walk::At;
use serde_json::{Map, Value, json};

use super::keywords::is_never;
use crate::lower::context::Context;

pub(super) fn lower(schema: &mut Map<String, Value>, at: &At<'_>, cx: &mut Context) {
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
    let mut kinds: Vec<Value> = Vec::new();
    for kind in prefix.iter().cloned().chain(items) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if kinds.len() > 1 {
        cx.warn(&at.pointer(), "a tuple is read as a list of any values");
    }
    let items = if kinds.len() == 1 { kinds.swap_remove(0) } else { json!({}) };
    schema.insert("items".into(), items);
}
