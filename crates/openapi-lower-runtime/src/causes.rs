//! The causes of errors.

use std::{error::Error as StdError, iter};

/// The number of causes that are examined: an error may be its own cause.
const MAX_CAUSES: usize = 64;

/// Returns an error and its causes, up to a bound.
pub(crate) fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let source = |error: &&'a (dyn StdError + 'static)| (*error).source();
    iter::successors(Some(error), source).take(MAX_CAUSES)
}

/// Whether an error has more causes than are examined.
pub(crate) fn is_unbounded(error: &(dyn StdError + 'static)) -> bool {
    chain(error).count() == MAX_CAUSES
}

/// Finds an error or a cause of it by its type.
pub(crate) fn find<'a, T: StdError + 'static>(
    error: &'a (dyn StdError + 'static),
) -> Option<&'a T> {
    chain(error).find_map(|cause| cause.downcast_ref())
}

/// Whether the server didn't process the request at all, so that it can be sent again (RFC 9113,
/// section 8.7): it refused the stream, or closed the connection before it.
pub(crate) fn is_unprocessed(error: &reqwest::Error) -> bool {
    find::<h2::Error>(error).is_some_and(|error| {
        let reason = error.reason();
        let refused = error.is_reset() && reason == Some(h2::Reason::REFUSED_STREAM);
        let closed = error.is_go_away() && reason == Some(h2::Reason::NO_ERROR);
        error.is_remote() && (refused || closed)
    })
}
