//! Constraints: which of two is the tighter one.

use serde_json::Value;

/// Whether a keyword says which values of a type are allowed (JSON Schema 2020-12, validation).
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

/// Whether the new value forbids something that the old one allowed. What can't be told, a
/// pattern against another, counts as tighter. Bounds are as `facets` writes them.
pub(crate) fn is_tightened(keyword: &str, old: Option<&Value>, new: Option<&Value>) -> bool {
    let (Some(old), Some(new)) = (old, new) else { return new.is_some() };
    let number = |value: &Value| value.get("exclusive").unwrap_or(value).as_f64();
    let (Some(was), Some(is)) = (number(old), number(new)) else { return true };
    let excludes = |value: &Value| value.get("exclusive").is_some();
    match keyword {
        "multipleOf" => {
            // A divisor of the old one allows all that it did; decimals aren't exact.
            let times = was / is;
            (times - times.round()).abs() > 1e-9
        }
        _ if was == is => excludes(new) && !excludes(old),
        keyword if is_lower_bound(keyword) => is > was,
        _ => is < was,
    }
}

fn is_lower_bound(keyword: &str) -> bool {
    matches!(keyword, "minLength" | "minimum" | "minItems" | "minProperties")
}
