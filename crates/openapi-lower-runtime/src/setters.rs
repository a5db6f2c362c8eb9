//! Fields of generated objects: setters, default values, and the difference between null and
//! absent.

use serde::{Deserialize, Deserializer};

/// Deserializes a property that may be null: null is `Some(None)`. An absent property isn't
/// deserialized, so that its field stays `None`.
pub fn double_option<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Defines a module with the default value of a property that is absent or null.
#[doc(hidden)]
#[macro_export]
macro_rules! __default_value {
    ($module:ident: $ty:ty = $value:expr) => {
        pub mod $module {
            pub fn value() -> $ty {
                $value
            }

            pub fn deserialize<'de, D: $crate::__codegen_v1::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<$ty, D::Error> {
                let value: ::std::option::Option<$ty> =
                    $crate::__codegen_v1::serde::Deserialize::deserialize(deserializer)?;
                ::std::result::Result::Ok(value.unwrap_or_else(self::value))
            }
        }
    };
}

/// Defines the setters of an object.
///
/// The kind of a field is `value` (required), `some` (optional) or `null` (optional and nullable).
/// With the suffix `_list`, the setter takes the items of an array; with `_box`, the field is
/// boxed.
#[doc(hidden)]
#[macro_export]
macro_rules! __setters {
    ($name:ident { $($kind:ident $setter:ident $field:ident: $ty:ty $(, $null:ident)?;)* }) => {
        impl $name {
            $($crate::__setter!($kind $setter $field: $ty $(, $null)?);)*
        }
    };
}

/// Defines one setter, and the setter of null for a nullable field.
#[doc(hidden)]
#[macro_export]
macro_rules! __setter {
    ($kind:ident $setter:ident $field:ident: $ty:ty $(, $null:ident)?) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        #[must_use]
        pub fn $setter(mut self, value: $crate::__setter_arg!($kind $ty)) -> Self {
            self.$field = $crate::__setter_value!($kind value);
            self
        }

        $(
            #[doc = concat!("Sets `", stringify!($field), "` to `null`. A field that isn't set is omitted.")]
            #[must_use]
            pub fn $null(mut self) -> Self {
                self.$field = ::std::option::Option::Some(::std::option::Option::None);
                self
            }
        )?
    };
}

/// The type of a setter's argument.
#[doc(hidden)]
#[macro_export]
macro_rules! __setter_arg {
    (value_list $ty:ty) => {
        impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<$ty>>
    };
    (some_list $ty:ty) => { $crate::__setter_arg!(value_list $ty) };
    ($kind:ident $ty:ty) => { impl ::std::convert::Into<$ty> };
}

/// The value that a setter stores in its field.
#[doc(hidden)]
#[macro_export]
macro_rules! __setter_value {
    (value $value:ident) => {
        $value.into()
    };
    (value_box $value:ident) => {
        ::std::boxed::Box::new($value.into())
    };
    (value_list $value:ident) => {
        $value.into_iter().map(::std::convert::Into::into).collect()
    };
    (some $value:ident) => {
        ::std::option::Option::Some($value.into())
    };
    (some_box $value:ident) => {
        ::std::option::Option::Some($crate::__setter_value!(value_box $value))
    };
    (some_list $value:ident) => {
        ::std::option::Option::Some($crate::__setter_value!(value_list $value))
    };
    (null $value:ident) => {
        ::std::option::Option::Some($crate::__setter_value!(some $value))
    };
    (null_box $value:ident) => {
        ::std::option::Option::Some($crate::__setter_value!(some_box $value))
    };
}
