//! Methods that set a value.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// A method that takes and returns `self`, with these attributes and arguments.
pub(super) fn setter(
    attributes: &TokenStream,
    name: &Ident,
    arguments: &TokenStream,
    set: &TokenStream,
) -> TokenStream {
    quote! {
        #attributes
        pub fn #name(mut self, #arguments) -> Self {
            #set
            self
        }
    }
}
