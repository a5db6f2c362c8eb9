//! Servers of single operations (OpenAPI 3.1, section 4.8.8).

use std::collections::BTreeMap;

use reqwest::Url;

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
