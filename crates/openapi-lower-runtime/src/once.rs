//! Streams of clonable requests.

use std::sync::{Arc, Mutex, PoisonError};

/// A stream that can be read once. Clones share it: the first that is sent reads it.
pub(crate) struct Once<T>(Arc<Mutex<Option<T>>>);

impl<T> Once<T> {
    pub(crate) fn new(stream: T) -> Self {
        Self(Arc::new(Mutex::new(Some(stream))))
    }

    /// Takes the stream.
    ///
    /// # Errors
    ///
    /// The reason, if it was taken before.
    pub(crate) fn take(&self) -> Result<T, String> {
        let mut stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stream.take().ok_or_else(|| {
            "the body is a stream, which a copy of the request has sent already".to_owned()
        })
    }
}

impl<T> Clone for Once<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}
