//! Exclusive bounds: numbers in OpenAPI 3.1, boolean modifiers of `minimum` and `maximum` in 3.0.

use serde_json::{Map, Value, json};

/// Replaces numeric exclusive bounds by inclusive ones with a modifier.
pub(super) fn lower(schema: &mut Map<String, Value>) {
    exclusive(schema, "exclusiveMinimum", "minimum", |bound, inclusive| bound >= inclusive);
    exclusive(schema, "exclusiveMaximum", "maximum", |bound, inclusive| bound <= inclusive);
}

/// Lowers one bound. If the schema has both an exclusive and an inclusive one, the stricter stays.
fn exclusive(
    schema: &mut Map<String, Value>,
    key: &str,
    inclusive: &str,
    is_stricter: impl Fn(f64, f64) -> bool,
) {
    let Some(bound) = schema.get(key).filter(|value| value.is_number()).cloned() else { return };
    let other = schema.get(inclusive).and_then(Value::as_f64);
    let stricter = match (bound.as_f64(), other) {
        (Some(bound), Some(other)) => is_stricter(bound, other),
        _ => true,
    };
    if stricter {
        schema.insert(inclusive.into(), bound);
        schema.insert(key.into(), json!(true));
    } else {
        schema.shift_remove(key);
    }
}
