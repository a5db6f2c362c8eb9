//! ObjectStyle that are there, are null, or aren't there: all that fields of objects have in common.

use serde::{Deserialize, Deserializer};

/// Reads a member that is there, null included: `None` stays what it is when it isn't there.
pub fn double_option<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Defines what a member has that isn't there or is null.
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

/// Defines the setters of an object. How: `value` is always there, `some` may be left out, `null`
/// may be null as well; `…_list` takes the items, `…_box` boxes.
#[doc(hidden)]
#[macro_export]
macro_rules! __setters {
    ($name:ident { $($how:ident $setter:ident $field:ident: $ty:ty $(, $null:ident)?;)* }) => {
        impl $name {
            $($crate::__setter!($how $setter $field: $ty $(, $null)?);)*
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __setter {
    ($how:ident $setter:ident $field:ident: $ty:ty $(, $null:ident)?) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        #[must_use]
        pub fn $setter(mut self, value: $crate::__setter_arg!($how $ty)) -> Self {
            self.$field = $crate::__setter_value!($how value);
            self
        }

        $(
            #[doc = concat!("Sets `", stringify!($field), "` to null; left out is something else.")]
            #[must_use]
            pub fn $null(mut self) -> Self {
                self.$field = ::std::option::Option::Some(::std::option::Option::None);
                self
            }
        )?
    };
}

/// What a setter takes.
#[doc(hidden)]
#[macro_export]
macro_rules! __setter_arg {
    (value_list $ty:ty) => {
        impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<$ty>>
    };
    (some_list $ty:ty) => { $crate::__setter_arg!(value_list $ty) };
    ($how:ident $ty:ty) => { impl ::std::convert::Into<$ty> };
}

/// What a setter makes of it.
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
