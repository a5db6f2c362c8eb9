//! Bounds that are checked before anything recurses, so that no input can overflow a stack.

use serde_json::Value;

use crate::{
    pointer::Pointer,
    refusal::{Refusal, Refusals},
};

/// How deep a document may nest; the YAML and JSON readers stop at the same depth.
pub const MAX_DEPTH: usize = 128;

/// Refuses a document that nests deeper than [`MAX_DEPTH`]. It doesn't recurse itself.
///
/// # Errors
///
/// If it nests deeper.
pub fn check_depth(root: &Value) -> Result<(), Refusals> {
    let mut pending = vec![(root, 0)];
    while let Some((value, depth)) = pending.pop() {
        if depth > MAX_DEPTH {
            return Err(Refusal::new(
                Pointer::root(),
                "a deeply nested document",
                format!("it nests more than {MAX_DEPTH} levels"),
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
