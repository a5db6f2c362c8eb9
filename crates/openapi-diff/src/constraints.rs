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

/// The comparison of the new value of a constraint with the old one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConstraintChange {
    /// Every value that was allowed is still allowed.
    Loosened,
    /// Some values that were allowed no longer are.
    Tightened,
    /// Neither of two patterns can be shown to include the other.
    Unknown,
}

/// Compares two values of a constraint.
///
/// `compare_patterns` tells whether the second pattern includes the first, and the reverse.
/// Bounds are normalized as by [`Keywords`](crate::keywords::Keywords).
pub(crate) fn compare_constraint(
    keyword: &str,
    old: Option<&Value>,
    new: Option<&Value>,
    compare_patterns: impl FnOnce(&str, &str) -> (bool, bool),
) -> ConstraintChange {
    use ConstraintChange::{Loosened, Tightened, Unknown};
    match (old, new) {
        (_, None) => Loosened,
        (None, Some(_)) => Tightened,
        (Some(Value::String(old)), Some(Value::String(new))) => match compare_patterns(old, new) {
            (true, _) => Loosened,
            (false, true) => Tightened,
            (false, false) => Unknown,
        },
        (Some(old), Some(new)) => match is_number_tightened(keyword, old, new) {
            true => Tightened,
            false => Loosened,
        },
    }
}

/// Whether the new value may forbid something that the old one allowed. Two patterns are only equal
/// or not: of two unions, each member would be compared with each.
pub(crate) fn is_tightened(keyword: &str, old: Option<&Value>, new: Option<&Value>) -> bool {
    let change = compare_constraint(keyword, old, new, |old, new| (old == new, false));
    change != ConstraintChange::Loosened
}

fn is_number_tightened(keyword: &str, old: &Value, new: &Value) -> bool {
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
