//! Identifiers.

use proc_macro2::Ident;
use quote::format_ident;

/// An identifier of a name that the lowering made valid.
pub(super) fn ident(name: &str) -> Ident {
    format_ident!("{name}")
}
