//! The seam to progenitor's core: it builds requests, and this is where it leaves them.
//!
//! The core would send a request from inside the function that builds it, with hooks that can
//! neither tell how often they tried nor see the URL of the answer. So its `pre` hook takes the
//! request away and stops it; what is left of the core's future never waits for anything.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
pub use progenitor_client::Error as CoreError;
use reqwest::{Request, header::HeaderName};

/// The header by which progenitor says `info.version`, unasked.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// Holds the request that one function of the core built.
#[derive(Clone, Debug, Default)]
pub struct Capture(Arc<Mutex<Option<Request>>>);

impl Capture {
    /// Takes the request out of the hook; the error makes the core stop.
    pub fn take<E>(&self, request: &mut Request) -> CoreError<E> {
        let empty = Request::new(request.method().clone(), request.url().clone());
        let mut taken = std::mem::replace(request, empty);
        // The core's value comes first; one that a caller set as a parameter stays.
        let own: Vec<_> = taken.headers().get_all(&API_VERSION).iter().skip(1).cloned().collect();
        taken.headers_mut().remove(&API_VERSION);
        for value in own {
            taken.headers_mut().append(API_VERSION, value);
        }
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(taken);
        CoreError::Custom("captured".to_owned())
    }
}

/// Runs a function of the core up to its hook. `Err` says why it built no request.
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
