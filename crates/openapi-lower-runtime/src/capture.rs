//! Captures the requests that progenitor's code builds, instead of letting it send them.
//!
//! progenitor's functions build and send a request in one step, and their hooks see neither the
//! number of attempts nor the URL of the response. So the `pre` hook takes the request and returns
//! an error. The future of the function never waits for anything before that.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
pub use progenitor_client::Error as CoreError;
use reqwest::{Request, header::HeaderName};

/// The header in which progenitor sends the document's `info.version`.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// A slot for the request that a function of progenitor's code builds.
#[derive(Clone, Debug, Default)]
pub struct Capture(Arc<Mutex<Option<Request>>>);

impl Capture {
    /// Stores the request. The hook returns the error, so that the request isn't sent.
    pub fn intercept<E>(&self, request: &mut Request) -> CoreError<E> {
        let empty = Request::new(request.method().clone(), request.url().clone());
        let mut taken = std::mem::replace(request, empty);
        // The first value is progenitor's. A value that the caller set as a parameter stays.
        let set_by_caller: Vec<_> =
            taken.headers().get_all(&API_VERSION).iter().skip(1).cloned().collect();
        taken.headers_mut().remove(&API_VERSION);
        for value in set_by_caller {
            taken.headers_mut().append(API_VERSION, value);
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(taken);
        CoreError::Custom("captured".to_owned())
    }
}

/// Runs a function of progenitor's code up to its hook, and returns the request. The error is the
/// reason why no request was built.
pub(crate) fn capture<T, E>(
    slot: &Capture,
    function: impl Future<Output = Result<T, CoreError<E>>>,
) -> Result<Request, String> {
    let outcome = function.now_or_never();
    if let Some(request) = slot.0.lock().unwrap_or_else(PoisonError::into_inner).take() {
        return Ok(request);
    }
    Err(match outcome {
        Some(Err(CoreError::InvalidRequest(reason) | CoreError::Custom(reason))) => reason,
        Some(Err(CoreError::CommunicationError(error))) => {
            let error = error.without_url();
            let source = std::error::Error::source(&error).map(|source| format!(": {source}"));
            format!("{error}{}", source.unwrap_or_default())
        }
        _ => "the request was not built".to_owned(),
    })
}
