//! Names in code.

use proc_macro2::Ident;
use quote::format_ident;

/// An identifier; the lowering made it one.
pub(super) fn ident(name: &str) -> Ident {
    format_ident!("{name}")
}
