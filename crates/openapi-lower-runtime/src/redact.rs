//! Redaction of secrets in `Debug` output.

use std::fmt;

/// A placeholder for a secret in `Debug` output.
pub struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Returns the placeholder of an optional secret: `[redacted]` or `None`.
pub fn redacted(is_some: bool) -> &'static dyn fmt::Debug {
    if is_some { &Redacted } else { &None::<()> }
}

/// Defines `Debug` of a struct with secret fields.
///
/// A field is `plain`, `secret`, or `secret_option` if it is optional.
#[doc(hidden)]
#[macro_export]
macro_rules! __redacted_debug {
    ($name:ident { $($kind:ident $field:ident;)* }) => {
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let mut debug = f.debug_struct(stringify!($name));
                $(debug.field(stringify!($field), $crate::__redacted_value!($kind self.$field));)*
                debug.finish()
            }
        }
    };
}

/// The value that `Debug` output shows for a field.
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
