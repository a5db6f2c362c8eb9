//! Who may ask (OpenAPI 3.1, "Security Scheme Object").

use openapi_document::{Document, Operation};

use crate::parameters::decoded;

/// The query parameters that carry a key.
pub(crate) fn query_names(document: &Document) -> Vec<String> {
    let schemes = document.at("/components/securitySchemes");
    let schemes = schemes.iter().flat_map(|at| at.members());
    let in_query = schemes.filter(|(_, scheme)| scheme.text("in") == Some("query"));
    in_query.filter_map(|(_, scheme)| scheme.text("name")).map(str::to_owned).collect()
}

/// Why a request may not be answered; `None` if it may. Any credential is taken, if it is one.
pub(crate) fn refusal(
    document: &Document,
    operation: &Operation,
    query: &str,
    headers: &hyper::HeaderMap,
) -> Option<String> {
    let mut missing = None;
    for alternative in &operation.security {
        let lacks = alternative.iter().find_map(|name| lacking(document, name, query, headers));
        match lacks {
            None => return None,
            Some(what) => missing = missing.or(Some(what)),
        }
    }
    missing
}

/// What a scheme needs and the request doesn't have.
fn lacking(
    document: &Document,
    scheme: &str,
    query: &str,
    headers: &hyper::HeaderMap,
) -> Option<String> {
    let Some(at) = document.at(&format!("/components/securitySchemes/{scheme}")) else {
        return Some(format!("the security scheme `{scheme}`, which the document doesn't declare"));
    };
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let starts = |prefix: &str| {
        let sent = header("authorization").and_then(|value| value.split_once(' '));
        sent.is_some_and(|(kind, rest)| kind.eq_ignore_ascii_case(prefix) && !rest.is_empty())
    };
    let name = at.text("name").unwrap_or_default();
    let (there, what) = match (at.text("type"), at.text("in")) {
        (Some("apiKey"), Some("query")) => {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            let mut named = pairs.filter(|(key, value)| decoded(key) == name && !value.is_empty());
            (named.next().is_some(), format!("the query parameter `{name}`"))
        }
        (Some("apiKey"), Some("cookie")) => {
            let cookies = header("cookie").unwrap_or_default();
            let mut pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
            (pairs.any(|(key, _)| key == name), format!("the cookie `{name}`"))
        }
        (Some("apiKey"), _) => {
            (header(name).is_some_and(|key| !key.is_empty()), format!("the header `{name}`"))
        }
        (Some("http"), _) => {
            let kind = at.text("scheme").unwrap_or("bearer");
            (starts(kind), format!("`Authorization: {kind} …`"))
        }
        (Some("mutualTLS"), _) => return None,
        _ => (starts("bearer"), "`Authorization: Bearer …`".to_owned()),
    };
    (!there).then_some(what)
}
