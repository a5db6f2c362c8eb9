//! The paths that generated code refers to.

use openapi_document::{Pointer, Refusal, Refusals};
use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    collect::Collect,
    features::{DEPRECATED, Features},
    ir::Operation,
    options::GenerateOptions,
};

/// The paths that generated code refers to.
pub(crate) struct Target<'a> {
    /// The path of the runtime's crate.
    pub(super) runtime: &'a str,
    /// The path of the user's client type; `None` to emit one.
    pub(super) client: Option<&'a str>,
    /// The Cargo features of operations.
    features: &'a Features,
}

impl<'a> Target<'a> {
    /// Checks the options' paths and published names.
    pub(crate) fn new(options: &'a GenerateOptions) -> Result<Self, Refusals> {
        let check = |what: &str, path: &str| match syn::parse_str::<syn::Path>(path) {
            Ok(_) => Ok(()),
            Err(error) => Err(failed(what, &format_args!("`{path}`: {error}"))),
        };
        for (key, name) in &options.names {
            if syn::parse_str::<syn::Ident>(name).is_err() {
                let what = format!("the published name of `{key}`");
                return Err(failed(&what, &format_args!("`{name}` is not a Rust identifier")));
            }
        }
        let (runtime, client) = (options.runtime.as_str(), options.client.as_deref());
        check("the path of the runtime", runtime)?;
        if let Some(client) = client {
            check("the path of the client", client)?;
        }
        Ok(Self { runtime, client, features: &options.features })
    }

    /// The attribute by which rustdoc shows the features of an operation on docs.rs.
    pub(super) fn doc_cfg(&self, operation: &Operation) -> TokenStream {
        let features = self.features.features_of(operation);
        if features.is_empty() {
            return TokenStream::new();
        }
        let features = features.into_iter().map(|feature| quote!(feature = #feature));
        let features = features.collect_vec();
        let any = match features.as_slice() {
            [one] => one.clone(),
            several => quote!(any(#(#several),*)),
        };
        let condition = match operation.deprecated {
            true => quote!(all(#any, feature = #DEPRECATED)),
            false => any,
        };
        quote!(#[cfg_attr(docsrs, doc(cfg(#condition)))])
    }

    /// The path of the client type in a module of the generated code.
    pub(super) fn client_in_module(&self) -> Result<syn::Path, Refusals> {
        syn::parse_str(self.client.unwrap_or("super::Client"))
            .map_err(|error| failed("the path of the client", &error))
    }
}

/// A refusal of the whole document: `what` failed with `error`.
pub(super) fn failed(what: &str, error: &dyn std::fmt::Display) -> Refusals {
    Refusal::new(Pointer::root(), what, error.to_string()).into()
}
