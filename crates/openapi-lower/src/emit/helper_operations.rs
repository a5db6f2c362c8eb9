//! The calls of hand-written helpers.

use std::collections::BTreeSet;

use openapi_document::Refusals;
use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident::ident, target::Target};
use crate::ir::ClientModel;

/// Emits a private module with a function for each operation that a helper calls.
///
/// Unlike the methods of the client, they are never deprecated: a document that deprecates an
/// operation causes no warning in a crate whose helpers can't do without it yet.
pub(super) fn emit(
    model: &ClientModel,
    target: &Target<'_>,
    called: &BTreeSet<&str>,
) -> Result<TokenStream, Refusals> {
    if called.is_empty() {
        return Ok(TokenStream::new());
    }
    let client = target.client_in_module()?;
    let operations = model.operations.iter().filter(|one| called.contains(one.id.as_str()));
    let functions = operations.map(|operation| {
        let (function, builder) = (ident(&operation.function), ident(&operation.builder));
        let doc = docs::attribute(&format!("Returns the builder of `{}`.", operation.id));
        quote! {
            #doc
            pub(crate) fn #function(client: &#client) -> super::operations::#builder {
                client.#function()
            }
        }
    });
    Ok(quote! {
        /// The operations that hand-written helpers call. None is marked as deprecated here, though
        /// the document may deprecate it.
        #[allow(clippy::all, clippy::pedantic, dead_code, deprecated)]
        pub(crate) mod helper_operations {
            #(#functions)*
        }
    })
}
