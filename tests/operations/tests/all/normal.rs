//! How JSON is compared: date-times are in UTC with as many digits of a second as they need, and
//! numbers are equal if they have the same value. Nothing else is forgiven.

use asteroid_agents::chrono;
use serde_json::{Map, Value};

/// The normal form.
fn normal(value: &Value) -> Value {
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
        Value::Array(items) => items.iter().map(normal).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), normal(value)))
            .collect::<Map<_, _>>()
            .into(),
        _ => value.clone(),
    }
}

/// Where two values differ, for the message.
pub fn difference(sent: &Value, read: &Value, at: &str) -> Option<String> {
    match (sent, read) {
        (Value::Object(left), Value::Object(right)) => {
            let keys = left.keys().chain(right.keys().filter(|key| !left.contains_key(*key)));
            keys.into_iter().find_map(|key| match (left.get(key), right.get(key)) {
                (Some(left), Some(right)) => difference(left, right, &format!("{at}/{key}")),
                (Some(left), None) => Some(format!("{at}/{key}: {left} was lost")),
                (None, Some(right)) => Some(format!("{at}/{key}: {right} came from nowhere")),
                (None, None) => None,
            })
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            let mut pairs = left.iter().zip(right).enumerate();
            pairs.find_map(|(index, (l, r))| difference(l, r, &format!("{at}/{index}")))
        }
        _ => (normal(sent) != normal(read)).then(|| format!("{at}: {sent} became {read}")),
    }
}
