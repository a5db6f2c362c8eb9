//! Objects in which one property tells the type of another: the code that is the same for all of
//! them.

use serde::{Deserializer, de::Error};
use serde_json::Value;

use crate::{
    erased::{ErasedDeserializer, Held, into_error},
    limits::{self, LimitGuard},
    object::{self, Object},
    unknown,
    untagged::{self, UntaggedUnion},
};

/// An object with a union whose member a sibling property tells.
pub trait SiblingTagged: Object {
    /// The type of the property: the union of its members.
    type Member: UntaggedUnion;

    /// The name of the property that tells the member.
    const TAG: &'static str;

    /// The name of the property that has the union.
    const PROPERTY: &'static str;

    /// Decodes the member that a value of the tag tells; `None` if it tells none, or if the value
    /// doesn't fit.
    fn decode_union(tag: &str, value: &Value) -> Option<Self::Member>;

    /// Sets the union.
    fn set_union(&mut self, union: Self::Member);
}

/// Deserializes an object. A value that the tag doesn't tell is unrecognized.
pub fn deserialize<'de, T: SiblingTagged, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let _guard = LimitGuard::for_union();
    let buffered = limits::buffered();
    let mut value = unknown::deserialize_buffered(deserializer)?;
    let union = take_union::<T>(&mut value).map_err(D::Error::custom)?;
    // As if no property told the member.
    let mut value = Held::new(value);
    let declared = ErasedDeserializer::new(&mut value);
    let mut object: T = object::deserialize(declared).map_err(into_error)?;
    if let Some(union) = union {
        // The null in its place.
        untagged::forget_unknown_value();
        object.set_union(union);
    }
    limits::release_buffer(buffered);
    Ok(object)
}

/// Takes the value of the union out of an object, which has null in its place, and decodes it.
/// Without a tag, its shape is decisive.
fn take_union<T: SiblingTagged>(object: &mut Value) -> Result<Option<T::Member>, limits::Exceeded> {
    let Some(Value::String(tag)) = object.get(T::TAG) else { return Ok(None) };
    let tag = tag.clone();
    let Some(value) = object.get_mut(T::PROPERTY) else { return Ok(None) };
    let value = value.take();
    if let Some(union) = T::decode_union(&tag, &value) {
        return Ok(Some(union));
    }
    limits::charge_unknown(unknown::size(&value))?;
    untagged::record_unknown_value();
    Ok(Some(T::Member::unrecognized(value)))
}
