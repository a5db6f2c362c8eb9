//! The servers of operations (OpenAPI 3.1, section 4.8.8).

use openapi_document::{Pointer, server};
use serde_json::Value;

use super::super::diagnostics::Diagnostics;
use crate::{
    collect::Collect,
    ir::{OperationServer, ServerTemplate, ServerVariable},
    json,
    order::sort,
};

/// The server of an operation with `servers`, compared with that of the document.
///
/// If the document's server is among them, the operation has no other. Of several others it is the
/// first.
pub(super) fn extract(
    document: Option<&str>,
    servers: Option<&Value>,
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) -> OperationServer {
    let urls: Vec<String> = json::items(servers).iter().filter_map(server::url).collect_vec();
    let Some(url) = urls.first() else { return OperationServer::Base };
    let without_slash = |url: &str| url.trim_end_matches('/').to_owned();
    // Without a server, the URL is that of the document's own (section 4.8.1).
    let document = without_slash(document.unwrap_or("/"));
    if urls.iter().any(|url| without_slash(url) == document) {
        return OperationServer::Base;
    }
    let Some((origin, path)) = split(url) else {
        let message = format!("the relative URL `{url}` is a path at the host of the base URL");
        diagnostics.warn(&at.join("servers"), message);
        return OperationServer::Path(format!("/{}", url.trim_matches(['/', '.'])));
    };
    match split(&document) {
        Some((document, _)) if document.eq_ignore_ascii_case(origin) => {
            OperationServer::Path(without_slash(path))
        }
        _ => {
            let host = origin.split_once("://").map_or(origin, |(_, host)| host);
            OperationServer::Named { name: host.to_lowercase(), url: url.clone() }
        }
    }
}

/// The origin and the path of an absolute URL.
fn split(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let start = scheme.len() + 3;
    let host = rest.find('/').unwrap_or(rest.len());
    Some((&url[..start + host], &url[start + host..]))
}

/// The URL of a server with the variables that it has; `None` if there are none.
pub(super) fn template(server: &Value) -> Option<ServerTemplate> {
    let url = server.get("url")?.as_str()?.to_owned();
    let declared = server.get("variables")?.as_object()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let mut variables = Vec::new();
    for (name, variable) in declared {
        if url.contains(&format!("{{{name}}}")) {
            variables.push(ServerVariable {
                name: name.clone(),
                default: variable.get("default").and_then(text).unwrap_or_default(),
                values: json::items(variable.get("enum")).iter().filter_map(text).collect_vec(),
            });
        }
    }
    sort(&mut variables, &|variable| (0, variable.name.clone()));
    (!variables.is_empty()).then_some(ServerTemplate { url, variables })
}
