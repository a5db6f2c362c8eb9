//! How a client is made.

use std::{
    env::{self, VarError},
    fmt,
    marker::PhantomData,
    time::Duration,
};

use reqwest::{Url, redirect::Policy};

use crate::{
    auth::{Auth, Credential},
    client::{Client, Shared},
    error::{Error, ErrorKind},
    headers::ExtraHeaders,
    retry::RetryPolicy,
    settings::Settings,
    tls,
};

type Configure = Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>;

/// A client of one API, made of a [`Client`]: the type that has the methods of the operations.
pub trait GeneratedClient {
    /// The client of this API that sends by `client`.
    ///
    /// Only a [`ClientBuilder`] has a seal. So a client of another host, with another credential,
    /// can't be taken for one of this API.
    fn wrap(client: Client, seal: Seal) -> Self;
}

/// Shows that it is a builder that makes a client.
#[derive(Debug)]
pub struct Seal(());

impl GeneratedClient for Client {
    fn wrap(client: Client, _: Seal) -> Self {
        client
    }
}

/// Settings of a client, each with a default that suits most callers.
///
/// `C` is the client that it makes: the generated one, or a [`Client`], which has no operations.
pub struct ClientBuilder<C> {
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
    client: PhantomData<fn() -> C>,
}

impl<C> ClientBuilder<C> {
    /// The credential. It is sent to the host of the base URL and to no other.
    #[must_use]
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(key.into());
        self.key_source = None;
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
}

impl<C: GeneratedClient> ClientBuilder<C> {
    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if the key is missing or can't be sent in a header, if the base URL
    /// isn't one, or if TLS can't be set up.
    pub fn build(self) -> Result<C, Error> {
        let secret = match (self.api_key, self.auth) {
            (Some(key), _) => Some(Credential::new(key, self.key_source)?),
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
            Error::new(ErrorKind::Config, "the HTTP client can't be set up").with_source(error)
        })?;
        let core_base_url = base_url.as_str().trim_end_matches('/').to_owned();
        let shared = Shared { http, base_url, core_base_url, auth: self.auth, secret };
        let settings = Settings {
            timeout: self.timeout,
            response_limit: self.response_limit,
            retry: self.retry,
            headers: ExtraHeaders::default(),
        };
        Ok(C::wrap(Client::new_with(shared, settings), Seal(())))
    }
}

/// For crates with a client type of their own.
impl<C> ClientBuilder<C> {
    /// Defaults: the document's server and credential, which generated code has as `SERVER` and
    /// `AUTH`, and the name and version of the crate (`my-sdk/1.0`) for `User-Agent`.
    pub fn new(server: &str, auth: Auth, user_agent: &str) -> Self {
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
            client: PhantomData,
        }
    }

    /// What to do about a missing key, for the error: "call `api_key` on the builder", perhaps.
    #[must_use]
    pub fn key_hint(mut self, hint: &'static str) -> Self {
        self.key_hint = hint;
        self
    }

    /// Takes the credential from the environment variable `key` and, if it is set, the base URL
    /// from the variable `base_url`. A variable that is empty counts as not set.
    ///
    /// # Errors
    ///
    /// If the key isn't set, or either variable isn't text in UTF-8.
    pub fn env(mut self, key: &'static str, base_url: &str) -> Result<Self, Error> {
        let value = variable(key)?.ok_or_else(|| {
            let message = format!("{key} isn't set; it holds the key of the API");
            Error::new(ErrorKind::Config, message)
        })?;
        self = self.api_key(value);
        self.key_source = Some(key);
        Ok(match variable(base_url)? {
            Some(url) => self.base_url(url),
            None => self,
        })
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
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

/// An environment variable; one that is empty counts as not set.
fn variable(name: &str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => {
            Err(Error::new(ErrorKind::Config, format!("{name} isn't text in UTF-8")))
        }
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
