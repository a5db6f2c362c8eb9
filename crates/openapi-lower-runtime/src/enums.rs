//! String enums: the code that is the same for all of them. Generated code only lists the values.

pub use std::convert::Infallible;
use std::{fmt, marker::PhantomData};

use serde::de::{Deserializer, Error, Visitor};

use crate::untagged::record_unknown_value;

/// An open enum of strings: values that the document doesn't list are kept.
pub trait StringEnum: Sized {
    /// Returns the variant of a value that the document lists; `None` for any other value.
    fn from_known(value: &str) -> Option<Self>;

    /// Returns the variant of a value that the document doesn't list.
    fn from_unknown(value: String) -> Self;

    /// Returns the value as it is encoded in JSON.
    fn as_str(&self) -> &str;

    /// Returns the variant of any value.
    fn from_value(value: &str) -> Self {
        Self::from_known(value).unwrap_or_else(|| {
            record_unknown_value();
            Self::from_unknown(value.to_owned())
        })
    }
}

/// Deserializes a string enum without buffering the value.
pub fn deserialize<'de, T: StringEnum, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    struct EnumVisitor<T>(PhantomData<T>);

    impl<T: StringEnum> Visitor<'_> for EnumVisitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: Error>(self, value: &str) -> Result<T, E> {
            Ok(T::from_value(value))
        }
    }

    deserializer.deserialize_str(EnumVisitor(PhantomData))
}

/// Defines an open enum of strings.
#[doc(hidden)]
#[macro_export]
macro_rules! __string_enum {
    ($(#[$meta:meta])* $name:ident {
        $($(#[$variant_meta:meta])* $variant:ident = $value:literal,)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// A value that the document didn't list when this crate was built. It is encoded as it
            /// was received.
            Unrecognized(::std::string::String),
        }

        impl $name {
            /// Returns the value as it is encoded in JSON.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $value,)*
                    Self::Unrecognized(value) => value,
                }
            }
        }

        impl $crate::__codegen_v1::StringEnum for $name {
            fn from_known(value: &str) -> ::std::option::Option<Self> {
                match value {
                    $($value => ::std::option::Option::Some(Self::$variant),)*
                    _ => ::std::option::Option::None,
                }
            }

            fn from_unknown(value: ::std::string::String) -> Self {
                Self::Unrecognized(value)
            }

            fn as_str(&self) -> &str {
                self.as_str()
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(value: &str) -> Self {
                $crate::__codegen_v1::StringEnum::from_value(value)
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(value: ::std::string::String) -> Self {
                $crate::__codegen_v1::StringEnum::from_value(&value)
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
                ::std::result::Result::Ok($crate::__codegen_v1::StringEnum::from_value(value))
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
