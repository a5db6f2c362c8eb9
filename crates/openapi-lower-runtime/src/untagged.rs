//! Unions without a discriminator: the code that is the same for all of them.
//!
//! Generated types are open: an enum accepts any string, an object accepts unknown properties. So
//! the first variant that a value can be deserialized as may be the wrong one. The variant is
//! selected that leaves the fewest parts of the value unknown.

use std::cell::Cell;

use serde::{Deserializer, Serialize, de::Error};
use serde_json::Value;

use crate::{
    json_tokens,
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

/// A union whose variants differ by their schemas only.
pub trait UntaggedUnion: Serialize + Sized + 'static {
    /// The functions that deserialize each variant, in the order of the document.
    const DECODERS: &'static [fn(&Value) -> Option<Self>];

    /// Returns the variant of a value that matches no documented one.
    fn unrecognized(value: Value) -> Self;
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

/// Defines a union without a discriminator. `Debug` output shows an unrecognized value if it is
/// `plain`, and not if it is `secret`.
#[doc(hidden)]
#[macro_export]
macro_rules! __untagged_union {
    ($(#[$meta:meta])* $name:ident $unknown:ident { $($variant:ident($member:ty),)* }) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("The variant `", stringify!($variant), "`.")] $variant($member),)*
            /// A value that matched no variant of the document when this crate was built. It is
            /// encoded as it was received.
            Unrecognized($crate::__codegen_v1::serde_json::Value),
        }

        $crate::__union_debug!($name $unknown { $($variant)* });

        impl $crate::__codegen_v1::UntaggedUnion for $name {
            const DECODERS: &'static [fn(&$crate::__codegen_v1::serde_json::Value) -> ::std::option::Option<Self>] = &[
                $(|value| {
                    let content: ::std::result::Result<$member, _> =
                        $crate::__codegen_v1::deserialize_any_type(value);
                    content.ok().map(Self::$variant)
                },)*
            ];

            fn unrecognized(value: $crate::__codegen_v1::serde_json::Value) -> Self {
                Self::Unrecognized(value)
            }
        }

        impl $crate::__codegen_v1::serde::Serialize for $name {
            fn serialize<S: $crate::__codegen_v1::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(content) => {
                        $crate::__codegen_v1::serde::Serialize::serialize(content, serializer)
                    })*
                    Self::Unrecognized(value) => {
                        $crate::__codegen_v1::serde::Serialize::serialize(value, serializer)
                    }
                }
            }
        }

        impl<'de> $crate::__codegen_v1::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__codegen_v1::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::__codegen_v1::deserialize_untagged_union(deserializer)
            }
        }
    };
}
