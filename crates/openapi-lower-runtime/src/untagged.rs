//! Unions that nothing but their members' shapes tells apart: all that is the same for each.
//!
//! Types here are open: an enum takes any text, an object takes members that it doesn't know. So
//! the first member that a value can be read as need not be the one it is. The value is read as
//! the one that leaves the least of it unknown.

use std::cell::Cell;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

thread_local! {
    /// How many values no enum or union knew, of all that were read on this thread.
    static UNKNOWN: Cell<usize> = const { Cell::new(0) };
    /// How many more members may be tried for the value that is being read, unions in it included.
    static TRIES: Cell<Option<usize>> = const { Cell::new(None) };
}

/// Unions in unions multiply what there is to try. After this many tries the first member that fits
/// is taken, so that no answer takes for ever.
const MOST_TRIES: usize = 10_000;

/// Notes that a value was read that isn't listed.
pub(crate) fn note_unknown() {
    UNKNOWN.set(UNKNOWN.get().saturating_add(1));
}

/// A union.
pub trait UntaggedUnion: Serialize + Sized + 'static {
    /// Reads each member, in the document's order.
    const MEMBERS: &'static [fn(&Value) -> Option<Self>];

    /// What is none of them, as it came.
    fn unrecognized(value: Value) -> Self;
}

/// Reads a union.
pub fn deserialize<'de, T: UntaggedUnion, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let outermost = TRIES.get().is_none();
    if outermost {
        TRIES.set(Some(MOST_TRIES));
    }
    let known = UNKNOWN.get();
    // What isn't known of the best member: in all, and by values that aren't listed.
    let mut best: Option<(usize, usize, T)> = None;
    for read in T::MEMBERS {
        UNKNOWN.set(known);
        let tries = TRIES.get().unwrap_or(0);
        TRIES.set(Some(tries.saturating_sub(1)));
        let Some(member) = read(&value) else { continue };
        let unlisted = UNKNOWN.get() - known;
        if tries == 0 {
            best = best.or(Some((unlisted, unlisted, member)));
            break;
        }
        let again = serde_json::to_value(&member).unwrap_or_default();
        let unknown = unlisted + lost(&value, &again);
        if best.as_ref().is_none_or(|(least, ..)| unknown < *least) {
            best = Some((unknown, unlisted, member));
        }
        if unknown == 0 {
            break;
        }
    }
    UNKNOWN.set(known);
    if outermost {
        TRIES.set(None);
    }
    Ok(match best {
        Some((_, unlisted, member)) => {
            // What a union in this one lost, this one counts itself.
            UNKNOWN.set(known.saturating_add(unlisted));
            member
        }
        None => {
            note_unknown();
            T::unrecognized(value)
        }
    })
}

/// How many members of `value` aren't in `again`, and how many numbers aren't the same.
fn lost(value: &Value, again: &Value) -> usize {
    match (value, again) {
        (Value::Object(value), Value::Object(again)) => value
            .iter()
            .map(|(name, value)| match again.get(name) {
                Some(again) => lost(value, again),
                None if value.is_null() => 0,
                None => 1,
            })
            .sum(),
        (Value::Array(value), Value::Array(again)) => {
            value.iter().zip(again).map(|(value, again)| lost(value, again)).sum()
        }
        // A time may be written in many ways.
        (Value::String(_), Value::String(_)) => 0,
        (Value::Number(value), Value::Number(again)) => {
            let (value, again) = (value.as_f64(), again.as_f64());
            // A field may hold fewer digits.
            let same = value.zip(again).is_some_and(|(value, again)| value as f32 == again as f32);
            usize::from(!same)
        }
        (value, again) => usize::from(value != again),
    }
}

/// Defines a union. What isn't known is `plain` or `secret`.
#[doc(hidden)]
#[macro_export]
macro_rules! __untagged_union {
    ($(#[$meta:meta])* $name:ident $unknown:ident { $($variant:ident($member:ty),)* }) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", stringify!($variant), "`")] $variant($member),)*
            /// A value that is none of what the document listed when this crate was built.
            Unrecognized($crate::__codegen_v1::serde_json::Value),
        }

        $crate::__union_debug!($name $unknown { $($variant)* });

        impl $crate::__codegen_v1::UntaggedUnion for $name {
            const MEMBERS: &'static [fn(&$crate::__codegen_v1::serde_json::Value) -> ::std::option::Option<Self>] = &[
                $(|value| {
                    let member: ::std::result::Result<$member, _> =
                        $crate::__codegen_v1::serde::Deserialize::deserialize(value);
                    member.ok().map(Self::$variant)
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
                    $(Self::$variant(member) => {
                        $crate::__codegen_v1::serde::Serialize::serialize(member, serializer)
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
