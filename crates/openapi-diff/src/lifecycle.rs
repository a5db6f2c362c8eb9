//! Comparison of extensions that announce the end or the stability of an operation: `x-sunset` and
//! `x-stability-level`, as oasdiff and others read them.

use serde_json::Value;

use crate::{operation::Operation, operation_pair::OperationPair, rules as r};

/// The stability levels, the least stable first.
const LEVELS: [&str; 4] = ["draft", "alpha", "beta", "stable"];

/// Compares the dates on which both operations end, and their stability levels.
pub(crate) fn compare(pair: &mut OperationPair) {
    let (old, new) = (pair.old, pair.new);
    let sunset = |operation: &Operation| extension(operation, "x-sunset");
    let values = (sunset(old), sunset(new));
    if values.0 != values.1 {
        let message = match (&values.0, &values.1) {
            (None, Some(date)) => format!("operation ends on {date}"),
            (Some(old), Some(new)) => format!("end of the operation moved from {old} to {new}"),
            _ => "operation no longer has a date on which it ends".to_owned(),
        };
        let rule = if values.1.is_some() { r::SUNSET_CHANGED } else { r::SUNSET_REMOVED };
        pair.record(rule, "x-sunset", message, values);
    }
    // OpenAPI has no levels: an operation without one is stable.
    let level = |operation: &Operation| {
        extension(operation, "x-stability-level").unwrap_or_else(|| "stable".to_owned())
    };
    let (old_level, new_level) = (level(old), level(new));
    if old_level != new_level {
        let rank = |level: &str| LEVELS.iter().position(|one| *one == level);
        let rule = match rank(&new_level) >= rank(&old_level) && rank(&new_level).is_some() {
            true => r::STABILITY_INCREASED,
            false => r::STABILITY_DECREASED,
        };
        let values = (old_level, new_level);
        pair.record_changed(rule, "x-stability-level", "stability level", values);
    }
}

fn extension(operation: &Operation, keyword: &str) -> Option<String> {
    match operation.value.get(keyword)? {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}
