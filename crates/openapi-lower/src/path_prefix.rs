//! The path prefix that the paths of a document share, which may be that of its server instead.

use std::collections::HashSet;

use crate::{collect::Collect, ir::ClientModel, text_map::TextMap};

/// Returns the literal segments (`/agents/v2`) with which the paths of a document begin; `None` if
/// there are none, or if the URL of its server has a path.
///
/// A version of a document may move a base path from the URL of its server into its paths. Base
/// URLs that were right before then end with these segments.
///
/// - Of a path, the segments before the last literal one count, up to the first parameter: the last
///   one names a resource. `/pets` and `/pets/{id}` have none, `/v2/pets/{id}` has `/v2`.
/// - The first segment is the one that more than half of all paths begin with: a few may have been
///   added beside the others, such as `/users/v2/whoami`.
/// - The prefix is then what all paths with that first segment have in common.
pub(crate) fn path_prefix(model: &ClientModel) -> Option<String> {
    if !server_path(model.server.as_deref().unwrap_or_default()).is_empty() {
        return None;
    }
    let paths: HashSet<&str> = model.operations.iter().map(|one| one.path.as_str()).collect_set();
    let bases: Vec<Vec<&str>> = paths.into_iter().map(base).collect_vec();
    let mut counts: TextMap<&str, usize> = TextMap::new();
    for first in bases.iter().filter_map(|base| base.first()) {
        *counts.or_default(first) += 1;
    }
    let (common, _) = counts.into_iter().find(|(_, count)| count * 2 > bases.len())?;
    let mut with_common = bases.iter().filter(|base| base.first() == Some(&common));
    let mut prefix = with_common.next()?.as_slice();
    for base in with_common {
        let length = prefix.iter().zip(base).take_while(|(left, right)| left == right).count();
        prefix = &prefix[..length];
    }
    Some(format!("/{}", prefix.join("/")))
}

/// The literal segments of a path template before the last of them.
fn base(path: &str) -> Vec<&str> {
    // Others are written differently in a URL.
    let is_plain = |segment: &&str| {
        let unreserved = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        !segment.is_empty() && segment.chars().all(unreserved) && !segment.chars().all(|c| c == '.')
    };
    let mut segments = path.split('/').skip(1).take_while(is_plain).collect_vec();
    segments.pop();
    segments
}

/// The path of a server's URL, absolute or relative, without slashes at its ends.
fn server_path(url: &str) -> &str {
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => url,
    };
    path.trim_matches('/')
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::lower::lower;

    /// The prefix of a document with this server and these paths.
    fn prefix(server: &str, paths: &[&str]) -> Option<String> {
        let operation = serde_json::json!({ "responses": { "204": { "description": "" } } });
        let paths: serde_json::Map<_, _> = paths
            .iter()
            .map(|path| ((*path).to_owned(), serde_json::json!({ "get": operation })))
            .collect();
        let document = serde_json::json!({
            "openapi": "3.1.0", "info": { "title": "T", "version": "1" }, "paths": paths,
            "servers": [{ "url": server }],
        });
        let document = openapi_document::Document::parse(&document.to_string()).unwrap();
        path_prefix(&lower(&document, &BTreeMap::new()).unwrap().model)
    }

    const HOST: &str = "https://api.example";

    #[test]
    fn the_prefix_is_what_most_paths_begin_with() {
        for (paths, expected) in [
            (&["/a/v2/pets", "/a/v2/pets/{id}", "/a/v2/toys"][..], Some("/a/v2")),
            // Some paths may be elsewhere.
            (&["/a/v2/pets", "/a/v2/toys", "/users/v2/whoami"], Some("/a/v2")),
            (&["/a/v2/pets", "/users/v2/whoami"], None),
            (&["/v2/admin/x", "/v2/admin/y", "/v2/pets"], Some("/v2")),
            // Resources are no prefixes.
            (&["/pets", "/pets/{id}", "/pets/{id}/toys", "/pets/search"], None),
            (&["/pets/{id}", "/pets/{id}/toys"], None),
            (&["/{tenant}/v2/pets", "/{tenant}/v2/toys"], None),
            (&["/v{version}/pets/x", "/v{version}/toys/x"], None),
        ] {
            assert_eq!(prefix(HOST, paths).as_deref(), expected, "{paths:?}");
        }
    }

    #[test]
    fn a_server_with_a_path_has_the_prefix_itself() {
        let paths = ["/a/v2/pets", "/a/v2/toys"];
        for (server, expected) in [
            ("https://api.example/", Some("/a/v2")),
            ("/", Some("/a/v2")),
            ("https://api.example/base", None),
            ("/base", None),
        ] {
            assert_eq!(prefix(server, &paths).as_deref(), expected, "{server}");
        }
    }
}
