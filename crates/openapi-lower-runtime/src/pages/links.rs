//! Links to the next page.

use reqwest::Url;

use super::cursor::failed;
use crate::{call::Call, encode, error::Error};

/// Directs a call to the link of another page, which is resolved against the URL of the page that
/// has it, or else against the call's own URL.
///
/// # Errors
///
/// If the link is malformed or leads to another origin: the credential is for this one.
pub(super) fn follow(mut call: Call, base: Option<&Url>, link: &str) -> Result<Call, Error> {
    let own = call.request.url();
    let fail = |reason: &str| call.target.describe(failed(reason));
    let mut url = base
        .unwrap_or(own)
        .join(link)
        .map_err(|error| fail("the link to the next page is malformed").with_source(error))?;
    if url.origin() != own.origin() {
        let reason = format!(
            "the link to the next page leads to another origin, {} instead of {}",
            url.origin().ascii_serialization(),
            own.origin().ascii_serialization()
        );
        return Err(fail(&reason));
    }
    // They would compete with the credential.
    if !url.username().is_empty() || url.password().is_some() {
        return Err(fail("the link to the next page has a user name or password"));
    }
    url.set_fragment(None);
    for name in call.target.security.query_parameters() {
        encode::remove_pairs(&mut url, name);
    }
    *call.request.url_mut() = url;
    Ok(call)
}
