//! Constraints: which keywords are constraints, and which of two values is stricter.

use serde_json::Value;

/// Whether a keyword restricts the values of a type (JSON Schema 2020-12, validation).
pub(crate) fn is_constraint(keyword: &str) -> bool {
    matches!(
        keyword,
        "pattern"
            | "minLength"
            | "maxLength"
            | "minimum"
            | "maximum"
            | "multipleOf"
            | "minItems"
            | "maxItems"
            | "uniqueItems"
            | "minProperties"
            | "maxProperties"
    )
}

/// Whether the new value forbids something that the old one allowed.
///
/// True if that is undecidable, as for two patterns. Bounds are normalized as by
/// [`Keywords`](crate::keywords::Keywords).
pub(crate) fn is_tightened(keyword: &str, old: Option<&Value>, new: Option<&Value>) -> bool {
    let (Some(old), Some(new)) = (old, new) else { return new.is_some() };
    let number = |value: &Value| value.get("exclusive").unwrap_or(value).as_f64();
    let (Some(old_number), Some(new_number)) = (number(old), number(new)) else { return true };
    let is_exclusive = |value: &Value| value.get("exclusive").is_some();
    match keyword {
        "multipleOf" => {
            // A divisor of the old value allows the same numbers and more. Decimals aren't exact.
            let quotient = old_number / new_number;
            (quotient - quotient.round()).abs() > 1e-9
        }
        _ if old_number == new_number => is_exclusive(new) && !is_exclusive(old),
        keyword if is_lower_bound(keyword) => new_number > old_number,
        _ => new_number < old_number,
    }
}

fn is_lower_bound(keyword: &str) -> bool {
    matches!(keyword, "minLength" | "minimum" | "minItems" | "minProperties")
}
