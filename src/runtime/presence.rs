//! Members that are there, are null, or aren't there: all that fields of objects have in common.

use serde::{Deserialize, Deserializer};

/// Reads a member that is there, null included: `None` stays what it is when it isn't there.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Defines what a member has that isn't there or is null.
macro_rules! default_value {
    ($module:ident: $ty:ty = $value:expr) => {
        pub mod $module {
            pub fn value() -> $ty {
                $value
            }

            pub fn deserialize<'de, D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<$ty, D::Error> {
                let value: ::std::option::Option<$ty> =
                    ::serde::Deserialize::deserialize(deserializer)?;
                ::std::result::Result::Ok(value.unwrap_or_else(self::value))
            }
        }
    };
}

/// Defines the setters of an object. How: `value` is always there, `some` may be left out, `null`
/// may be null as well; `…_list` takes the items, `…_box` boxes.
macro_rules! setters {
    ($name:ident { $($how:ident $setter:ident $field:ident: $ty:ty $(, $null:ident)?;)* }) => {
        impl $name {
            $(runtime::setter!($how $setter $field: $ty $(, $null)?);)*
        }
    };
}

macro_rules! setter {
    (value $setter:ident $field:ident: $ty:ty) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        #[must_use]
        pub fn $setter(mut self, value: impl ::std::convert::Into<$ty>) -> Self {
            self.$field = value.into();
            self
        }
    };
    (some $setter:ident $field:ident: $ty:ty) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        #[must_use]
        pub fn $setter(mut self, value: impl ::std::convert::Into<$ty>) -> Self {
            self.$field = ::std::option::Option::Some(value.into());
            self
        }
    };
    (null $setter:ident $field:ident: $ty:ty, $null:ident) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        #[must_use]
        pub fn $setter(mut self, value: impl ::std::convert::Into<$ty>) -> Self {
            self.$field =
                ::std::option::Option::Some(::std::option::Option::Some(value.into()));
            self
        }

        #[doc = concat!("Sets `", stringify!($field), "` to null, which isn't the same as leaving it out.")]
        #[must_use]
        pub fn $null(mut self) -> Self {
            self.$field = ::std::option::Option::Some(::std::option::Option::None);
            self
        }
    };
    (value_list $setter:ident $field:ident: $ty:ty) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        #[must_use]
        pub fn $setter(
            mut self,
            values: impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<$ty>>,
        ) -> Self {
            self.$field = values.into_iter().map(::std::convert::Into::into).collect();
            self
        }
    };
    (some_list $setter:ident $field:ident: $ty:ty) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        #[must_use]
        pub fn $setter(
            mut self,
            values: impl ::std::iter::IntoIterator<Item = impl ::std::convert::Into<$ty>>,
        ) -> Self {
            let values = values.into_iter().map(::std::convert::Into::into).collect();
            self.$field = ::std::option::Option::Some(values);
            self
        }
    };
    (value_box $setter:ident $field:ident: $ty:ty) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        #[must_use]
        pub fn $setter(mut self, value: impl ::std::convert::Into<$ty>) -> Self {
            self.$field = ::std::boxed::Box::new(value.into());
            self
        }
    };
    (some_box $setter:ident $field:ident: $ty:ty) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        #[must_use]
        pub fn $setter(mut self, value: impl ::std::convert::Into<$ty>) -> Self {
            self.$field = ::std::option::Option::Some(::std::boxed::Box::new(value.into()));
            self
        }
    };
    (null_box $setter:ident $field:ident: $ty:ty, $null:ident) => {
        #[doc = concat!("Sets `", stringify!($field), "`.")]
        #[must_use]
        pub fn $setter(mut self, value: impl ::std::convert::Into<$ty>) -> Self {
            let value = ::std::boxed::Box::new(value.into());
            self.$field = ::std::option::Option::Some(::std::option::Option::Some(value));
            self
        }

        #[doc = concat!("Sets `", stringify!($field), "` to null, which isn't the same as leaving it out.")]
        #[must_use]
        pub fn $null(mut self) -> Self {
            self.$field = ::std::option::Option::Some(::std::option::Option::None);
            self
        }
    };
}

pub(crate) use {default_value, setter, setters};
