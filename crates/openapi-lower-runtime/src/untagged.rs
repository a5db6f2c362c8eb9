//! Unions without a discriminator: the code that is the same for all of them.
//!
//! Generated types are open: an enum accepts any string, an object accepts unknown properties. So
//! the first variant that a value can be deserialized as may be the wrong one. The variant is
//! selected that leaves the fewest parts of the value unknown.

use std::cell::Cell;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

thread_local! {
    /// The number of unknown enum and union values that were deserialized on this thread.
    static UNKNOWN_VALUES: Cell<usize> = const { Cell::new(0) };
    /// The number of variants that may still be tried for the outermost union that is being
    /// deserialized, nested unions included.
    static REMAINING_TRIES: Cell<Option<usize>> = const { Cell::new(None) };
}

/// The maximum number of variants that are tried for one value. After that the first variant that
/// fits is selected: nested unions multiply the tries, and the time must stay bounded.
const MAX_TRIES: usize = 10_000;

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
pub fn deserialize<'de, T: UntaggedUnion, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let is_outermost = REMAINING_TRIES.get().is_none();
    if is_outermost {
        REMAINING_TRIES.set(Some(MAX_TRIES));
    }
    let unknown_before = UNKNOWN_VALUES.get();
    // The best variant, with the number of its unknown parts and of the unknown values among them.
    let mut best: Option<(usize, usize, T)> = None;
    for decode in T::DECODERS {
        UNKNOWN_VALUES.set(unknown_before);
        let tries = REMAINING_TRIES.get().unwrap_or(0);
        REMAINING_TRIES.set(Some(tries.saturating_sub(1)));
        let Some(union) = decode(&value) else { continue };
        let unknown_values = UNKNOWN_VALUES.get() - unknown_before;
        if tries == 0 {
            best = best.or(Some((unknown_values, unknown_values, union)));
            break;
        }
        let encoded = serde_json::to_value(&union).unwrap_or_default();
        let unknown = unknown_values + lost_parts(&value, &encoded);
        if best.as_ref().is_none_or(|(least, ..)| unknown < *least) {
            best = Some((unknown, unknown_values, union));
        }
        if unknown == 0 {
            break;
        }
    }
    UNKNOWN_VALUES.set(unknown_before);
    if is_outermost {
        REMAINING_TRIES.set(None);
    }
    Ok(match best {
        Some((_, unknown_values, union)) => {
            // Without the lost parts, which an enclosing union counts itself.
            UNKNOWN_VALUES.set(unknown_before.saturating_add(unknown_values));
            union
        }
        None => {
            record_unknown_value();
            T::unrecognized(value)
        }
    })
}

/// Counts the properties of `value` that are absent in `encoded`, and the scalars that differ.
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
                        $crate::__codegen_v1::serde::Deserialize::deserialize(value);
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
