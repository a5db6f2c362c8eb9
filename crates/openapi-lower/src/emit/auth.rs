//! How requests prove who sends them.

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::Auth;

/// The value of the runtime that says it.
pub(super) fn auth(auth: &Auth) -> TokenStream {
    match auth {
        Auth::None => quote!(runtime::Auth::None),
        Auth::Header(name) => {
            let name = name.to_ascii_lowercase();
            quote!(runtime::Auth::Header(#name))
        }
        Auth::Query(name) => quote!(runtime::Auth::Query(#name)),
        Auth::Bearer => quote!(runtime::Auth::Bearer),
        Auth::Basic => quote!(runtime::Auth::Basic),
    }
}
