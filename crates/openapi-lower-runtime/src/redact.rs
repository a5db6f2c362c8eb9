//! What `Debug` doesn't show.

use std::fmt;

/// Stands for a secret.
pub struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Stands for a secret that may not be there.
pub fn redacted(is_there: bool) -> &'static dyn fmt::Debug {
    if is_there { &Redacted } else { &None::<()> }
}

/// Defines the `Debug` of a structure that has secrets.
#[doc(hidden)]
#[macro_export]
macro_rules! __redacted_debug {
    ($name:ident { $($how:ident $field:ident;)* }) => {
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let mut shown = f.debug_struct(stringify!($name));
                $(shown.field(stringify!($field), $crate::__redacted_value!($how self.$field));)*
                shown.finish()
            }
        }
    };
}

/// Defines the `Debug` of a union; `unknown` is how it shows what it doesn't know.
#[doc(hidden)]
#[macro_export]
macro_rules! __union_debug {
    ($name:ident $unknown:ident { $($variant:ident)* }) => {
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    $(Self::$variant(member) => {
                        f.debug_tuple(stringify!($variant)).field(member).finish()
                    })*
                    Self::Unrecognized(value) => {
                        f.debug_tuple("Unrecognized").field($crate::__redacted_value!($unknown value)).finish()
                    }
                }
            }
        }
    };
}

/// How a value is shown.
#[doc(hidden)]
#[macro_export]
macro_rules! __redacted_value {
    (plain $value:expr) => {
        &$value
    };
    (secret $value:expr) => {
        &$crate::__codegen_v1::Redacted
    };
    (secret_option $value:expr) => {
        $crate::__codegen_v1::redacted($value.is_some())
    };
}
