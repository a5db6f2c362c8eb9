//! How the core hands out the requests that it builds.

use proc_macro2::TokenStream;
use quote::quote;

/// The hook that takes a request away from the core, and a core for each call.
pub(crate) fn hooks() -> TokenStream {
    quote! {
        // The core only builds requests: it stops before sending and leaves them to the runtime.
        impl runtime::ClientHooks<runtime::Capture> for core::Client {
            async fn pre<E>(
                &self,
                request: &mut runtime::reqwest::Request,
                _: &runtime::OperationInfo,
            ) -> Result<(), runtime::CoreError<E>> {
                Err(self.inner.take(request))
            }
        }

        fn core_of(client: &runtime::Client) -> core::Client {
            core::Client::new_with_client(
                runtime::core_base_url(client),
                runtime::http(client).clone(),
                runtime::Capture::default(),
            )
        }
    }
}
