//! The path of a base URL, compared with the document: doubled or missing.

use reqwest::Url;

use crate::trace;

/// Removes the prefix of the document's paths from the end of a base URL; `prefix` begins with a
/// slash.
pub(crate) fn remove_prefix(base_url: &mut Url, prefix: &str) {
    if prefix.len() < 2 {
        return;
    }
    if let Some(path) = base_url.path().strip_suffix(prefix) {
        let path = path.to_owned();
        base_url.set_path(&path);
        trace::record_removed_prefix(prefix);
    }
}

/// Describes the path that a base URL without one lacks, by the URL of the document's server.
pub(crate) fn missing(base_url: &Url, server: &str) -> Option<String> {
    let server = Url::parse(server).ok()?;
    let path = server.path().trim_end_matches('/');
    let is_bare = base_url.path().trim_end_matches('/').is_empty();
    (is_bare && !path.is_empty())
        .then(|| format!("the base URL {base_url} lacks the path {path} of the API's server"))
}
