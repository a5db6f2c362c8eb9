//! String enums, as lists of values for the runtime's macro.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs::TypeDocs, ident::ident};
use crate::{ir::StringEnum, markdown::code};

/// Emits an enum.
pub(super) fn emit(one: &StringEnum, docs: &TypeDocs) -> TokenStream {
    let doc = docs.describe(one.description.as_deref(), &one.rust);
    let name = ident(&one.rust);
    let variants = one.variants.iter().map(|(variant, value)| {
        let (doc, variant) = (format!("The value {}.", code(value)), ident(variant));
        quote!(#[doc = #doc] #variant = #value,)
    });
    quote! {
        runtime::string_enum! {
            #[doc = #doc]
            #name {
                #(#variants)*
            }
        }
    }
}
