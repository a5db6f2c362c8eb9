//! The authentication of requests.

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    collect::Collect,
    ir::{Auth, SecurityScheme},
};

/// The runtime's `Auth` for a model's [`Auth`].
pub(super) fn auth(auth: &Auth) -> TokenStream {
    match auth {
        Auth::None => quote!(runtime::Auth::None),
        Auth::Header(name) => {
            let name = name.to_ascii_lowercase();
            quote!(runtime::Auth::Header(#name))
        }
        Auth::Query(name) => quote!(runtime::Auth::Query(#name)),
        Auth::Cookie(name) => quote!(runtime::Auth::Cookie(#name)),
        Auth::Bearer => quote!(runtime::Auth::Bearer),
        Auth::Basic => quote!(runtime::Auth::Basic),
    }
}

/// The alternative requirements, each a slice of the runtime's `Scheme`.
pub(super) fn requirements(security: &[Vec<SecurityScheme>]) -> Vec<TokenStream> {
    let requirement = |schemes: &Vec<SecurityScheme>| {
        let schemes = schemes.iter().map(|scheme| {
            let (name, auth) = (&scheme.name, auth(&scheme.auth));
            quote!(runtime::Scheme { name: #name, auth: #auth })
        });
        quote!(&[#(#schemes),*])
    };
    security.iter().map(requirement).collect_vec()
}
