//! String enums, as lists of values: the runtime's macro has the rest.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident::ident};
use crate::ir::{ClientModel, StringEnum};

pub(super) fn emit(one: &StringEnum, model: &ClientModel) -> TokenStream {
    let doc = docs::schema(one.description.as_deref(), &one.rust, model);
    let name = ident(&one.rust);
    let variants = one.variants.iter().map(|(variant, _)| ident(variant));
    let values = one.variants.iter().map(|(_, value)| value);
    quote! {
        runtime::string_enum! {
            #[doc = #doc]
            #name {
                #(#variants = #values,)*
            }
        }
    }
}
