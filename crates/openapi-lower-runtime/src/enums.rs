//! String enums: all that is the same for each of them, so that generated code lists only values.

pub use std::convert::Infallible;
use std::{fmt, marker::PhantomData};

use serde::de::{Deserializer, Error, Visitor};

use crate::untagged::note_unknown;

/// An enum of strings, which keeps what it doesn't list.
pub trait StringEnum: Sized {
    /// The variant of a value that the document lists.
    fn listed(value: &str) -> Option<Self>;

    /// The variant of any other value.
    fn unlisted(value: String) -> Self;

    /// The value on the wire.
    fn as_str(&self) -> &str;

    /// The variant of any value.
    fn read(value: &str) -> Self {
        Self::listed(value).unwrap_or_else(|| {
            note_unknown();
            Self::unlisted(value.to_owned())
        })
    }
}

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
            Ok(T::read(value))
        }
    }

    deserializer.deserialize_str(Value(PhantomData))
}

/// Defines an enum of strings, which keeps values that it doesn't list as `Unrecognized`.
#[doc(hidden)]
#[macro_export]
macro_rules! __string_enum {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $value:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = concat!("`", $value, "`")] $variant,)*
            /// A value that the document didn't list when this crate was built.
            Unrecognized(::std::string::String),
        }

        impl $name {
            /// The value on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unrecognized(value) => value,
                }
            }
        }

        impl $crate::__codegen_v1::StringEnum for $name {
            fn listed(value: &str) -> ::std::option::Option<Self> {
                match value {
                    $($value => ::std::option::Option::Some(Self::$variant),)*
                    _ => ::std::option::Option::None,
                }
            }

            fn unlisted(value: ::std::string::String) -> Self {
                Self::Unrecognized(value)
            }

            fn as_str(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(value: &str) -> Self {
                $crate::__codegen_v1::StringEnum::read(value)
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(value: ::std::string::String) -> Self {
                $crate::__codegen_v1::StringEnum::read(&value)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::__codegen_v1::Infallible;

            fn from_str(value: &str) -> ::std::result::Result<Self, $crate::__codegen_v1::Infallible> {
                ::std::result::Result::Ok($crate::__codegen_v1::StringEnum::read(value))
            }
        }

        impl $crate::__codegen_v1::serde::Serialize for $name {
            fn serialize<S: $crate::__codegen_v1::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::__codegen_v1::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__codegen_v1::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::__codegen_v1::deserialize_enum(deserializer)
            }
        }
    };
}
