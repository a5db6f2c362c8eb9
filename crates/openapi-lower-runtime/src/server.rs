//! Servers of single operations (OpenAPI 3.1, section 4.8.8).

use std::collections::BTreeMap;

use reqwest::{Request, Url};

use crate::{auth::Auth, client::Client, error::Error, operation::CallTarget};

/// The server of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationServer {
    /// The base URL of the client.
    Base,
    /// A path at the host of the base URL, in place of the base URL's own path.
    Path(&'static str),
    /// Another host: one that the caller sets by name. It is called nowhere else.
    Named {
        /// The name: the host in the document.
        name: &'static str,
        /// The URL in the document, for the error if it isn't set.
        url: &'static str,
    },
}

/// A server that the caller has set by name.
#[derive(Clone, Debug)]
pub(crate) struct NamedServer {
    pub(crate) url: Url,
    /// Whether it gets the credential.
    pub(crate) with_api_key: bool,
}

pub(crate) type NamedServers = BTreeMap<String, NamedServer>;

/// Moves a request to the server of its operation, and returns the path below which its own path
/// is. A server that doesn't get the credential makes the target one without authentication.
pub(crate) fn choose(
    client: &Client,
    target: &mut CallTarget,
    request: &mut Request,
) -> Result<String, Error> {
    match target.server {
        OperationServer::Base => Ok(client.base_url().path().to_owned()),
        OperationServer::Path(path) => Ok(path.to_owned()),
        OperationServer::Named { name, url } => {
            let Some(server) = client.server(name) else {
                return Err(target.not_sent(format!(
                    "its server is {url}, which isn't that of the base URL: call \
                     `server(\"{name}\", …)` on the builder"
                )));
            };
            if !server.with_api_key {
                target.auth = Auth::None;
            }
            let query = request.url().query().map(str::to_owned);
            *request.url_mut() = server.url.clone();
            request.url_mut().set_query(query.as_deref());
            Ok(server.url.path().to_owned())
        }
    }
}
