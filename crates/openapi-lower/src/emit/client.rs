//! The client type.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident::ident, impls};
use crate::{
    ir::{Auth, ClientModel},
    markdown::inline,
};

/// Emits the runtime's constructor of the client: the user's type, or one that is emitted here.
pub(super) fn emit(model: &ClientModel, users: Option<&syn::Path>) -> TokenStream {
    let definition = match users {
        Some(_) => TokenStream::new(),
        None => client_type(model),
    };
    let client = users.map_or_else(|| quote!(Client), |path| quote!(#path));
    quote! {
        #definition

        #[doc(hidden)]
        impl runtime::GeneratedClient for #client {
            fn wrap(client: runtime::Client, _: runtime::Seal) -> Self {
                Self::from_runtime(client)
            }
        }
    }
}

/// Emits a client type.
fn client_type(model: &ClientModel) -> TokenStream {
    let title = inline(&model.title);
    let title = if title.is_empty() { "the API".to_owned() } else { title };
    let doc = format!(
        "A client of {title}: each operation is a method that returns its builder.\n\n\
         Cloning is cheap; all clones share connections, credential and settings."
    );
    let doc = docs::attribute(&doc);
    let debug = quote!(::std::fmt::Debug::fmt(&self.0, f));
    let debug = impls::debug(&ident("Client"), &debug);
    let template = model.server_template.is_some();
    let template = template.then(|| quote!(.server_template(SERVER_TEMPLATE)));
    let new = match model.auth {
        Auth::None => quote! {
            /// Creates a client with default settings.
            ///
            /// # Errors
            ///
            /// Returns an error if the document declares no server or TLS can't be set up.
            pub fn new() -> Result<Self, runtime::Error> {
                Self::builder().build()
            }
        },
        _ => quote! {
            /// Creates a client with this credential and default settings.
            ///
            /// # Errors
            ///
            /// Returns an error if the credential can't be sent in a header, the document declares
            /// no server, or TLS can't be set up.
            pub fn new(api_key: impl Into<String>) -> Result<Self, runtime::Error> {
                Self::builder().api_key(api_key).build()
            }
        },
    };
    quote! {
        #doc
        #[derive(Clone)]
        pub struct Client(runtime::Client);

        #[allow(dead_code)]
        impl Client {
            #new

            /// Returns a builder, for settings other than the defaults.
            pub fn builder() -> runtime::ClientBuilder<Self> {
                const USER_AGENT: &str =
                    concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
                runtime::ClientBuilder::new(SERVER, AUTH, USER_AGENT)
                    .path_prefix(PATH_PREFIX)
                    .api_version(API_VERSION)
                    #template
            }

            /// The URL that paths are appended to: without their common prefix, if the base URL
            /// that was set ends with it.
            pub fn base_url(&self) -> &runtime::Url {
                self.0.base_url()
            }

            /// Returns a client with the same connections and other options, for one call or many.
            /// Options that aren't set keep this client's values; headers are added to its headers.
            #[must_use]
            pub fn with_options(&self, options: runtime::CallOptions) -> Self {
                Self(self.0.with_options(options))
            }

            /// Starts a request to a path that the document doesn't declare, with the base URL,
            /// credential, retries and errors of the operations.
            pub fn request(
                &self,
                method: runtime::reqwest::Method,
                path: impl Into<String>,
            ) -> runtime::Request {
                self.0.request(method, path)
            }

            /// Downloads a file from any URL, without sending the credential.
            pub fn download(&self, url: impl runtime::reqwest::IntoUrl) -> runtime::Download {
                self.0.download(url)
            }

            pub(crate) fn from_runtime(client: runtime::Client) -> Self {
                Self(client)
            }

            pub(crate) fn runtime(&self) -> &runtime::Client {
                &self.0
            }
        }

        #debug
    }
}
