//! Implementations of serde's traits that generated code doesn't derive.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

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
    let function = Ident::new(function, proc_macro2::Span::call_site());
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
