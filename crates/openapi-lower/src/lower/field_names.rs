//! Refuses objects of which two properties have the same Rust name.

use std::collections::HashMap;

use openapi_document::walk;
use serde_json::Value;

use super::{diagnostics::Diagnostics, names::value_name};

/// Refuses properties with the same Rust name, such as `agentId` and `agent_id`.
pub(super) fn refuse_clashes(root: &mut Value, diagnostics: &mut Diagnostics) {
    walk::schemas_mut(root, &mut |schema, at| {
        let Some(Value::Object(properties)) = schema.get("properties") else { return };
        let mut taken: HashMap<String, &String> = HashMap::with_capacity(properties.len());
        for name in properties.keys() {
            // Cheaper than the Rust name, and equal wherever the Rust names are.
            let folded = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
            if let Some(other) = taken.insert(folded.collect(), name)
                && value_name(other) == value_name(name)
            {
                let rust_name = value_name(name);
                let reason = format!(
                    "its Rust name `{rust_name}` is also that of property `{other}`; rename one of them"
                );
                let at = at.pointer().join("properties").join(name);
                diagnostics.refuse(&at, format!("property `{name}`"), reason);
            }
        }
    });
}
