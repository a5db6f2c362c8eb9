//! Unions without a discriminator: the code that is the same for all of them.
//!
//! Generated types are open: an enum accepts any string, an object accepts unknown properties. So
//! the first variant that a value can be deserialized as may be the wrong one. The variant is
//! selected that leaves the fewest parts of the value unknown.

use std::cell::Cell;

use serde::{
    Deserializer, Serialize,
    de::{DeserializeOwned, Error},
};
use serde_json::Value;

#[cfg(debug_assertions)]
use crate::erased::{ErasedDeserializer, Held};
use crate::{
    date_time, json_tokens,
    limits::{self, Exceeded, LimitGuard, VALUE_COST},
    unknown,
};

thread_local! {
    /// The number of unknown enum and union values that were deserialized on this thread.
    static UNKNOWN_VALUES: Cell<usize> = const { Cell::new(0) };
}

/// Counts a value that no enum or union lists.
pub(crate) fn record_unknown_value() {
    UNKNOWN_VALUES.set(UNKNOWN_VALUES.get().saturating_add(1));
}

/// Uncounts a value that was recorded, but isn't part of the result.
pub(crate) fn forget_unknown_value() {
    UNKNOWN_VALUES.set(UNKNOWN_VALUES.get().saturating_sub(1));
}

/// A union whose variants differ by their schemas only.
pub trait UntaggedUnion: Serialize + Sized + 'static {
    /// The functions that deserialize each variant, in the order of the document.
    const DECODERS: &'static [fn(&Value) -> Option<Self>];

    /// Returns the variant of a value that matches no documented one.
    fn unrecognized(value: Value) -> Self;
}

/// Deserializes the value of a variant; `None` if it doesn't fit.
pub fn decode_variant<T: DeserializeOwned + 'static, U>(
    value: &Value,
    variant: fn(T) -> U,
) -> Option<U> {
    #[cfg(debug_assertions)]
    let mut value = Held::new(value);
    #[cfg(debug_assertions)]
    let value = ErasedDeserializer::new(&mut value);
    date_time::deserialize_any_type::<T, _>(value).ok().map(variant)
}

/// Deserializes a union.
///
/// The number of values that are examined is limited, since nested unions multiply it: beyond the
/// limit, a value is unrecognized.
pub fn deserialize<'de, T: UntaggedUnion, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let _guard = LimitGuard::for_union();
    let buffered = limits::buffered();
    let value = unknown::deserialize_buffered(deserializer)?;
    let union = select(value).map_err(D::Error::custom);
    limits::release_buffer(buffered);
    union
}

/// Selects the variant that leaves the fewest parts of a value unknown.
fn select<T: UntaggedUnion>(value: Value) -> Result<T, Exceeded> {
    let before = UnknownCounts::now();
    // A value is copied, decoded, encoded and compared.
    let cost = 3 * unknown::size(&value) / VALUE_COST;
    let _depth = limits::enter_union(cost);
    let mut selection = Selection { best: None, is_complete: true };
    selection.add_candidates(&value, cost, before)?;
    // `5.0` is an integer too (JSON Schema 2020-12, Validation, section 6.1.1).
    if selection.is_complete
        && selection.best.as_ref().is_none_or(|best| best.unknown > 0)
        && let Some(value) = json_tokens::value_with_integers(&value)
    {
        selection.add_candidates(&value, cost, before)?;
    }
    // A variant that isn't compared with the others may lose data.
    match selection.best.filter(|_| selection.is_complete) {
        Some(best) => {
            best.counts.set();
            Ok(best.union)
        }
        None => {
            before.set();
            limits::charge_unknown(unknown::size(&value))?;
            record_unknown_value();
            Ok(T::unrecognized(value))
        }
    }
}

/// The numbers of unknown values and of their bytes on this thread.
#[derive(Clone, Copy)]
struct UnknownCounts {
    values: usize,
    bytes: usize,
}

impl UnknownCounts {
    fn now() -> Self {
        Self { values: UNKNOWN_VALUES.get(), bytes: limits::unknown() }
    }

    fn set(self) {
        UNKNOWN_VALUES.set(self.values);
        limits::reset_unknown(self.bytes);
    }
}

/// A variant that fits a value.
struct Candidate<T> {
    union: T,
    /// The number of its unknown parts: values that aren't listed, and properties that are lost.
    unknown: usize,
    /// The counts with this variant, without the lost parts, which an enclosing union counts
    /// itself.
    counts: UnknownCounts,
}

/// The selection of a variant.
struct Selection<T> {
    best: Option<Candidate<T>>,
    /// Whether the limit of effort allowed to compare all variants.
    is_complete: bool,
}

impl<T: UntaggedUnion> Selection<T> {
    /// Compares the variants that fit a value.
    fn add_candidates(
        &mut self,
        value: &Value,
        cost: usize,
        before: UnknownCounts,
    ) -> Result<(), Exceeded> {
        for decode in T::DECODERS {
            if !limits::charge_effort(cost)? {
                self.is_complete = false;
                break;
            }
            before.set();
            let Some(union) = decode(value) else { continue };
            let counts = UnknownCounts::now();
            let encoded = serde_json::to_value(&union).unwrap_or_default();
            let unknown = counts.values - before.values + lost_parts(value, &encoded);
            if self.best.as_ref().is_none_or(|best| unknown < best.unknown) {
                self.best = Some(Candidate { union, unknown, counts });
            }
            if unknown == 0 {
                break;
            }
        }
        Ok(())
    }
}

/// Counts the properties of `value` that are absent in `encoded`, and the scalars that differ,
/// except strings, since a date-time has several texts. Absent nulls don't count.
fn lost_parts(value: &Value, encoded: &Value) -> usize {
    match (value, encoded) {
        (Value::Object(value), Value::Object(encoded)) => value
            .iter()
            .map(|(name, value)| match encoded.get(name) {
                Some(encoded) => lost_parts(value, encoded),
                None if value.is_null() => 0,
                None => 1,
            })
            .sum(),
        (Value::Array(value), Value::Array(encoded)) => {
            value.iter().zip(encoded).map(|(value, encoded)| lost_parts(value, encoded)).sum()
        }
        // A date-time has many representations.
        (Value::String(_), Value::String(_)) => 0,
        (Value::Number(value), Value::Number(encoded)) => {
            // Compared as f32, which a field may be.
            let pair = value.as_f64().zip(encoded.as_f64());
            let is_equal = pair.is_some_and(|(value, encoded)| value as f32 == encoded as f32);
            usize::from(!is_equal)
        }
        (value, encoded) => usize::from(value != encoded),
    }
}
