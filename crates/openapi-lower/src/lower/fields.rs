//! Properties become fields of one struct, so their Rust names must differ.

use std::collections::HashMap;

use openapi_document::walk;
use serde_json::Value;

use super::{context::Context, names::value_name};

/// Refuses properties whose names differ only in what Rust can't say.
pub(super) fn check(root: &mut Value, cx: &mut Context) {
    walk::schemas_mut(root, &mut |schema, at| {
        let Some(Value::Object(properties)) = schema.get("properties") else { return };
        let mut taken: HashMap<String, &String> = HashMap::with_capacity(properties.len());
        for name in properties.keys() {
            // Cheaper than the Rust name, and equal wherever that is.
            let folded = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
            if let Some(other) = taken.insert(folded.collect(), name)
                && value_name(other) == value_name(name)
            {
                let reason = format!("it has the Rust name of `{other}`; rename one of them");
                let at = at.pointer().join("properties").join(name);
                cx.refuse(&at, format!("property `{name}`"), reason);
            }
        }
    });
}
