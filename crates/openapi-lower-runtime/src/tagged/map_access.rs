//! The properties of an object with a known tag.

use std::{borrow::Cow, fmt, vec};

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor, value};
use serde_json::Value;

use super::{
    buffer::{Buffered, BufferedSeed},
    seen_names::SeenNames,
};
use crate::{buffered::PropertyName, limits, tag::TagType, unknown};

/// The number of properties for which a buffer doesn't grow.
const USUAL_COUNT: usize = 8;

/// The properties of an object with a known tag: the tag, the buffered properties before it, and
/// those that aren't read yet. Of a property that is repeated, the first value counts.
pub(super) struct TaggedMapAccess<'de, A> {
    tag_property: &'static str,
    tag: Option<Buffered<'de>>,
    buffered: vec::IntoIter<BufferedProperty<'de>>,
    /// `None` if all properties are buffered.
    rest: Option<A>,
    /// The names of the properties that were read, except the tag.
    seen: SeenNames<'de>,
    current: Current<'de>,
    _release: BufferRelease,
}

/// The name and the value of a property.
type BufferedProperty<'de> = (PropertyName<'de>, Buffered<'de>);

/// Releases the buffer when the object is read.
struct BufferRelease(usize);

impl Drop for BufferRelease {
    fn drop(&mut self) {
        limits::release_buffer(self.0);
    }
}

/// Where the current property comes from.
enum Current<'de> {
    TagProperty,
    Buffered,
    /// The property with this name, which isn't read yet.
    Rest(PropertyName<'de>),
}

impl<'de, A: MapAccess<'de>> TaggedMapAccess<'de, A> {
    #[inline]
    pub(super) fn new(tag_property: &'static str, map: A) -> Self {
        Self {
            tag_property,
            tag: None,
            buffered: Vec::new().into_iter(),
            rest: Some(map),
            seen: SeenNames::new(),
            current: Current::TagProperty,
            _release: BufferRelease(limits::buffered()),
        }
    }

    /// Reads the tag, as text, and buffers the properties before it; `None` if it is missing or of
    /// another type.
    #[inline]
    pub(super) fn read_tag(&mut self, ty: TagType) -> Result<Option<Cow<'de, str>>, A::Error> {
        let Some(map) = &mut self.rest else { return Ok(None) };
        let mut buffered = Vec::new();
        let tag = loop {
            let Some(name) = map.next_key::<PropertyName<'de>>()? else {
                self.rest = None;
                break None;
            };
            let value = map.next_value_seed(BufferedSeed)?;
            if name.0 == self.tag_property {
                break Some(value);
            }
            if buffered.is_empty() {
                buffered.reserve(USUAL_COUNT);
            }
            buffered.push((name, value));
        };
        if !buffered.is_empty() {
            self.buffered = buffered.into_iter();
        }
        let text = tag.as_ref().and_then(|tag| tag.tag(ty));
        self.tag = tag;
        Ok(text)
    }

    /// Skips the tag.
    pub(super) fn forget_tag(&mut self) {
        self.tag = None;
    }

    /// Reads the object as a value of an unknown type.
    pub(super) fn read_value(&mut self) -> Result<Value, A::Error> {
        unknown::deserialize(value::MapAccessDeserializer::new(self))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for TaggedMapAccess<'de, A> {
    type Error = A::Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        if self.tag.is_some() {
            self.current = Current::TagProperty;
            return seed.deserialize(value::StrDeserializer::new(self.tag_property)).map(Some);
        }
        while let Some((name, _)) = self.buffered.as_slice().first() {
            if self.seen.insert(name) {
                self.current = Current::Buffered;
                return seed.deserialize(value::StrDeserializer::new(&name.0)).map(Some);
            }
            self.buffered.next();
        }
        let Some(rest) = &mut self.rest else { return Ok(None) };
        let mut seed = Some(seed);
        loop {
            let name = NewName {
                seed: &mut seed,
                tag_property: self.tag_property,
                seen: &mut self.seen,
                current: &mut self.current,
            };
            match rest.next_key_seed(name)? {
                Some(None) => rest.next_value().map(|IgnoredAny| ())?,
                Some(name) => return Ok(name),
                None => return Ok(None),
            }
        }
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        let (name, value) = match &self.current {
            Current::TagProperty => (PropertyName(self.tag_property.into()), self.tag.take()),
            Current::Buffered => match self.buffered.next() {
                Some((name, value)) => (name, Some(value)),
                None => return Err(unread()),
            },
            Current::Rest(name) => {
                let Some(rest) = &mut self.rest else { return Err(unread()) };
                let value = rest.next_value_seed(seed);
                return value.map_err(|error| in_property(&name.0, error));
            }
        };
        let Some(value) = value else { return Err(unread()) };
        value.read(seed).map_err(|error| in_property(&name.0, error))
    }
}

/// The seed of the name of a property that isn't the tag and wasn't read before: else `None`.
struct NewName<'a, 'de, K> {
    seed: &'a mut Option<K>,
    tag_property: &'static str,
    seen: &'a mut SeenNames<'de>,
    current: &'a mut Current<'de>,
}

impl<'de, K: DeserializeSeed<'de>> NewName<'_, 'de, K> {
    #[inline]
    fn read<E: Error>(self, name: PropertyName<'de>) -> Result<Option<K::Value>, E> {
        if name.0 == self.tag_property || !self.seen.insert(&name) {
            return Ok(None);
        }
        let value =
            self.seed.take().map(|seed| seed.deserialize(value::StrDeserializer::new(&name.0)));
        *self.current = Current::Rest(name);
        value.transpose()
    }
}

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for NewName<'_, 'de, K> {
    type Value = Option<K::Value>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de, K: DeserializeSeed<'de>> Visitor<'de> for NewName<'_, 'de, K> {
    type Value = Option<K::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property name")
    }

    #[inline]
    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Self::Value, E> {
        self.read(PropertyName(Cow::Borrowed(name)))
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        self.read(PropertyName(Cow::Owned(name.to_owned())))
    }
}

/// The error of a value whose name isn't read.
#[cold]
fn unread<E: Error>() -> E {
    E::custom("a value without a name")
}

/// Adds the name of a property to an error, unless it begins with its path already. In builds
/// without optimization, objects add it.
#[cold]
fn in_property<E: Error>(name: &str, error: E) -> E {
    if cfg!(debug_assertions) {
        return error;
    }
    let text = error.to_string();
    match text.strip_prefix(name) {
        Some(rest) if rest.starts_with([':', '.', '[']) => error,
        _ => E::custom(format_args!("{name}: {text}")),
    }
}
