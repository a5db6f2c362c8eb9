//! The builder of clients.

use std::{
    env::{self, VarError},
    error::Error as StdError,
    fmt,
    marker::PhantomData,
    sync::Arc,
    time::Duration,
};

#[cfg(feature = "tracing")]
use crate::propagation::Propagator;
use crate::{
    auth::Auth,
    base_url,
    client::Client,
    client_settings::{ClientSettings, TransportSetting},
    error::{Error, ErrorKind},
    future::BoxFuture,
    key_provider::ApiKey,
    reqwest_transport::ReqwestTransport,
    retry::RetryPolicy,
    server_variables::ServerTemplate,
    transport::Transport,
};

/// A client type that wraps a [`Client`] and has the operations of one API as methods.
pub trait GeneratedClient {
    /// Wraps `client`.
    ///
    /// Only a [`ClientBuilder`] can create a [`Seal`]. So a `Client` with the host and credential
    /// of another API can't be wrapped by mistake.
    fn wrap(client: Client, seal: Seal) -> Self;
}

/// Proof that [`GeneratedClient::wrap`] is called by a [`ClientBuilder`].
#[derive(Debug)]
pub struct Seal(());

impl GeneratedClient for Client {
    fn wrap(client: Client, _: Seal) -> Self {
        client
    }
}

/// A builder of clients.
///
/// `C` is the type of client that [`build`](Self::build) returns: a generated client, or a
/// [`Client`], which has no operations. Only the API key is required, and only if the API
/// authenticates its callers:
///
/// | setting | default |
/// | --- | --- |
/// | [`base_url`](Self::base_url) | the server URL of the document |
/// | [`timeout`](Self::timeout) | 60 s for each attempt |
/// | [`connect_timeout`](Self::connect_timeout) | 10 s |
/// | [`retry`](Self::retry) | up to 2 retries, see [`RetryPolicy`] |
/// | [`response_limit`](Self::response_limit) | 64 MiB |
/// | [`undeclared_limit`](Self::undeclared_limit) | 8 MiB |
/// | [`max_concurrent`](Self::max_concurrent), [`rate`](Self::rate) | no limit |
/// | [`user_agent`](Self::user_agent) | name and version of the client's crate |
/// | [`transport`](Self::transport) | connections of reqwest |
pub struct ClientBuilder<C> {
    settings: ClientSettings,
    client: PhantomData<fn() -> C>,
}

impl<C> ClientBuilder<C> {
    /// Sets the API key: the token, or for HTTP Basic authentication `user:password`.
    ///
    /// It is sent to the host of the base URL only, and never shown in `Debug` output, errors or
    /// logs.
    #[must_use]
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.settings.api_key = Some(key.into());
        self.settings.key_source = None;
        self.settings.key_provider = None;
        self
    }

    /// Sets an async function that returns the API key, for keys that change: a text, or an
    /// [`ApiKey`] with its lifetime.
    ///
    /// It is called for the first call that needs the key, and again once the key has expired or
    /// the API has rejected it with 401 (Unauthorized). Calls that need the key meanwhile wait for
    /// it together. After a 401, the call is sent again once if the key is another one and the
    /// [retry policy](RetryPolicy) allows it, which excludes POST; otherwise it fails, and the next
    /// call gets the new key.
    ///
    /// The function may take as long as an [attempt](Self::timeout), and must not send calls of
    /// this very client, as these would wait for it. Its error is the source of an error of kind
    /// [`ErrorKind::Request`]. The last 32 keys are kept secret like an [API key](Self::api_key).
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// use openapi_lower_runtime::{ApiKey, Auth, Client, ClientBuilder};
    ///
    /// async fn token() -> Result<ApiKey, std::io::Error> {
    ///     let token = std::fs::read_to_string("token")?;
    ///     Ok(ApiKey::new(token.trim()).expires_in(Duration::from_secs(300)))
    /// }
    ///
    /// let client: Client = ClientBuilder::new("https://api.example", Auth::Bearer, "my-sdk/1.0")
    ///     .api_key_provider(token)
    ///     .build()?;
    /// # Ok::<(), openapi_lower_runtime::Error>(())
    /// ```
    #[must_use]
    pub fn api_key_provider<F, K, E>(
        mut self,
        provider: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<K, E>> + Send + 'static,
        K: Into<ApiKey>,
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        let provide = move || {
            let key = provider();
            let key = async move { key.await.map(K::into).map_err(E::into) };
            Box::pin(key) as BoxFuture<Result<ApiKey, Box<dyn StdError + Send + Sync>>>
        };
        self.settings.api_key = None;
        self.settings.key_source = None;
        self.settings.key_provider = Some(Arc::new(provide));
        self
    }

    /// Sets the credential of the security scheme with this name in the document, for APIs in which
    /// operations need several at once, or another than the rest.
    ///
    /// The API key stands for each scheme without a credential of its own, wherever one scheme is
    /// required alone. Of the alternatives of an operation the first is used whose credentials are
    /// set; if there is none, the call is an error that names them, and nothing is sent.
    ///
    /// It is kept secret and sent like the [API key](Self::api_key).
    #[must_use]
    pub fn credential(mut self, scheme: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.credentials.insert(scheme.into(), value.into());
        self
    }

    /// Sets the base URL, to which paths are appended. It replaces the whole server URL of the
    /// document, its path included.
    ///
    /// It must be an `https` URL, or an `http` URL of a loopback host, without user name, password,
    /// query or fragment; see [`allow_http`](Self::allow_http).
    ///
    /// If it ends with the [`path_prefix`](Self::path_prefix) with which the paths of the document
    /// begin, it is used without that.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.settings.base_url = Some(url.into());
        self
    }

    /// Sets a variable of the document's server URL, such as the region in
    /// `https://{region}.api.example`. Others have their defaults.
    ///
    /// A name that the URL doesn't have is an error when the client is built, and so are a value
    /// that the document doesn't list, one that would change more of the URL than its place, and a
    /// [base URL](Self::base_url) beside it, which replaces the whole URL.
    #[must_use]
    pub fn server_variable(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.settings.server_variables.insert(name.into(), value.into());
        self
    }

    /// Sets the URL of a server that single operations have instead of the base URL.
    ///
    /// `name` is the host that the document declares for them, such as `files.example`; `url` may
    /// be that server or any other, under the conditions of [`base_url`](Self::base_url). Without
    /// it these operations are errors that name the server, and nothing is sent.
    ///
    /// The API key isn't sent to it, unless [`allow_api_key`](Self::allow_api_key) is called.
    #[must_use]
    pub fn server(mut self, name: impl Into<String>, url: impl Into<String>) -> Self {
        self.settings.servers.insert(name.into(), url.into());
        self
    }

    /// Allows to send the API key to the [server](Self::server) of this name.
    #[must_use]
    pub fn allow_api_key(mut self, name: impl Into<String>) -> Self {
        self.settings.servers_with_api_key.insert(name.into());
        self
    }

    /// Allows an `http` base URL of any host. The credential is then sent unencrypted: to everyone
    /// on the way, an `HTTP_PROXY` of the environment included. A loopback host needs no
    /// permission, and is never reached through a proxy of the environment.
    #[must_use]
    pub fn allow_http(mut self) -> Self {
        self.settings.allow_http = true;
        self
    }

    /// Sets the timeout of one attempt, from sending the request to reading the last byte of the
    /// response; 60 s by default.
    ///
    /// If the response body is returned as a stream, the timeout applies to the wait for the
    /// response head and to each read of the body. If the request body is sent as a stream, as
    /// multipart forms are, the timeout applies to any period in which no byte of it is sent, and
    /// then to reading the response.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = timeout;
        self
    }

    /// Sets the timeout for establishing a connection, TLS handshake included; 10 s by default.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.settings.connect_timeout = timeout;
        self
    }

    /// Sets the retry policy; [up to 2 retries](RetryPolicy) by default.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.settings.retry = policy;
        self
    }

    /// Sets the maximum size in bytes of a response body that is read into memory, after
    /// decompression; 64 MiB by default. Streams have no limit.
    ///
    /// A larger body of a success is an error of kind [`ErrorKind::TooLarge`]; the body of an error
    /// response is truncated.
    #[must_use]
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.settings.response_limit = bytes;
        self
    }

    /// Sets the maximum size in bytes of the data in one body that the document doesn't declare,
    /// and that is kept: additional properties, and values of unions and enums that aren't listed;
    /// 8 MiB by default. Each value counts with its text and 32 bytes, since small values take many
    /// times their text in memory.
    ///
    /// More of it in the body of a success is an error of kind [`ErrorKind::TooLarge`].
    #[must_use]
    pub fn undeclared_limit(mut self, bytes: usize) -> Self {
        self.settings.undeclared_limit = bytes;
        self
    }

    /// Sets the maximum number of concurrent attempts of the client, clones and clients of
    /// [`with_options`](Client::with_options) included; no limit by default.
    ///
    /// Others wait, and start in the order in which they began to wait. Waiting counts toward the
    /// [deadline](RetryPolicy::deadline) of a call, but not toward the [timeout](Self::timeout) of
    /// its attempt. A call that is dropped while it waits takes nothing, and the delay before a
    /// retry isn't counted. A body that is returned as a stream isn't counted either: the attempt
    /// ends when the head of the response is received.
    ///
    /// [Downloads](Client::download) from hosts of others aren't limited.
    #[must_use]
    pub fn max_concurrent(mut self, attempts: usize) -> Self {
        self.settings.throttle.max_concurrent = Some(attempts);
        self
    }

    /// Sets the maximum number of attempts that the client starts in any period of this length, for
    /// example 10 in a second; no limit by default.
    ///
    /// They start at once until the number is reached. Others wait as for
    /// [`max_concurrent`](Self::max_concurrent), and retries count, too.
    #[must_use]
    pub fn rate(mut self, attempts: usize, per: Duration) -> Self {
        self.settings.throttle.rate = Some((attempts, per));
        self
    }

    /// Sets a function that adds the headers of a trace, such as `traceparent` (W3C Trace Context),
    /// to each attempt. It is called in the span of the attempt, with no header set.
    ///
    /// It replaces no header of the request and can't set that of the credential; others of its
    /// headers are left out. [Downloads](Client::download) from hosts of others get none.
    ///
    /// With the crates opentelemetry, opentelemetry-http and tracing-opentelemetry:
    ///
    /// ```ignore
    /// let builder = builder.propagate(|headers| {
    ///     let context = tracing::Span::current().context();
    ///     opentelemetry::global::get_text_map_propagator(|propagator| {
    ///         propagator.inject_context(&context, &mut HeaderInjector(headers));
    ///     });
    /// });
    /// ```
    #[cfg(feature = "tracing")]
    #[must_use]
    pub fn propagate(
        mut self,
        inject: impl Fn(&mut reqwest::header::HeaderMap) + Send + Sync + 'static,
    ) -> Self {
        self.settings.propagator = Propagator::new(inject);
        self
    }

    /// Adds the product of your program (`my-tool/1.2`) to the front of the `User-Agent` header.
    #[must_use]
    pub fn user_agent(mut self, product: impl fmt::Display) -> Self {
        self.settings.user_agent = format!("{product} {}", self.settings.user_agent);
        self
    }

    /// Configures the underlying [`reqwest::ClientBuilder`]: proxies, certificates, default
    /// headers and so on.
    ///
    /// Redirects stay disabled whatever `configure` does: a redirect would send the credential to
    /// another host.
    #[must_use]
    pub fn configure(
        mut self,
        configure: impl FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + 'static,
    ) -> Self {
        self.settings.configure = Some(Box::new(configure));
        self
    }

    /// Sends requests by a [`Transport`] in place of reqwest: a fake in tests, or a client of your
    /// own.
    ///
    /// Retries, timeouts, credentials and redirects stay those of this client. Settings of
    /// connections have no effect then: [`connect_timeout`](Self::connect_timeout), the features
    /// for TLS, and [`configure`](Self::configure), which is an error beside it.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.settings.transport = TransportSetting::Own(Arc::new(transport));
        self
    }

    /// Sends requests by a [`Transport`] that `wrap` makes of the default one: one that adds
    /// headers, counts, or records requests, for example. All settings of connections stay.
    #[must_use]
    pub fn wrap_transport<T: Transport>(
        mut self,
        wrap: impl FnOnce(ReqwestTransport) -> T + Send + 'static,
    ) -> Self {
        let wrap = |transport| Arc::new(wrap(transport)) as Arc<dyn Transport>;
        self.settings.transport = TransportSetting::Wrapped(Box::new(wrap));
        self
    }
}

impl<C: GeneratedClient> ClientBuilder<C> {
    /// Builds the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if the API key is missing or has characters that a header can't
    /// carry, if the base URL is invalid or unencrypted, if a limit lets nothing pass, if TLS can't
    /// be set up, or if both [`transport`](Self::transport) and [`configure`](Self::configure) are
    /// called.
    pub fn build(self) -> Result<C, Error> {
        Ok(C::wrap(self.settings.build()?, Seal(())))
    }
}

/// For crates that define a client type.
impl<C> ClientBuilder<C> {
    /// Creates a builder with the default settings.
    ///
    /// `server` is the base URL and `auth` the default authentication scheme; generated code has
    /// those of its document as `SERVER` and `AUTH`. `user_agent` is the product of the client's
    /// crate (`my-sdk/1.0`).
    pub fn new(server: &str, auth: Auth, user_agent: &str) -> Self {
        Self { settings: ClientSettings::new(server, auth, user_agent), client: PhantomData }
    }

    /// Sets the URL of the document's server with its variables; generated code has it as
    /// `SERVER_TEMPLATE`, if there are any.
    #[must_use]
    pub fn server_template(mut self, template: ServerTemplate) -> Self {
        self.settings.server_template = Some(template);
        self
    }

    /// Sets the segments with which the paths of the document begin, such as `/agents/v2`;
    /// generated code has them as `PATH_PREFIX`, which is empty if there are none.
    ///
    /// A [base URL](Self::base_url) whose path ends with them is used without them: it was right
    /// for a version of the document that had them in the URL of its server, and they would be
    /// doubled. So `https://api.example/agents/v2` becomes `https://api.example`, and
    /// `https://gateway.example/a/agents/v2` becomes `https://gateway.example/a`. With the feature
    /// `tracing`, an event reports it. A gateway can't be mounted at these very segments, and the
    /// paths of [`Client::request`] are appended to what remains.
    #[must_use]
    pub fn path_prefix(mut self, prefix: &str) -> Self {
        self.settings.path_prefix = format!("/{}", prefix.trim_matches('/'));
        self
    }

    /// Sets the advice in the error about a missing key; by default "call `api_key` on the
    /// builder".
    #[must_use]
    pub fn key_hint(mut self, hint: &'static str) -> Self {
        self.settings.key_hint = hint;
        self
    }

    /// Sets the version of the document, which `Debug` shows; generated code has it as
    /// `API_VERSION`. It isn't sent.
    #[must_use]
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.settings.api_version = version.into();
        self
    }

    /// Reads the API key from the environment variable `key` and, if it is set, the base URL from
    /// the environment variable `base_url`. An empty variable counts as not set.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] if the variable `key` isn't set, or if either variable isn't UTF-8.
    pub fn env(mut self, key: &'static str, base_url: &str) -> Result<Self, Error> {
        let value = env_variable(key)?.ok_or_else(|| {
            let message = format!("{key} isn't set: set it to the API key");
            Error::new(ErrorKind::Config, message)
        })?;
        self = self.api_key(value);
        self.settings.key_source = Some(key);
        Ok(match env_variable(base_url)? {
            Some(url) => self.base_url(url),
            None => self,
        })
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base_url = self.settings.base_url.as_ref().unwrap_or(&self.settings.server);
        f.debug_struct("ClientBuilder")
            .field("api_key", &self.settings.api_key.as_ref().map(|_| "[redacted]"))
            .field("api_key_provider", &self.settings.key_provider.is_some())
            .field("credentials", &self.settings.credentials.keys())
            .field("base_url", &base_url::parse(base_url, true).ok().map(String::from))
            .field("timeout", &self.settings.timeout)
            .field("connect_timeout", &self.settings.connect_timeout)
            .field("retry", &self.settings.retry)
            .finish_non_exhaustive()
    }
}

/// Returns the value of an environment variable; an empty variable counts as not set.
fn env_variable(name: &str) -> Result<Option<String>, Error> {
    match env::var(name) {
        Ok(value) if value.is_empty() => Ok(None),
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => {
            Err(Error::new(ErrorKind::Config, format!("{name} isn't UTF-8")))
        }
    }
}
