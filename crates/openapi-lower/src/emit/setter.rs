//! Methods that set a value.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// Emits a method that takes `self`, changes it by the statements `set`, and returns it.
pub(super) fn emit(
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
