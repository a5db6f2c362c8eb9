//! Hooks by which the runtime takes the requests that the core builds.

use proc_macro2::TokenStream;
use quote::quote;

/// Emits the hook that captures a request, and the function that makes a core for a call.
pub(crate) fn hooks() -> TokenStream {
    quote! {
        // The core only builds requests: the hook captures them for the runtime before they are
        // sent.
        impl runtime::ClientHooks<runtime::Capture> for core::Client {
            async fn pre<E>(
                &self,
                request: &mut runtime::reqwest::Request,
                _: &runtime::OperationInfo,
            ) -> Result<(), runtime::CoreError<E>> {
                Err(self.inner.intercept(request))
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
