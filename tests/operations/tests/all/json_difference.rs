//! Comparison of JSON values. Date-times are equal if they are the same instant, numbers if they
//! have the same value; everything else has to be identical.

use asteroid_agents::chrono;
use serde_json::{Map, Value};

/// Normalizes date-times and numbers.
fn normalize(value: &Value) -> Value {
    match value {
        Value::String(text) => match chrono::DateTime::parse_from_rfc3339(text) {
            Ok(time) => time.to_utc().to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true).into(),
            Err(_) => value.clone(),
        },
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => {
                (float as i64).into()
            }
            _ => value.clone(),
        },
        Value::Array(items) => items.iter().map(normalize).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), normalize(value)))
            .collect::<Map<_, _>>()
            .into(),
        _ => value.clone(),
    }
}

/// Returns a description of the first difference between two values; `pointer` is where they are.
pub fn difference(sent: &Value, received: &Value, pointer: &str) -> Option<String> {
    match (sent, received) {
        (Value::Object(left), Value::Object(right)) => {
            let keys = left.keys().chain(right.keys().filter(|key| !left.contains_key(*key)));
            keys.into_iter().find_map(|key| match (left.get(key), right.get(key)) {
                (Some(left), Some(right)) => difference(left, right, &format!("{pointer}/{key}")),
                (Some(left), None) => Some(format!("{pointer}/{key}: removed {left}")),
                (None, Some(right)) => Some(format!("{pointer}/{key}: added {right}")),
                (None, None) => None,
            })
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            let mut pairs = left.iter().zip(right).enumerate();
            pairs.find_map(|(index, (l, r))| difference(l, r, &format!("{pointer}/{index}")))
        }
        _ => (normalize(sent) != normalize(received))
            .then(|| format!("{pointer}: {sent} became {received}")),
    }
}
