//! Security requirements of operations (OpenAPI 3.1, "Security Scheme Object").

use openapi_document::{Document, Operation};

use crate::{parameters::parse_cookies, query_pairs::form_decode};

/// Returns the names of the query parameters that carry API keys.
pub(crate) fn query_key_names(document: &Document) -> Vec<String> {
    let schemes = document.node_at("/components/securitySchemes");
    let schemes = schemes.iter().flat_map(|at| at.members());
    let in_query = schemes.filter(|(_, scheme)| scheme.text("in") == Some("query"));
    in_query.filter_map(|(_, scheme)| scheme.text("name")).map(str::to_owned).collect()
}

/// Returns the credential that a request lacks; `None` if it meets a security requirement.
///
/// Any value of a credential is accepted, as long as it isn't empty.
pub(crate) fn missing_credential(
    document: &Document,
    operation: &Operation,
    query: &str,
    headers: &hyper::HeaderMap,
) -> Option<String> {
    let mut first_missing = None;
    for requirement in &operation.security {
        let missing =
            requirement.iter().find_map(|name| missing_for_scheme(document, name, query, headers));
        match missing {
            None => return None,
            Some(credential) => first_missing = first_missing.or(Some(credential)),
        }
    }
    first_missing
}

/// Returns the credential that a security scheme requires and the request lacks.
fn missing_for_scheme(
    document: &Document,
    scheme: &str,
    query: &str,
    headers: &hyper::HeaderMap,
) -> Option<String> {
    let Some(at) = document.node_at(&format!("/components/securitySchemes/{scheme}")) else {
        return Some(format!("security scheme `{scheme}`, which the document doesn't declare"));
    };
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let has_authorization = |scheme: &str| {
        let sent = header("authorization").and_then(|value| value.split_once(' '));
        sent.is_some_and(|(sent, rest)| sent.eq_ignore_ascii_case(scheme) && !rest.is_empty())
    };
    let name = at.text("name").unwrap_or_default();
    let (present, credential) = match (at.text("type"), at.text("in")) {
        (Some("apiKey"), Some("query")) => {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            let mut named =
                pairs.filter(|(key, value)| form_decode(key) == name && !value.is_empty());
            (named.next().is_some(), format!("query parameter `{name}`"))
        }
        (Some("apiKey"), Some("cookie")) => {
            let cookies = parse_cookies(headers);
            let is_present = cookies.iter().any(|(key, value)| key == name && !value.is_empty());
            (is_present, format!("cookie `{name}`"))
        }
        (Some("apiKey"), _) => {
            (header(name).is_some_and(|key| !key.is_empty()), format!("header `{name}`"))
        }
        (Some("http"), _) => {
            let scheme = at.text("scheme").unwrap_or("bearer");
            (has_authorization(scheme), format!("header `Authorization: {scheme} …`"))
        }
        (Some("mutualTLS"), _) => return None,
        _ => (has_authorization("bearer"), "header `Authorization: Bearer …`".to_owned()),
    };
    (!present).then_some(credential)
}
