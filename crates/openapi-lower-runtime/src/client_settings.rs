//! The settings of a client, and how one is made of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
    sync::Arc,
    time::Duration,
};

use reqwest::{Url, header::HeaderValue, redirect::Policy};

use crate::{
    auth::{Auth, Credential},
    base_path, base_url,
    client::{Client, Shared},
    connections::{Connections, CustomTransport},
    credentials::{CredentialSource, Credentials},
    error::{Error, ErrorKind},
    headers::ExtraHeaders,
    key_provider::{KeyProvider, Provide},
    propagation::Propagator,
    proxy,
    reqwest_transport::ReqwestTransport,
    retry::RetryPolicy,
    server::{NamedServer, NamedServers},
    server_variables::ServerTemplate,
    settings::Settings,
    throttle::{Throttle, ThrottleSettings},
    tls,
    transport::Transport,
};

pub(crate) type Configure =
    Box<dyn FnOnce(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send>;
pub(crate) type WrapTransport = Box<dyn FnOnce(ReqwestTransport) -> Arc<dyn Transport> + Send>;

/// The transport of a client.
pub(crate) enum TransportSetting {
    /// The connections of reqwest.
    Default,
    /// One of the caller.
    Own(Arc<dyn Transport>),
    /// One of the caller around the default.
    Wrapped(WrapTransport),
}

/// The settings of a client that isn't built yet.
pub(crate) struct ClientSettings {
    pub(crate) auth: Auth,
    pub(crate) api_key: Option<String>,
    pub(crate) key_source: Option<&'static str>,
    pub(crate) key_provider: Option<Provide>,
    /// The credentials by the names of their schemes.
    pub(crate) credentials: BTreeMap<String, String>,
    pub(crate) key_hint: &'static str,
    pub(crate) api_version: String,
    /// The base URL by default.
    pub(crate) server: String,
    /// That of the caller.
    pub(crate) base_url: Option<String>,
    /// The URL of the document's server, if it has variables.
    pub(crate) server_template: Option<ServerTemplate>,
    pub(crate) server_variables: BTreeMap<String, String>,
    pub(crate) path_prefix: String,
    /// The URLs by the names of servers.
    pub(crate) servers: BTreeMap<String, String>,
    /// The names of the servers that get the credential.
    pub(crate) servers_with_api_key: BTreeSet<String>,
    pub(crate) allow_http: bool,
    pub(crate) timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) response_limit: usize,
    pub(crate) undeclared_limit: usize,
    pub(crate) user_agent: String,
    pub(crate) throttle: ThrottleSettings,
    pub(crate) propagator: Propagator,
    pub(crate) configure: Option<Configure>,
    pub(crate) transport: TransportSetting,
}

impl ClientSettings {
    /// The default settings.
    pub(crate) fn new(server: &str, auth: Auth, user_agent: &str) -> Self {
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
        }
    }

    /// Builds the client.
    pub(crate) fn build(mut self) -> Result<Client, Error> {
        let mut credentials = self.credentials()?;
        let mut base_url = base_url::parse(&self.base_url()?, self.allow_http)?;
        base_path::remove_prefix(&mut base_url, &self.path_prefix);
        let missing_base_path = base_path::missing(&base_url, &self.server);
        let servers = self.named_servers()?;
        let http = self.http(&base_url, &servers)?;
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
            core_base_url: base_url.as_str().trim_end_matches('/').to_owned(),
            base_url,
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
        Ok(Client::from_parts(shared, settings))
    }

    /// The credentials, without that of a provider.
    fn credentials(&mut self) -> Result<Credentials, Error> {
        let mut credentials = Credentials::default();
        for (scheme, value) in mem::take(&mut self.credentials) {
            let credential = Credential::new(value, &format!("the credential of `{scheme}`"))?;
            credentials.named.insert(scheme, CredentialSource::Fixed(credential));
        }
        credentials.default = match self.api_key.take() {
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
        Ok(credentials)
    }

    /// The base URL: that of the caller, or of the document with its variables.
    fn base_url(&self) -> Result<String, Error> {
        match (&self.base_url, self.server_variables.keys().next()) {
            (Some(_), Some(name)) => {
                let message = format!(
                    "server variable `{name}`: it has no effect beside `base_url`, which replaces \
                     the whole URL of the server"
                );
                Err(Error::new(ErrorKind::Config, message))
            }
            (Some(url), None) => Ok(url.clone()),
            (None, None) => Ok(self.server.clone()),
            (None, Some(_)) => {
                let template = self.server_template;
                let template = template.unwrap_or(ServerTemplate { url: "", variables: &[] });
                template.expand(&self.server_variables)
            }
        }
    }

    fn named_servers(&self) -> Result<NamedServers, Error> {
        let mut servers = NamedServers::new();
        for (name, url) in &self.servers {
            let url = base_url::parse(url, self.allow_http)
                .map_err(|error| error.with_context(format!("server `{name}`")))?;
            let with_api_key = self.servers_with_api_key.contains(name);
            servers.insert(name.clone(), NamedServer { url, with_api_key });
        }
        Ok(servers)
    }

    /// The connections of reqwest.
    fn http(&mut self, base_url: &Url, servers: &NamedServers) -> Result<reqwest::Client, Error> {
        let configure = self.configure.take();
        let has_own_transport = matches!(self.transport, TransportSetting::Own(_));
        if has_own_transport && configure.is_some() {
            let message = "`configure` has no effect beside `transport`, which replaces reqwest; \
                           use `wrap_transport`";
            return Err(Error::new(ErrorKind::Config, message));
        }
        // Only the retry policy repeats requests: it counts them, and knows which may be repeated.
        let http = reqwest::Client::builder()
            .user_agent(&self.user_agent)
            .connect_timeout(self.connect_timeout)
            .retry(reqwest::retry::never());
        let urls = || servers.values().map(|server| &server.url).chain([base_url]);
        let needs_tls = !has_own_transport && urls().any(|url| url.scheme() == "https");
        let http = tls::configure(http, needs_tls)?;
        let http = proxy::configure(http, urls());
        let http = match configure {
            Some(configure) => configure(http),
            None => http,
        };
        http.redirect(Policy::none()).referer(false).build().map_err(|error| {
            Error::new(ErrorKind::Config, "can't set up the HTTP client").with_source(error)
        })
    }
}
