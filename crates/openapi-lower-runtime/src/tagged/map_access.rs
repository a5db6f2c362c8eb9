//! The properties of an object with a known tag, each once.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, value};
use serde_json::Value;

use super::{
    entries::{LentEntries, TaggedEntries},
    seen_names::SeenNames,
};
use crate::{buffered::PropertyName, object::in_property, unknown};

/// The properties of an object with a known tag. Of one that is repeated, the first value counts.
pub(super) struct TaggedMapAccess<'a, 'de, A> {
    entries: LentEntries<'a, 'de, A>,
    /// The names of the properties that were read.
    seen: SeenNames<'de>,
    /// The name of the current property.
    name: PropertyName<'de>,
}

impl<'a, 'de, A: MapAccess<'de>> TaggedMapAccess<'a, 'de, A> {
    #[inline]
    pub(super) fn new(entries: &'a mut TaggedEntries<'de, A>) -> Self {
        let mut seen = SeenNames::new();
        if entries.tag.is_none() {
            seen.insert(&PropertyName(Cow::Borrowed(entries.tag_property)));
        }
        Self { entries: LentEntries(entries), seen, name: PropertyName(Cow::Borrowed("")) }
    }

    /// Reads the object as a value of an unknown type.
    pub(super) fn read_value(self) -> Result<Value, A::Error> {
        unknown::deserialize(value::MapAccessDeserializer::new(self))
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for TaggedMapAccess<'_, 'de, A> {
    type Error = A::Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        while let Some(name) = self.entries.next_key()? {
            if self.seen.insert(&name) {
                self.name = name;
                return seed.deserialize(value::StrDeserializer::new(&self.name.0)).map(Some);
            }
            self.entries.next_value().map(|IgnoredAny| ())?;
        }
        Ok(None)
    }

    #[inline]
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.entries.next_value_seed(seed).map_err(|error| in_property(&self.name.0, error))
    }
}
