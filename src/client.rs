//! The client of the Asteroid API: where the API is, and where the key comes from.

use std::fmt;

use openapi_lower_runtime::{
    self as runtime, CallOptions, ClientBuilder, Download, Error, Request,
    reqwest::{IntoUrl, Method, Url},
};

use crate::generated;

/// The environment variable with the API key.
pub const API_KEY_VARIABLE: &str = "ASTEROID_API_KEY";

/// The environment variable with the base URL, for another deployment or a mock.
pub const BASE_URL_VARIABLE: &str = "ASTEROID_BASE_URL";

/// What to do about a missing key.
const KEY_HINT: &str =
    "call `api_key` on the builder, or set ASTEROID_API_KEY and use `Client::from_env`";

/// The name of this crate in `User-Agent`.
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// A client of the API: connections, credential and settings, shared by all clones.
///
/// Cloning is cheap. Each operation of the API is a method that returns a builder.
///
/// ```no_run
/// # async fn example() -> Result<(), asteroid_agents::Error> {
/// use asteroid_agents::Client;
///
/// let client = Client::builder().api_key("the-key").build()?;
/// let agents = client.agent_list().page_size(10).await?;
/// println!("{} of {}", agents.items.len(), agents.total);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(runtime::Client);

impl Client {
    /// A client of the production API with default settings.
    ///
    /// # Errors
    ///
    /// If the key can't be sent in a header, or TLS can't be set up.
    pub fn new(api_key: impl Into<String>) -> Result<Self, Error> {
        Self::builder().api_key(api_key).build()
    }

    /// A client with the key from `ASTEROID_API_KEY` and, if it is set, the base URL from
    /// `ASTEROID_BASE_URL`.
    ///
    /// # Errors
    ///
    /// If `ASTEROID_API_KEY` isn't set, or either variable can't be used.
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().env(API_KEY_VARIABLE, BASE_URL_VARIABLE)?.build()
    }

    /// Settings for a client.
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
        ClientBuilder::new(generated::SERVER, generated::AUTH, USER_AGENT).key_hint(KEY_HINT)
    }

    /// The URL that paths are appended to.
    pub fn base_url(&self) -> &Url {
        self.0.base_url()
    }

    /// A client with the same connections whose calls do some things otherwise: for one call, or
    /// for many.
    ///
    /// What the options don't name stays as it is here; headers add up.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self(self.0.with_options(options))
    }

    /// A request to a path of the API that the document doesn't have: with the same base URL,
    /// credential, retries and errors as its operations.
    ///
    /// `path` is a template that begins with a slash, `/things/{id}`; [`Request::path`] gives its
    /// values, which can't lead out of their place.
    pub fn request(&self, method: Method, path: impl Into<String>) -> Request {
        self.0.request(method, path)
    }

    /// Downloads a file: from a URL that an operation responded with, or any other of http or
    /// https. The key isn't sent.
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

    /// For the generated code, which makes this type and gives it the operations.
    pub(crate) fn from_runtime(client: runtime::Client) -> Self {
        Self(client)
    }

    pub(crate) fn runtime(&self) -> &runtime::Client {
        &self.0
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
