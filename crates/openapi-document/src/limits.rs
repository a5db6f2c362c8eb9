//! Nesting limit, checked before any recursion so that no input can overflow a stack.

use serde_json::Value;

use crate::{
    pointer::Pointer,
    refusal::{Refusal, Refusals},
};

/// The maximum nesting depth of a document; the YAML and JSON parsers have the same limit.
pub const MAX_DEPTH: usize = 128;

/// Checks the nesting depth of a JSON value, without recursion.
///
/// # Errors
///
/// If it is nested deeper than [`MAX_DEPTH`].
pub fn check_depth(root: &Value) -> Result<(), Refusals> {
    let mut pending = vec![(root, 0)];
    while let Some((value, depth)) = pending.pop() {
        if depth > MAX_DEPTH {
            return Err(Refusal::new(
                Pointer::root(),
                "a deeply nested document",
                format!("nested deeper than {MAX_DEPTH} levels"),
            )
            .into());
        }
        match value {
            Value::Object(map) => pending.extend(map.values().map(|value| (value, depth + 1))),
            Value::Array(items) => pending.extend(items.iter().map(|value| (value, depth + 1))),
            _ => {}
        }
    }
    Ok(())
}
