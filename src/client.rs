//! The client of the Asteroid Agents API, its environment variables and its default settings.

use std::fmt;

use openapi_lower_runtime::{
    self as runtime, CallOptions, ClientBuilder, Download, Error, Request,
    reqwest::{IntoUrl, Method, Url},
};

use crate::generated;

/// The environment variable that holds the API key: `ASTEROID_API_KEY`.
pub const API_KEY_VARIABLE: &str = "ASTEROID_API_KEY";

/// The environment variable that holds the base URL of another deployment or a mock:
/// `ASTEROID_BASE_URL`.
pub const BASE_URL_VARIABLE: &str = "ASTEROID_BASE_URL";

/// The advice in the error about a missing key.
const KEY_HINT: &str =
    "call `api_key` on the builder, or set ASTEROID_API_KEY and use `Client::from_env`";

/// The product of this crate in the header `User-Agent` (RFC 9110, section 10.1.5).
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// An async client for the Asteroid Agents API.
///
/// Clones are cheap and share connections, credential and settings: one client per program is
/// enough. Each operation of the API is a method named after its `operationId`. It returns a
/// builder with a setter for each parameter; `send()` or `.await` sends the request: see
/// [`operations`].
///
/// Defaults, which [`Client::builder`] changes:
///
/// - [`timeout`](ClientBuilder::timeout): 60 s per attempt; for uploads and streams, 60 s without
///   progress.
/// - [`connect_timeout`](ClientBuilder::connect_timeout): 10 s, TLS included.
/// - [`retry`](ClientBuilder::retry): up to 2 retries of calls that are safe to repeat: see
///   [`RetryPolicy`].
/// - [`response_limit`](ClientBuilder::response_limit): 64 MiB of a body in memory.
/// - [`base_url`](ClientBuilder::base_url): the server that the OpenAPI document declares. One that
///   ends with the path prefix of the document's paths (`https://host/agents/v2`) is used without
///   it: see [`Client::base_url`].
///
/// The API key is sent to the host of the base URL only, and is in no `Debug` output. Redirects are
/// never followed with it. Base URLs with `http://` are refused unless the host is loopback or
/// [`allow_http`](ClientBuilder::allow_http) is set.
///
/// [`operations`]: crate::operations
/// [`RetryPolicy`]: crate::RetryPolicy
///
/// ```no_run
/// # async fn example() -> Result<(), asteroid_agents::Error> {
/// use asteroid_agents::Client;
///
/// let client = Client::builder().api_key("your key").build()?;
/// let page = client.executions_list().page_size(10).await?;
/// println!("{} of {} executions", page.items.len(), page.total);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(runtime::Client);

impl Client {
    /// Creates a client of the production API with default settings.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if the key is empty or has characters that
    /// a header can't carry, or if TLS can't be set up.
    pub fn new(api_key: impl Into<String>) -> Result<Self, Error> {
        Self::builder().api_key(api_key).build()
    }

    /// Creates a client with the key in `ASTEROID_API_KEY` and, if that is set, the base URL in
    /// `ASTEROID_BASE_URL`. An empty variable counts as not set.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) if `ASTEROID_API_KEY` isn't set, if either
    /// variable isn't valid, or if TLS can't be set up.
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().env(API_KEY_VARIABLE, BASE_URL_VARIABLE)?.build()
    }

    /// Returns a builder with the default settings and without a key.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use asteroid_agents::{Client, RetryPolicy};
    ///
    /// let client = Client::builder()
    ///     .api_key("your key")
    ///     .timeout(Duration::from_secs(20))
    ///     .retry(RetryPolicy::new().max_retries(5).deadline(Duration::from_secs(120)))
    ///     .build()?;
    /// # Ok::<(), asteroid_agents::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::new(generated::SERVER, generated::AUTH, USER_AGENT)
            .path_prefix(generated::PATH_PREFIX)
            .api_version(generated::API_VERSION)
            .key_hint(KEY_HINT)
    }

    /// Returns the base URL, to which the paths of operations are appended.
    ///
    /// Later versions of the OpenAPI document moved the base path `/agents/v2` from the URL of the
    /// server into the paths. With them, a base URL that ends with it is used without it, and this
    /// returns `https://host/` for `https://host/agents/v2`. With a document that has the path in
    /// the URL of its server, a base URL without it stays as it is; an error 404 then names the
    /// missing path.
    pub fn base_url(&self) -> &Url {
        self.0.base_url()
    }

    /// Returns a client with other options for its calls, which shares this one's connections.
    ///
    /// Options that aren't set stay as they are here; headers are added to those set before.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self(self.0.with_options(options))
    }

    /// Returns a request to a path that the OpenAPI document doesn't declare, with the base URL,
    /// credential, retries and errors of operations.
    ///
    /// `path` is a template that begins with a slash, such as `/things/{id}`. [`Request::path`]
    /// sets the values, which are percent-encoded: a value never adds a path segment.
    pub fn request(&self, method: Method, path: impl Into<String>) -> Request {
        self.0.request(method, path)
    }

    /// Returns a download of a file from an http or https URL, such as one that an operation
    /// returned. The API key isn't sent.
    ///
    /// ```no_run
    /// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
    /// let written = client
    ///     .download("https://files.example/report.pdf?signature=…")
    ///     .on_progress(|done, total| println!("{done} of {total:?} bytes"))
    ///     .to_path("report.pdf")
    ///     .await?;
    /// println!("{} bytes, {:?}", *written, written.headers().get("content-type"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn download(&self, url: impl IntoUrl) -> Download {
        self.0.download(url)
    }

    /// Wraps a client of the runtime, for the generated code.
    pub(crate) fn from_runtime(client: runtime::Client) -> Self {
        Self(client)
    }

    /// Returns the client of the runtime, which the generated methods call.
    pub(crate) fn runtime(&self) -> &runtime::Client {
        &self.0
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
