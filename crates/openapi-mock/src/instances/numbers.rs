//! Numbers within their bounds, the bounds themselves among them.

use rand::{Rng, RngExt, seq::IndexedRandom};
use serde_json::Value;

use super::conjunction::Conjunction;
use crate::validator::integer_range;

/// How far from zero a number lies that nothing bounds.
const FAR: i128 = 1_000_000;
/// The largest integer that every JSON reader takes exactly (RFC 8259, section 6).
const EXACT: i128 = (1 << 53) - 1;

/// An integer.
pub(super) fn integer(all: &Conjunction<'_>, random: &mut impl Rng) -> Option<Value> {
    let ranges: Vec<_> = all.texts("format").filter_map(integer_range).collect();
    let least = bounds(all, "minimum", "exclusiveMinimum", |b, strict| {
        (b.floor() as i128).saturating_add(i128::from(strict || b.fract() != 0.0))
    })
    .chain(ranges.iter().map(|(least, _)| *least))
    .max();
    let most = bounds(all, "maximum", "exclusiveMaximum", |b, strict| {
        (b.ceil() as i128).saturating_sub(i128::from(strict || b.fract() != 0.0))
    })
    .chain(ranges.iter().map(|(_, most)| *most))
    .min();
    let (low, high) = match (least, most) {
        (Some(least), Some(most)) => (least, most),
        (Some(least), None) => (least, least.saturating_add(FAR).max(EXACT)),
        (None, Some(most)) => (most.saturating_sub(FAR).min(-EXACT), most),
        (None, None) => (-EXACT, EXACT),
    };
    if low > high {
        return None;
    }
    let near = |value: i128| value.clamp(low, high);
    let usual = random.random_range(near(-FAR)..=near(FAR));
    let candidates = [usual, usual, usual, low, high, near(0)];
    let mut value = *candidates.choose(random)?;
    for step in factors(all) {
        let step = step as i128;
        if step > 0 {
            value -= value.rem_euclid(step);
            if value < low {
                value += step;
            }
        }
    }
    if value > high {
        return None;
    }
    i64::try_from(value).map(Value::from).or_else(|_| u64::try_from(value).map(Value::from)).ok()
}

/// A number, with a fraction that binary has exactly.
pub(super) fn number(all: &Conjunction<'_>, random: &mut impl Rng) -> Option<Value> {
    let eighth = |strict| if strict { 0.125 } else { 0.0 };
    let least =
        bounds(all, "minimum", "exclusiveMinimum", |b, strict| b + eighth(strict)).reduce(f64::max);
    let most =
        bounds(all, "maximum", "exclusiveMaximum", |b, strict| b - eighth(strict)).reduce(f64::min);
    let low = least.unwrap_or_else(|| most.unwrap_or(0.0) - 1_000.0);
    let high = most.unwrap_or(low + 2_000.0);
    if low > high {
        return None;
    }
    let mut value = match factors(all).next() {
        Some(step) => (low / step).ceil() * step,
        None => {
            let eighths = random.random_range(0..=((high - low) * 8.0).min(1e9) as u64);
            *[low + eighths as f64 / 8.0, low + eighths as f64 / 8.0, low, high].choose(random)?
        }
    };
    if value == 0.0 {
        value = 0.0; // No negative zero: not every reader keeps it.
    }
    serde_json::Number::from_f64(value).map(Value::Number)
}

fn factors(all: &Conjunction<'_>) -> impl Iterator<Item = f64> {
    all.parts.iter().filter_map(|part| part.value.get("multipleOf")?.as_f64())
}

/// The bounds of both keywords; the function is told whether a bound is itself excluded.
fn bounds<T>(
    all: &Conjunction<'_>,
    inclusive: &str,
    exclusive: &str,
    read: impl Fn(f64, bool) -> T,
) -> impl Iterator<Item = T> {
    let of = |keyword: &str, strict: bool| -> Vec<T> {
        let numbers = all.parts.iter().filter_map(|part| part.value.get(keyword)?.as_f64());
        numbers.map(|bound| read(bound, strict)).collect()
    };
    let mut found = of(inclusive, false);
    found.extend(of(exclusive, true));
    found.into_iter()
}
