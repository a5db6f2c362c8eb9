//! The builder of clients.

use std::{
    collections::{BTreeMap, BTreeSet},
    env::{self, VarError},
    error::Error as StdError,
    fmt,
    marker::PhantomData,
    sync::Arc,
    time::Duration,
};

use reqwest::{Url, header::HeaderValue, redirect::Policy};

use crate::{
    auth::{Auth, Credential},
    base_path,
    client::{Client, Shared},
    connections::{Connections, CustomTransport},
    credentials::{CredentialSource, Credentials},
    error::{Error, ErrorKind},
    future::BoxFuture,
    headers::ExtraHeaders,
    key_provider::{ApiKey, KeyProvider, Provide},
    propagation::Propagator,
    proxy::{self, is_loopback},
    reqwest_transport::ReqwestTransport,
    retry::RetryPolicy,
    server::{NamedServer, NamedServers},
    server_variables::ServerTemplate,
    settings::Settings,
    throttle::{Throttle, ThrottleSettings},
    tls,
    transport::Transport,
};

type Configure = Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>;
type WrapTransport = Box<dyn FnOnce(ReqwestTransport) -> Arc<dyn Transport> + Send>;

/// The transport of a client.
enum TransportSetting {
    /// The connections of reqwest.
    Default,
    /// One of the caller.
    Own(Arc<dyn Transport>),
    /// One of the caller around the default.
    Wrapped(WrapTransport),
}

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
    auth: Auth,
    api_key: Option<String>,
    key_source: Option<&'static str>,
    key_provider: Option<Provide>,
    /// The credentials by the names of their schemes.
    credentials: BTreeMap<String, String>,
    key_hint: &'static str,
    api_version: String,
    /// The base URL by default.
    server: String,
    /// That of the caller.
    base_url: Option<String>,
    /// The URL of the document's server, if it has variables.
    server_template: Option<ServerTemplate>,
    server_variables: BTreeMap<String, String>,
    path_prefix: String,
    /// The URLs by the names of servers.
    servers: BTreeMap<String, String>,
    /// The names of the servers that get the credential.
    servers_with_api_key: BTreeSet<String>,
    allow_http: bool,
    timeout: Duration,
    connect_timeout: Duration,
    retry: RetryPolicy,
    response_limit: usize,
    undeclared_limit: usize,
    user_agent: String,
    throttle: ThrottleSettings,
    propagator: Propagator,
    configure: Option<Configure>,
    transport: TransportSetting,
    client: PhantomData<fn() -> C>,
}

impl<C> ClientBuilder<C> {
    /// Sets the API key: the token, or for HTTP Basic authentication `user:password`.
    ///
    /// It is sent to the host of the base URL only, and never shown in `Debug` output, errors or
    /// logs.
    #[must_use]
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.api_key = Some(key.into());
        self.key_source = None;
        self.key_provider = None;
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
        self.api_key = None;
        self.key_source = None;
        self.key_provider = Some(Arc::new(provide));
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
        self.credentials.insert(scheme.into(), value.into());
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
        self.base_url = Some(url.into());
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
        self.server_variables.insert(name.into(), value.into());
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
        self.servers.insert(name.into(), url.into());
        self
    }

    /// Allows to send the API key to the [server](Self::server) of this name.
    #[must_use]
    pub fn allow_api_key(mut self, name: impl Into<String>) -> Self {
        self.servers_with_api_key.insert(name.into());
        self
    }

    /// Allows an `http` base URL of any host. The credential is then sent unencrypted: to everyone
    /// on the way, an `HTTP_PROXY` of the environment included. A loopback host needs no
    /// permission, and is never reached through a proxy of the environment.
    #[must_use]
    pub fn allow_http(mut self) -> Self {
        self.allow_http = true;
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
        self.timeout = timeout;
        self
    }

    /// Sets the timeout for establishing a connection, TLS handshake included; 10 s by default.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the retry policy; [up to 2 retries](RetryPolicy) by default.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets the maximum size in bytes of a response body that is read into memory, after
    /// decompression; 64 MiB by default. Streams have no limit.
    ///
    /// A larger body of a success is an error of kind [`ErrorKind::TooLarge`]; the body of an error
    /// response is truncated.
    #[must_use]
    pub fn response_limit(mut self, bytes: usize) -> Self {
        self.response_limit = bytes;
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
        self.undeclared_limit = bytes;
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
        self.throttle.max_concurrent = Some(attempts);
        self
    }

    /// Sets the maximum number of attempts that the client starts in any period of this length, for
    /// example 10 in a second; no limit by default.
    ///
    /// They start at once until the number is reached. Others wait as for
    /// [`max_concurrent`](Self::max_concurrent), and retries count, too.
    #[must_use]
    pub fn rate(mut self, attempts: usize, per: Duration) -> Self {
        self.throttle.rate = Some((attempts, per));
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
        self.propagator = Propagator::new(inject);
        self
    }

    /// Adds the product of your program (`my-tool/1.2`) to the front of the `User-Agent` header.
    #[must_use]
    pub fn user_agent(mut self, product: impl fmt::Display) -> Self {
        self.user_agent = format!("{product} {}", self.user_agent);
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
        self.configure = Some(Box::new(configure));
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
        self.transport = TransportSetting::Own(Arc::new(transport));
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
        self.transport = TransportSetting::Wrapped(Box::new(wrap));
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
        let mut credentials = Credentials::default();
        for (scheme, value) in self.credentials {
            let credential = Credential::new(value, &format!("the credential of `{scheme}`"))?;
            credentials.named.insert(scheme, CredentialSource::Fixed(credential));
        }
        credentials.default = match self.api_key {
            Some(key) => {
                let source = self.key_source.map(|source| format!(" in {source}"));
                let name = format!("the API key{}", source.unwrap_or_default());
                Some(CredentialSource::Fixed(Credential::new(key, &name)?))
            }
            None if self.key_provider.is_some() => None,
            None if self.auth == Auth::None || !credentials.named.is_empty() => None,
            None => {
                let message = format!("missing API key: {}", self.key_hint);
                return Err(Error::new(ErrorKind::Config, message));
            }
        };
        let base_url = match (self.base_url, self.server_variables.keys().next()) {
            (Some(_), Some(name)) => {
                let message = format!(
                    "server variable `{name}`: it has no effect beside `base_url`, which replaces \
                     the whole URL of the server"
                );
                return Err(Error::new(ErrorKind::Config, message));
            }
            (Some(url), None) => url,
            (None, _) => {
                let template = self.server_template;
                let template = template.unwrap_or(ServerTemplate { url: "", variables: &[] });
                match self.server_variables.is_empty() {
                    true => self.server.clone(),
                    false => template.expand(&self.server_variables)?,
                }
            }
        };
        let mut base_url = parse_base_url(&base_url, self.allow_http)?;
        base_path::remove_prefix(&mut base_url, &self.path_prefix);
        let missing_base_path = base_path::missing(&base_url, &self.server);
        let mut servers = NamedServers::new();
        for (name, url) in &self.servers {
            let url = parse_base_url(url, self.allow_http)
                .map_err(|error| error.with_context(format!("server `{name}`")))?;
            let with_api_key = self.servers_with_api_key.contains(name);
            servers.insert(name.clone(), NamedServer { url, with_api_key });
        }
        let has_own_transport = matches!(self.transport, TransportSetting::Own(_));
        if has_own_transport && self.configure.is_some() {
            let message = "`configure` has no effect beside `transport`, which replaces reqwest; \
                           use `wrap_transport`";
            return Err(Error::new(ErrorKind::Config, message));
        }
        // Only the retry policy repeats requests: it counts them, and knows which may be repeated.
        let http = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .connect_timeout(self.connect_timeout)
            .retry(reqwest::retry::never());
        let urls = || servers.values().map(|server| &server.url).chain([&base_url]);
        let needs_tls = !has_own_transport && urls().any(|url| url.scheme() == "https");
        let http = tls::configure(http, needs_tls)?;
        let http = proxy::configure(http, urls());
        let http = match self.configure {
            Some(configure) => configure(http),
            None => http,
        };
        let http = http.redirect(Policy::none()).referer(false).build().map_err(|error| {
            Error::new(ErrorKind::Config, "can't set up the HTTP client").with_source(error)
        })?;
        let core_base_url = base_url.as_str().trim_end_matches('/').to_owned();
        let mask = credentials.mask();
        if let Some(provide) = self.key_provider {
            let provider = KeyProvider::new(provide, mask.clone());
            credentials.default = Some(CredentialSource::Provider(provider));
        }
        let transport = match self.transport {
            TransportSetting::Default => None,
            TransportSetting::Own(transport) => {
                let user_agent = HeaderValue::from_str(&self.user_agent).map_err(|error| {
                    Error::new(ErrorKind::Config, "the user agent isn't a valid header value")
                        .with_source(error)
                })?;
                Some((transport, Some(user_agent)))
            }
            TransportSetting::Wrapped(wrap) => {
                Some((wrap(ReqwestTransport::new(http.clone())), None))
            }
        };
        let transport = transport.map(|(transport, user_agent)| CustomTransport {
            transport,
            user_agent,
            mask: mask.clone(),
        });
        let shared = Shared {
            connections: Connections::new(http, transport),
            base_url,
            core_base_url,
            api_version: self.api_version,
            missing_base_path,
            auth: self.auth,
            credentials,
            servers,
            mask,
            throttle: Throttle::new(&self.throttle)?,
            propagator: self.propagator,
        };
        let settings = Settings {
            timeout: self.timeout,
            response_limit: self.response_limit,
            undeclared_limit: self.undeclared_limit,
            retry: self.retry,
            headers: ExtraHeaders::default(),
        };
        Ok(C::wrap(Client::from_parts(shared, settings), Seal(())))
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
        Self {
            auth,
            api_key: None,
            key_source: None,
            key_provider: None,
            credentials: BTreeMap::new(),
            key_hint: "call `api_key` on the builder",
            api_version: String::new(),
            server: server.to_owned(),
            base_url: None,
            server_template: None,
            server_variables: BTreeMap::new(),
            path_prefix: String::new(),
            servers: BTreeMap::new(),
            servers_with_api_key: BTreeSet::new(),
            allow_http: false,
            timeout: Duration::from_secs(60),
            connect_timeout: Duration::from_secs(10),
            retry: RetryPolicy::default(),
            response_limit: 64 << 20,
            undeclared_limit: 8 << 20,
            user_agent: user_agent.to_owned(),
            throttle: ThrottleSettings::default(),
            propagator: Propagator::default(),
            configure: None,
            transport: TransportSetting::Default,
            client: PhantomData,
        }
    }

    /// Sets the URL of the document's server with its variables; generated code has it as
    /// `SERVER_TEMPLATE`, if there are any.
    #[must_use]
    pub fn server_template(mut self, template: ServerTemplate) -> Self {
        self.server_template = Some(template);
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
        self.path_prefix = format!("/{}", prefix.trim_matches('/'));
        self
    }

    /// Sets the advice in the error about a missing key; by default "call `api_key` on the
    /// builder".
    #[must_use]
    pub fn key_hint(mut self, hint: &'static str) -> Self {
        self.key_hint = hint;
        self
    }

    /// Sets the version of the document, which `Debug` shows; generated code has it as
    /// `API_VERSION`. It isn't sent.
    #[must_use]
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.api_version = version.into();
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
        self.key_source = Some(key);
        Ok(match env_variable(base_url)? {
            Some(url) => self.base_url(url),
            None => self,
        })
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base_url = self.base_url.as_ref().unwrap_or(&self.server);
        f.debug_struct("ClientBuilder")
            .field("api_key", &self.api_key.as_ref().map(|_| "[redacted]"))
            .field("api_key_provider", &self.key_provider.is_some())
            .field("credentials", &self.credentials.keys())
            .field("base_url", &parse_base_url(base_url, true).ok().map(String::from))
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("retry", &self.retry)
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

/// Parses and checks a base URL, and removes trailing slashes from its path.
fn parse_base_url(text: &str, allow_http: bool) -> Result<Url, Error> {
    let config = |message: String| Error::new(ErrorKind::Config, message);
    let mut url = Url::parse(text).map_err(|error| {
        // Text that may contain a password isn't repeated.
        let shown = if text.contains(['@', '?']) { String::new() } else { format!(" `{text}`") };
        config(format!("base URL{shown}: {error}"))
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(config("base URL: remove the user name and password".to_owned()));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(config("base URL: remove the query and the fragment".to_owned()));
    }
    match url.scheme() {
        "https" => {}
        "http" if allow_http || is_loopback(&url) => {}
        "http" => {
            return Err(config(format!(
                "base URL `{text}`: http would send the key unencrypted; use https, or call \
                 `allow_http`"
            )));
        }
        _ => return Err(config(format!("base URL `{text}`: the scheme must be https"))),
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}
