//! Unions with a discriminator, whose value (the tag) selects the variant: the code that is the
//! same for all of them.
//!
//! Properties before the tag are buffered until the tag is known. Properties after it are
//! deserialized directly from the input. So nothing is buffered if the tag is the first property.
//!
//! As with objects, each union is compiled for one format in builds without optimization.

mod buffer;
#[cfg(not(debug_assertions))]
mod direct;
mod entries;
mod map_access;
mod seen_names;
#[cfg(debug_assertions)]
mod through_erased;
mod union;
mod visitor;

use serde::{Serialize, Serializer, ser::Error};
use serde_json::Value;

#[cfg(not(debug_assertions))]
pub use self::direct::deserialize;
#[cfg(debug_assertions)]
pub use self::through_erased::deserialize;
pub use self::union::{TaggedObject, TaggedUnion};
use crate::tag::TagValue;

/// Serializes a variant whose type doesn't serialize the tag, or may have another one.
pub fn serialize_with_tag<T: Serialize, S: Serializer>(
    property: &str,
    tag: TagValue,
    content: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match serde_json::to_value(content).map_err(S::Error::custom)? {
        Value::Object(mut map) => {
            map.insert(property.to_owned(), tag.into());
            map.serialize(serializer)
        }
        _ => Err(S::Error::custom(format_args!("variant `{tag}` isn't an object"))),
    }
}
