//! The properties of an object with a known tag.

use std::{borrow::Cow, vec};

use serde::de::{DeserializeSeed, Error, IntoDeserializer, MapAccess, value};

use super::buffer::{Buffered, BufferedSeed};
use crate::{
    buffered::PropertyName,
    limits::{self, VALUE_COST, charge_buffer},
    tag::TagType,
};

/// The number of properties for which a buffer doesn't grow. So many values are counted at once,
/// since the limits are those of the thread, which takes time to look up.
const USUAL_COUNT: usize = 8;

/// The properties of an object with a known tag: the tag, the buffered properties before it, and
/// those that aren't read yet. Names may be repeated.
pub(super) struct TaggedEntries<'de, A> {
    pub(super) tag_property: &'static str,
    /// `None` if it is read or skipped.
    pub(super) tag: Option<Buffered<'de>>,
    buffered: vec::IntoIter<(PropertyName<'de>, Buffered<'de>)>,
    /// `None` if all properties are buffered.
    rest: Option<A>,
    /// The value of the current property, if it is buffered.
    value: Option<Buffered<'de>>,
    _release: BufferRelease,
}

/// Releases the buffer when the object is read.
struct BufferRelease(usize);

impl Drop for BufferRelease {
    fn drop(&mut self) {
        limits::release_buffer(self.0);
    }
}

impl<'de, A: MapAccess<'de>> TaggedEntries<'de, A> {
    #[inline]
    pub(super) fn new(tag_property: &'static str, map: A) -> Self {
        Self {
            tag_property,
            tag: None,
            buffered: Vec::new().into_iter(),
            rest: Some(map),
            value: None,
            _release: BufferRelease(limits::buffered()),
        }
    }

    /// Reads the tag, as text, and buffers the properties before it; `None` if it is missing or of
    /// another type.
    #[inline]
    pub(super) fn read_tag(&mut self, ty: TagType) -> Result<Option<Cow<'de, str>>, A::Error> {
        let Some(map) = &mut self.rest else { return Ok(None) };
        let mut buffered = Vec::new();
        let mut borrowed: usize = 0;
        let tag = loop {
            let Some(name) = map.next_key::<PropertyName<'de>>()? else {
                self.rest = None;
                break None;
            };
            let value = map.next_value_seed(BufferedSeed)?;
            if value.is_borrowed() {
                if borrowed.is_multiple_of(USUAL_COUNT) {
                    charge_buffer(USUAL_COUNT * VALUE_COST).map_err(A::Error::custom)?;
                }
                borrowed += 1;
            }
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
}

/// The properties of an object with a known tag, on loan. It is a type of its own since rustc
/// doesn't inline what serde implements for references.
pub(super) struct LentEntries<'a, 'de, A>(pub(super) &'a mut TaggedEntries<'de, A>);

impl<'de, A: MapAccess<'de>> MapAccess<'de> for LentEntries<'_, 'de, A> {
    type Error = A::Error;

    #[inline(always)]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        let entries = &mut *self.0;
        if let Some(tag) = entries.tag.take() {
            entries.value = Some(tag);
            let name = value::BorrowedStrDeserializer::new(entries.tag_property);
            return seed.deserialize(name).map(Some);
        }
        if let Some((name, buffered)) = entries.buffered.next() {
            entries.value = Some(buffered);
            return seed.deserialize(name.into_deserializer()).map(Some);
        }
        match &mut entries.rest {
            Some(rest) => rest.next_key_seed(seed),
            None => Ok(None),
        }
    }

    #[inline(always)]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        match (self.0.value.take(), &mut self.0.rest) {
            (Some(value), _) => value.read(seed),
            (None, Some(rest)) => rest.next_value_seed(seed),
            (None, None) => Err(A::Error::custom("a value without a name")),
        }
    }
}
