//! String enums, as lists of values: the runtime's macro has the rest.

use proc_macro2::TokenStream;
use quote::quote;

use super::ident;
use crate::kept::{Kept, StringEnum};

pub(super) fn emit(one: &StringEnum, kept: &Kept) -> TokenStream {
    let origin = kept.types.iter().find(|name| name.rust == one.rust);
    let origin = match origin.map(|name| (name.document.as_ref(), &name.pointer)) {
        Some((Some(document), _)) => format!("Schema `{document}`."),
        Some((None, pointer)) => format!("Inline schema at `{pointer}`."),
        None => String::new(),
    };
    let description = one.description.iter().cloned().chain([origin]);
    let doc = description.collect::<Vec<_>>().join("\n\n");
    let name = ident(&one.rust);
    let kind = ident(if one.open { "open" } else { "closed" });
    let variants = one.variants.iter().map(|(variant, _)| ident(variant));
    let values = one.variants.iter().map(|(_, value)| value);
    quote! {
        runtime::string_enum! {
            #[doc = #doc]
            #kind #name {
                #(#variants = #values,)*
            }
        }
    }
}
