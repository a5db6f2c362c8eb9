//! Implementations of traits that generated code doesn't derive.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::ident::ident;

/// The implementation of `Serialize` with this body, which has `self` and `serializer`.
pub(super) fn serialize(name: &Ident, body: &TokenStream) -> TokenStream {
    quote! {
        impl runtime::serde::Serialize for #name {
            fn serialize<S: runtime::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                #body
            }
        }
    }
}

/// The implementation of `Deserialize` by a function of the runtime.
pub(super) fn deserialize(name: &Ident, function: &str) -> TokenStream {
    let function = ident(function);
    quote! {
        impl<'de> runtime::serde::Deserialize<'de> for #name {
            fn deserialize<D: runtime::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                runtime::#function(deserializer)
            }
        }
    }
}

/// The implementation of `Debug` with this body, which has `self` and `f`.
pub(super) fn debug(name: &Ident, body: &TokenStream) -> TokenStream {
    formatting("Debug", name, body)
}

/// The implementation of `Display` with this body, which has `self` and `f`.
pub(super) fn display(name: &Ident, body: &TokenStream) -> TokenStream {
    formatting("Display", name, body)
}

/// The implementation of a trait of `std::fmt`.
fn formatting(trait_name: &str, name: &Ident, body: &TokenStream) -> TokenStream {
    let trait_name = ident(trait_name);
    quote! {
        impl ::std::fmt::#trait_name for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                #body
            }
        }
    }
}

/// The implementation of `From<ty>` with this body, which has `value`.
pub(super) fn from(name: &Ident, ty: &TokenStream, body: &TokenStream) -> TokenStream {
    quote! {
        impl ::std::convert::From<#ty> for #name {
            fn from(value: #ty) -> Self {
                #body
            }
        }
    }
}
