//! Objects with additional properties: the code that is the same for all of them.
//!
//! serde's `flatten` would buffer all additional properties before any limit applies.

use std::{collections::HashMap, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, MapAccess, Visitor, value},
};
use serde_json::Value;

use crate::{
    buffered::PropertyName,
    date_time,
    limits::{VALUE_COST, charge_unknown},
    unknown,
};

/// An object with declared and additional properties.
pub trait OpenObject<'de>: Sized {
    /// The type of additional properties.
    type Value: AdditionalValue<'de>;

    /// The names of the declared properties in JSON.
    const DECLARED: &'static [&'static str];

    /// Deserializes an object that has declared properties only.
    fn deserialize_declared<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Sets the additional properties.
    fn set_additional(&mut self, properties: HashMap<String, Self::Value>);
}

/// The value of an additional property.
pub trait AdditionalValue<'de>: Sized {
    /// Deserializes the value, and counts it as undeclared data.
    fn deserialize_additional<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

impl<'de> AdditionalValue<'de> for Value {
    fn deserialize_additional<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        unknown::deserialize(deserializer)
    }
}

/// A value of the type that the document declares for additional properties.
pub struct Typed<T>(pub T);

impl<'de, T: Deserialize<'de> + 'static> AdditionalValue<'de> for Typed<T> {
    fn deserialize_additional<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        date_time::deserialize_any_type(deserializer).map(Self)
    }
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
            let declared =
                DeclaredProperties { map, declared: T::DECLARED, additional: &mut properties };
            let declared = value::MapAccessDeserializer::new(declared);
            let mut object = T::deserialize_declared(declared)?;
            object.set_additional(properties);
            Ok(object)
        }
    }

    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

/// The declared properties of an object. The additional ones are collected while it is read.
struct DeclaredProperties<'a, A, V> {
    map: A,
    declared: &'static [&'static str],
    additional: &'a mut HashMap<String, V>,
}

impl<'de, A: MapAccess<'de>, V: AdditionalValue<'de>> MapAccess<'de>
    for DeclaredProperties<'_, A, V>
{
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        while let Some(PropertyName(name)) = self.map.next_key()? {
            if self.declared.contains(&&*name) {
                let name = value::StrDeserializer::<A::Error>::new(&name);
                return seed.deserialize(name).map(Some);
            }
            charge_unknown(name.len() + VALUE_COST).map_err(A::Error::custom)?;
            let value = self.map.next_value_seed(AdditionalSeed(PhantomData))?;
            self.additional.insert(name.into_owned(), value);
        }
        Ok(None)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

/// The seed of an additional property.
struct AdditionalSeed<V>(PhantomData<V>);

impl<'de, V: AdditionalValue<'de>> DeserializeSeed<'de> for AdditionalSeed<V> {
    type Value = V;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<V, D::Error> {
        V::deserialize_additional(deserializer)
    }
}

/// Implements `Deserialize` and `Serialize` of an object with additional properties, by the
/// functions that serde derives with `remote = "Self"`.
#[doc(hidden)]
#[macro_export]
macro_rules! __open_object {
    ($name:ident $field:ident: $kind:ident $value:ty { $($declared:literal,)* }) => {
        impl<'de> $crate::__codegen_v1::OpenObject<'de> for $name {
            type Value = $crate::__open_object!(@value $kind $value);

            const DECLARED: &'static [&'static str] = &[$($declared),*];

            fn deserialize_declared<D: $crate::__codegen_v1::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $name::deserialize(deserializer)
            }

            fn set_additional(
                &mut self,
                properties: ::std::collections::HashMap<::std::string::String, Self::Value>,
            ) {
                self.$field = $crate::__open_object!(@properties $kind properties);
            }
        }

        impl<'de> $crate::__codegen_v1::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__codegen_v1::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::__codegen_v1::deserialize_open_object(deserializer)
            }
        }

        impl $crate::__codegen_v1::serde::Serialize for $name {
            fn serialize<S: $crate::__codegen_v1::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                $name::serialize(self, serializer)
            }
        }
    };
    (@value any $value:ty) => { $value };
    (@value typed $value:ty) => { $crate::__codegen_v1::Typed<$value> };
    (@properties any $properties:ident) => { $properties };
    (@properties typed $properties:ident) => {
        $properties.into_iter().map(|(name, value)| (name, value.0)).collect()
    };
}
