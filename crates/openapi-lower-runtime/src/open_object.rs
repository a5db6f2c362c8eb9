//! Objects with additional properties: the code that is the same for all of them.
//!
//! serde's `flatten` would buffer all additional properties before any limit applies.

use std::{collections::HashMap, fmt, marker::PhantomData};

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, MapAccess, Visitor, value},
};

use crate::{
    buffered::PropertyName,
    limits::{VALUE_COST, charge_unknown},
};

/// An object with declared and additional properties.
pub trait OpenObject<'de>: Sized {
    /// The type of additional properties.
    type Value;

    /// The names of the declared properties in JSON.
    const DECLARED: &'static [&'static str];

    /// Deserializes an object that has declared properties only.
    fn deserialize_declared<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Deserializes an additional property.
    fn deserialize_additional<D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Self::Value, D::Error>;

    /// Sets the additional properties.
    fn set_additional(&mut self, properties: HashMap<String, Self::Value>);
}

/// Deserializes an object.
pub fn deserialize<'de, T: OpenObject<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct ObjectVisitor<T>(PhantomData<T>);

    impl<'de, T: OpenObject<'de>> Visitor<'de> for ObjectVisitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            let mut properties = HashMap::new();
            let declared = DeclaredProperties::<_, T> { map, additional: &mut properties };
            let declared = value::MapAccessDeserializer::new(declared);
            let mut object = T::deserialize_declared(declared)?;
            object.set_additional(properties);
            Ok(object)
        }
    }

    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

/// The declared properties of an object. The additional ones are collected while it is read.
struct DeclaredProperties<'a, 'de, A, T: OpenObject<'de>> {
    map: A,
    additional: &'a mut HashMap<String, T::Value>,
}

impl<'de, A: MapAccess<'de>, T: OpenObject<'de>> MapAccess<'de>
    for DeclaredProperties<'_, 'de, A, T>
{
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        while let Some(PropertyName(name)) = self.map.next_key()? {
            if T::DECLARED.contains(&&*name) {
                let name = value::StrDeserializer::<A::Error>::new(&name);
                return seed.deserialize(name).map(Some);
            }
            charge_unknown(name.len() + VALUE_COST).map_err(A::Error::custom)?;
            let value = self.map.next_value_seed(AdditionalSeed::<T>(PhantomData))?;
            self.additional.insert(name.into_owned(), value);
        }
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

/// The seed of an additional property of the object `T`.
struct AdditionalSeed<T>(PhantomData<T>);

impl<'de, T: OpenObject<'de>> DeserializeSeed<'de> for AdditionalSeed<T> {
    type Value = T::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T::Value, D::Error> {
        T::deserialize_additional(deserializer)
    }
}
