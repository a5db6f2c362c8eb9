//! String enums: all that is the same for each of them, so that generated code lists only values.

use std::{fmt, marker::PhantomData};

use serde::de::{Deserializer, Error, Visitor};

/// An enum of strings.
pub trait StringEnum: Sized {
    /// The variant of a value that the document lists.
    fn listed(value: &str) -> Option<Self>;

    /// The variant of any other value, if the enum is open.
    fn unlisted(value: String) -> Result<Self, UnknownValue>;

    /// The value on the wire.
    fn as_str(&self) -> &str;

    /// The variant of any value.
    fn read(value: &str) -> Result<Self, UnknownValue> {
        Self::listed(value).map_or_else(|| Self::unlisted(value.to_owned()), Ok)
    }
}

/// A value that a closed enum doesn't have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownValue(pub String);

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown value `{}`", self.0)
    }
}

impl std::error::Error for UnknownValue {}

/// Decodes without buffering the value.
pub fn deserialize<'de, T: StringEnum, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct Value<T>(PhantomData<T>);

    impl<T: StringEnum> Visitor<'_> for Value<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
            T::read(value).map_err(E::custom)
        }
    }

    deserializer.deserialize_str(Value(PhantomData))
}

/// Defines an enum of strings: `open`, which keeps values that it doesn't list as `Unrecognized`,
/// or `closed`, which tells the members of a union apart.
macro_rules! string_enum {
    ($(#[$meta:meta])* open $name:ident { $($variant:ident = $value:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $value, "`")] $variant,)*
            /// A value that the document didn't list when this crate was built.
            Unrecognized(String),
        }

        impl runtime::StringEnum for $name {
            runtime::string_enum!(listed $($variant = $value,)*);

            fn unlisted(value: String) -> Result<Self, runtime::UnknownValue> {
                Ok(Self::Unrecognized(value))
            }

            fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unrecognized(value) => value,
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                runtime::StringEnum::read(value)
                    .unwrap_or_else(|unknown| Self::Unrecognized(unknown.0))
            }
        }

        impl From<String> for $name {
            fn from(value: String) -> Self {
                value.as_str().into()
            }
        }

        runtime::string_enum!(impls $name);
    };
    ($(#[$meta:meta])* closed $name:ident { $($variant:ident = $value:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $(#[doc = concat!("`", $value, "`")] $variant,)*
        }

        impl runtime::StringEnum for $name {
            runtime::string_enum!(listed $($variant = $value,)*);

            fn unlisted(value: String) -> Result<Self, runtime::UnknownValue> {
                Err(runtime::UnknownValue(value))
            }

            fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                }
            }
        }

        runtime::string_enum!(impls $name);
    };
    (listed $($variant:ident = $value:literal,)*) => {
        fn listed(value: &str) -> Option<Self> {
            match value {
                $($value => Some(Self::$variant),)*
                _ => None,
            }
        }
    };
    (impls $name:ident) => {
        impl $name {
            /// The value on the wire.
            pub fn as_str(&self) -> &str {
                runtime::StringEnum::as_str(self)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = runtime::UnknownValue;

            fn from_str(value: &str) -> Result<Self, Self::Err> {
                runtime::StringEnum::read(value)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                runtime::deserialize_enum(deserializer)
            }
        }
    };
}

pub(crate) use string_enum;
