//! The client: a cheap handle to the connections and settings that calls share.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::{StatusCode, Url};

use crate::{
    api_error::ApiError,
    auth::Auth,
    connections::Connections,
    credentials::Credentials,
    display::Mask,
    error::Error,
    options::CallOptions,
    propagation::Propagator,
    server::{NamedServer, NamedServers, OperationServer},
    settings::Settings,
    throttle::Throttle,
};

/// An HTTP client of one API, without operations of its own.
///
/// It holds the base URL, the credential, the connection pool and the settings. A generated client
/// wraps a `Client` and adds the operations of its document; by itself, a `Client` sends
/// [requests](Client::request) to any path below its base URL and [downloads](Client::download)
/// files.
///
/// Cloning is cheap: all clones share one connection pool. The credential is sent to the host of
/// the base URL only, and redirects are not followed.
///
/// ```no_run
/// # async fn example() -> Result<(), openapi_lower_runtime::Error> {
/// use openapi_lower_runtime::{Auth, Client, ClientBuilder, reqwest::Method};
///
/// let client: Client = ClientBuilder::new("https://api.example/v1", Auth::Bearer, "my-sdk/1.0")
///     .api_key("the-key")
///     .build()?;
/// let request = client.request(Method::GET, "/names").query("limit", 10);
/// let names = request.send::<Vec<String>>().await?;
/// println!("{names:?}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    shared: Arc<Shared>,
    settings: Settings,
}

/// The parts of a client that [`CallOptions`] can't change.
pub(crate) struct Shared {
    pub(crate) connections: Connections,
    pub(crate) base_url: Url,
    /// The base URL without a trailing slash: progenitor's code appends paths to it.
    pub(crate) core_base_url: String,
    /// The version of the document; empty if it isn't known.
    pub(crate) api_version: String,
    /// The path that the base URL lacks, as a sentence.
    pub(crate) missing_base_path: Option<String>,
    pub(crate) auth: Auth,
    pub(crate) credentials: Credentials,
    pub(crate) servers: NamedServers,
    pub(crate) mask: Mask,
    pub(crate) throttle: Throttle,
    pub(crate) propagator: Propagator,
}

impl Client {
    pub(crate) fn from_parts(shared: Shared, settings: Settings) -> Self {
        Self(Arc::new(Inner { shared: Arc::new(shared), settings }))
    }

    /// Returns the base URL, to which the paths of requests are appended: the one that was set, or
    /// that of the document's server, without trailing slashes and without the
    /// [`path_prefix`](crate::ClientBuilder::path_prefix) at its end.
    pub fn base_url(&self) -> &Url {
        &self.0.shared.base_url
    }

    /// Returns the timeout of one attempt: see
    /// [`ClientBuilder::timeout`](crate::ClientBuilder::timeout).
    pub fn timeout(&self) -> Duration {
        self.0.settings.timeout
    }

    /// Returns a client that shares the connections of this one and applies `options` to its calls.
    ///
    /// Settings that the options don't set keep the values of this client. Headers are added to
    /// those of this client.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        let mut settings = self.0.settings.clone();
        options.apply(&mut settings);
        Self(Arc::new(Inner { shared: self.0.shared.clone(), settings }))
    }

    /// Creates the error of an error response. That of 404 (Not Found) names the path that the base
    /// URL lacks.
    pub(crate) fn api_error(&self, error: ApiError, server: OperationServer) -> Error {
        let is_not_found = error.status() == StatusCode::NOT_FOUND;
        let is_base = server == OperationServer::Base;
        let hint = self.0.shared.missing_base_path.as_ref().filter(|_| is_not_found && is_base);
        Error::from_api(error).with_hint(hint.cloned())
    }

    pub(crate) fn connections(&self) -> &Connections {
        &self.0.shared.connections
    }

    /// Returns the default authentication scheme, for requests without an operation.
    pub(crate) fn auth(&self) -> Auth {
        self.0.shared.auth
    }

    /// The mask that hides the credentials.
    pub(crate) fn mask(&self) -> &Mask {
        &self.0.shared.mask
    }

    pub(crate) fn credentials(&self) -> &Credentials {
        &self.0.shared.credentials
    }

    /// The server that the caller has set by this name.
    pub(crate) fn server(&self, name: &str) -> Option<&NamedServer> {
        self.0.shared.servers.get(name)
    }

    /// Whether a URL is on a server of the API: that of the base URL or one with a name.
    pub(crate) fn serves(&self, url: &Url) -> bool {
        let shared = &self.0.shared;
        let is_at = |server: &Url| {
            server.scheme() == url.scheme()
                && server.host_str() == url.host_str()
                && server.port_or_known_default() == url.port_or_known_default()
        };
        is_at(&shared.base_url) || shared.servers.values().any(|server| is_at(&server.url))
    }

    /// The limits of attempts.
    pub(crate) fn throttle(&self) -> &Throttle {
        &self.0.shared.throttle
    }

    /// The function that adds headers of a trace.
    pub(crate) fn propagator(&self) -> &Propagator {
        &self.0.shared.propagator
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }
}

/// Returns the base URL without a trailing slash, as progenitor's code expects it.
pub fn core_base_url(client: &Client) -> &str {
    &client.0.shared.core_base_url
}

/// Returns the HTTP client with which progenitor's code builds requests. It doesn't send them.
pub fn http(client: &Client) -> &reqwest::Client {
    client.connections().http()
}

impl fmt::Debug for Client {
    /// Shows the host, the version of the document and which credentials are set, without these.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shared = &self.0.shared;
        let mut debug = f.debug_struct("Client");
        debug.field("base_url", &shared.base_url.as_str());
        if !shared.api_version.is_empty() {
            debug.field("api_version", &shared.api_version);
        }
        debug.field("credentials", &shared.credentials).finish_non_exhaustive()
    }
}
