//! Constraints: which of two is the tighter one.

use std::cmp::Ordering;

use serde_json::Value;

/// Whether a keyword says which values of a type are allowed (JSON Schema 2020-12, validation).
pub(super) fn is_constraint(keyword: &str) -> bool {
    matches!(
        keyword,
        "pattern"
            | "minLength"
            | "maxLength"
            | "minimum"
            | "maximum"
            | "exclusiveMinimum"
            | "exclusiveMaximum"
            | "multipleOf"
            | "minItems"
            | "maxItems"
            | "uniqueItems"
            | "minProperties"
            | "maxProperties"
    )
}

/// Whether the new value forbids something that the old one allowed. What can't be told, a
/// pattern against another, counts as tighter.
pub(super) fn is_tightened(keyword: &str, old: Option<&Value>, new: Option<&Value>) -> bool {
    let (Some(old), Some(new)) = (old, new) else { return new.is_some() };
    let order = match (old.as_f64(), new.as_f64()) {
        (Some(old), Some(new)) => new.partial_cmp(&old),
        _ => None,
    };
    match (keyword, order) {
        ("multipleOf", Some(_)) => {
            // A divisor of the old one allows all that it did.
            let (old, new) = (old.as_f64().unwrap_or(1.0), new.as_f64().unwrap_or(1.0));
            (old / new).fract() != 0.0
        }
        (keyword, Some(order)) if is_lower_bound(keyword) => order == Ordering::Greater,
        (_, Some(order)) => order == Ordering::Less,
        (_, None) => true,
    }
}

fn is_lower_bound(keyword: &str) -> bool {
    matches!(keyword, "minLength" | "minimum" | "exclusiveMinimum" | "minItems" | "minProperties")
}
