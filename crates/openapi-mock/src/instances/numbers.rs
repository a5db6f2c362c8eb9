//! Generation of numbers within their bounds, which are among the candidates.

use rand::{Rng, RngExt, seq::IndexedRandom};
use serde_json::Value;

use super::conjunction::Conjunction;
use crate::validator::integer_range;

/// The distance from zero within which most integers are generated.
const USUAL_DISTANCE: i128 = 1_000_000;
/// The largest integer that all JSON parsers decode exactly (RFC 8259, section 6).
const MAX_EXACT: i128 = (1 << 53) - 1;

/// Generates an integer.
pub(super) fn integer(all: &Conjunction<'_>, random: &mut impl Rng) -> Option<Value> {
    let ranges: Vec<_> = all.texts("format").filter_map(integer_range).collect();
    let minimum = bounds(all, "minimum", "exclusiveMinimum", |bound, exclusive| {
        (bound.floor() as i128).saturating_add(i128::from(exclusive || bound.fract() != 0.0))
    })
    .chain(ranges.iter().map(|(minimum, _)| *minimum))
    .max();
    let maximum = bounds(all, "maximum", "exclusiveMaximum", |bound, exclusive| {
        (bound.ceil() as i128).saturating_sub(i128::from(exclusive || bound.fract() != 0.0))
    })
    .chain(ranges.iter().map(|(_, maximum)| *maximum))
    .min();
    let (low, high) = match (minimum, maximum) {
        (Some(minimum), Some(maximum)) => (minimum, maximum),
        (Some(minimum), None) => (minimum, minimum.saturating_add(USUAL_DISTANCE).max(MAX_EXACT)),
        (None, Some(maximum)) => (maximum.saturating_sub(USUAL_DISTANCE).min(-MAX_EXACT), maximum),
        (None, None) => (-MAX_EXACT, MAX_EXACT),
    };
    if low > high {
        return None;
    }
    let clamped = |value: i128| value.clamp(low, high);
    let usual = random.random_range(clamped(-USUAL_DISTANCE)..=clamped(USUAL_DISTANCE));
    let candidates = [usual, usual, usual, low, high, clamped(0)];
    let mut value = *candidates.choose(random)?;
    for factor in factors(all) {
        let factor = factor as i128;
        if factor > 0 {
            value -= value.rem_euclid(factor);
            if value < low {
                value += factor;
            }
        }
    }
    if value > high {
        return None;
    }
    i64::try_from(value).map(Value::from).or_else(|_| u64::try_from(value).map(Value::from)).ok()
}

/// Generates a number whose fraction is exact in binary.
pub(super) fn number(all: &Conjunction<'_>, random: &mut impl Rng) -> Option<Value> {
    let margin = |exclusive| if exclusive { 0.125 } else { 0.0 };
    let minimum =
        bounds(all, "minimum", "exclusiveMinimum", |bound, exclusive| bound + margin(exclusive))
            .reduce(f64::max);
    let maximum =
        bounds(all, "maximum", "exclusiveMaximum", |bound, exclusive| bound - margin(exclusive))
            .reduce(f64::min);
    let low = minimum.unwrap_or_else(|| maximum.unwrap_or(0.0) - 1_000.0);
    let high = maximum.unwrap_or(low + 2_000.0);
    if low > high {
        return None;
    }
    let mut value = match factors(all).next() {
        Some(factor) => (low / factor).ceil() * factor,
        None => {
            let eighths = random.random_range(0..=((high - low) * 8.0).min(1e9) as u64);
            *[low + eighths as f64 / 8.0, low + eighths as f64 / 8.0, low, high].choose(random)?
        }
    };
    if value == 0.0 {
        value = 0.0; // Not -0.0, which some parsers decode as 0.
    }
    serde_json::Number::from_f64(value).map(Value::Number)
}

/// Returns the values of `multipleOf`.
fn factors(all: &Conjunction<'_>) -> impl Iterator<Item = f64> {
    all.schemas.iter().filter_map(|schema| schema.value.get("multipleOf")?.as_f64())
}

/// Converts the bounds of two keywords; `convert` gets each bound and whether it is exclusive.
fn bounds<T>(
    all: &Conjunction<'_>,
    inclusive: &str,
    exclusive: &str,
    convert: impl Fn(f64, bool) -> T,
) -> impl Iterator<Item = T> {
    let keyword_bounds = |keyword: &str, is_exclusive: bool| -> Vec<T> {
        let numbers = all.schemas.iter().filter_map(|schema| schema.value.get(keyword)?.as_f64());
        numbers.map(|bound| convert(bound, is_exclusive)).collect()
    };
    let mut bounds = keyword_bounds(inclusive, false);
    bounds.extend(keyword_bounds(exclusive, true));
    bounds.into_iter()
}
