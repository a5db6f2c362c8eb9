//! How a client is made.

use std::{fmt, time::Duration};

use reqwest::{Url, redirect::Policy};

use super::{
    auth::{Auth, Secret},
    client::{Client, Settings, Shared},
    error::{Error, ErrorKind},
    options::ExtraHeaders,
    retry::RetryPolicy,
    tls,
};

type Configure = Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>;

/// Settings of a [`Client`], each with a default that suits most callers.
///
/// ```
/// use std::time::Duration;
///
/// use asteroid_agents::{Client, RetryPolicy};
///
/// let client = Client::builder()
///     .api_key("the-key")
///     .timeout(Duration::from_secs(20))
///     .retry(RetryPolicy::none())
///     .user_agent("my-tool/1.2")
///     .build()?;
/// assert_eq!(client.base_url().scheme(), "https");
/// # Ok::<(), asteroid_agents::Error>(())
/// ```
pub struct ClientBuilder {
    auth: Auth,
    api_key: Option<String>,
    key_source: Option<&'static str>,
    key_hint: &'static str,
    base_url: String,
    allow_http: bool,
    timeout: Duration,
    connect_timeout: Duration,
    retry: RetryPolicy,
    response_limit: usize,
    user_agent: String,
    configure: Option<Configure>,
}

impl ClientBuilder {
    /// Defaults: the document's server, and the name and version of the crate.
    pub(crate) fn new(server: &str, auth: Auth, user_agent: &str) -> Self {
        Self {
            auth,
            api_key: None,
            key_source: None,
            key_hint: "call `api_key` on the builder",
            base_url: server.to_owned(),
            allow_http: false,
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            retry: RetryPolicy::default(),
            response_limit: 64 << 20,
            user_agent: user_agent.to_owned(),
            configure: None,
        }
    }

    /// The credential. It is sent to the host of the base URL and to no other.
    #[must_use]
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(key.into());
        self.key_source = None;
        self
    }

    /// The credential as it was found in `source`, which errors name.
    pub(crate) fn api_key_from(mut self, source: &'static str, key: String) -> Self {
        self.api_key = Some(key);
        self.key_source = Some(source);
        self
    }

    /// What errors say to do about a missing key.
    pub(crate) fn key_hint(mut self, hint: &'static str) -> Self {
        self.key_hint = hint;
        self
    }

    /// The URL that paths are appended to, in place of the document's server URL as a whole.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Allows `http://` to hosts other than loopback: the credential then travels unencrypted.
    #[must_use]
    pub fn allow_http(mut self) -> Self {
        self.allow_http = true;
        self
    }

    /// How long one attempt may take, from the first byte sent to the last one read; 60 s by
    /// default. For answers that are handed on as a stream it bounds each read instead, and for
    /// bodies that are sent as a stream, forms included, how long nothing of them moves.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// How long connecting may take, TLS included; 10 s by default.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// When a call that failed is sent again; [twice at the most](RetryPolicy) by default.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How many bytes of a body are read into memory, after decompression; 64 MiB by default.
    /// Streams have no limit.
    #[must_use]
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.response_limit = bytes;
        self
    }

    /// The name of your program (`my-tool/1.2`), put before that of this crate in `User-Agent`.
    #[must_use]
    pub fn user_agent(mut self, product: impl fmt::Display) -> Self {
        self.user_agent = format!("{product} {}", self.user_agent);
        self
    }

    /// Changes what has no setting here: proxies, certificates, default headers …
    ///
    /// Redirects stay off whatever the function does: a followed redirect would carry the
    /// credential to another host.
    #[must_use]
    pub fn configure(
        mut self,
        configure: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
    ) -> Self {
        self.configure = Some(Box::new(configure));
        self
    }

    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if the key is missing or can't be sent in a header, if the base URL
    /// isn't one, or if TLS can't be set up.
    pub fn build(self) -> Result<Client, Error> {
        let secret = match (self.api_key, self.auth) {
            (Some(key), _) => Some(Secret::new(key, self.key_source)?),
            (None, Auth::None) => None,
            (None, _) => {
                let message = format!("no API key: {}", self.key_hint);
                return Err(Error::new(ErrorKind::Config, message));
            }
        };
        let base_url = base_url(&self.base_url, self.allow_http)?;
        let http = reqwest::Client::builder()
            .user_agent(self.user_agent)
            .connect_timeout(self.connect_timeout);
        let http = tls::configure(http, base_url.scheme() == "https")?;
        let http = match self.configure {
            Some(configure) => configure(http),
            None => http,
        };
        let http = http.redirect(Policy::none()).referer(false).build().map_err(|error| {
            Error::new(ErrorKind::Config, "the HTTP client can't be set up").caused_by(error)
        })?;
        let core_base_url = base_url.as_str().trim_end_matches('/').to_owned();
        let shared = Shared { http, base_url, core_base_url, auth: self.auth, secret };
        let settings = Settings {
            timeout: self.timeout,
            response_limit: self.response_limit,
            retry: self.retry,
            headers: ExtraHeaders::default(),
        };
        Ok(Client::new_with(shared, settings))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("api_key", &self.api_key.as_ref().map(|_| "[redacted]"))
            .field("base_url", &base_url(&self.base_url, true).ok().map(String::from))
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

fn base_url(text: &str, allow_http: bool) -> Result<Url, Error> {
    let config = |message: String| Error::new(ErrorKind::Config, message);
    let mut url = Url::parse(text).map_err(|error| {
        // What may hold a password isn't repeated.
        let shown = if text.contains(['@', '?']) { String::new() } else { format!(" `{text}`") };
        config(format!("base URL{shown}: {error}"))
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(config("base URL: user name and password don't belong into it".to_owned()));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(config("base URL: a query or fragment can't be appended to".to_owned()));
    }
    match url.scheme() {
        "https" => {}
        "http" if allow_http || is_loopback(&url) => {}
        "http" => {
            return Err(config(format!(
                "base URL `{text}`: plain http would send the key unencrypted; use https, or call `allow_http`"
            )));
        }
        _ => return Err(config(format!("base URL `{text}`: neither https nor http"))),
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}
