//! Expansions of parameters and of properties in forms, as expressions.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Expansion, ParameterStyle};

/// The expression of an expansion.
pub(super) fn expansion(expansion: Expansion) -> TokenStream {
    match expansion {
        Expansion::SIMPLE => return quote!(runtime::Expansion::SIMPLE),
        Expansion::FORM => return quote!(runtime::Expansion::FORM),
        Expansion::JSON => return quote!(runtime::Expansion::JSON),
        _ => {}
    }
    let Expansion { style, explode } = expansion;
    let style = match style {
        ParameterStyle::Simple => quote!(Simple),
        ParameterStyle::Label => quote!(Label),
        ParameterStyle::Matrix => quote!(Matrix),
        ParameterStyle::Form => quote!(Form),
        ParameterStyle::SpaceDelimited => quote!(SpaceDelimited),
        ParameterStyle::PipeDelimited => quote!(PipeDelimited),
        ParameterStyle::DeepObject => quote!(DeepObject),
        ParameterStyle::Json => quote!(Json),
    };
    quote!(runtime::Expansion::new(runtime::Style::#style, #explode))
}
