//! The headers by which a trace goes on at the server, such as `traceparent` (W3C Trace Context).

use std::{fmt, sync::Arc};

use reqwest::{
    Request,
    header::{HeaderMap, HeaderName, USER_AGENT},
};

use crate::{headers, operation::CallTarget};

type Inject = dyn Fn(&mut HeaderMap) + Send + Sync;

/// The caller's function that adds headers to each attempt; by default none.
#[derive(Clone, Default)]
pub(crate) struct Propagator(Option<Arc<Inject>>);

impl Propagator {
    #[cfg(feature = "tracing")]
    pub(crate) fn new(inject: impl Fn(&mut HeaderMap) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(inject)))
    }

    /// Adds the headers to a request that is complete. They replace none: neither that of the
    /// credential, whether it is sent or not, nor one of the caller or of the message.
    pub(crate) fn inject(&self, request: &mut Request, target: &CallTarget) {
        let Some(inject) = &self.0 else { return };
        let mut added = HeaderMap::new();
        // The function gets headers of its own: it can't read the credential.
        inject(&mut added);
        let carries_credential =
            |name: &HeaderName| target.security.headers().any(|other| name == other);
        let headers = request.headers_mut();
        // That of the user agent is added later.
        for name in added.keys().filter(|name| *name != USER_AGENT) {
            let is_free = !headers.contains_key(name) && !headers::is_derived(name);
            if is_free && !carries_credential(name) {
                for value in added.get_all(name) {
                    headers.append(name, value.clone());
                }
            }
        }
    }
}

impl fmt::Debug for Propagator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Propagator(..)")
    }
}
