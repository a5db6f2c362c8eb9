//! The client: a cheap handle to what all calls share.

use std::{fmt, sync::Arc};

use reqwest::Url;

use crate::{
    auth::{Auth, Credential},
    options::CallOptions,
    settings::Settings,
};

/// Connections, credential and settings, shared by all clones: what a generated client is made of,
/// and a client of any API without operations.
///
/// ```no_run
/// # async fn example() -> Result<(), openapi_lower_runtime::Error> {
/// use openapi_lower_runtime::{Auth, Client, ClientBuilder, reqwest::Method};
///
/// let client: Client = ClientBuilder::new("https://api.example/v1", Auth::Bearer, "my-sdk/1.0")
///     .api_key("the-key")
///     .build()?;
/// let names = client.request(Method::GET, "/names").query("limit", 10).send::<Vec<String>>().await?;
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

/// What stays the same whatever the options are.
pub(crate) struct Shared {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: Url,
    /// The base URL as the core appends paths to it: without a slash at the end.
    pub(crate) core_base_url: String,
    pub(crate) auth: Auth,
    pub(crate) secret: Option<Credential>,
}

impl Client {
    pub(crate) fn new_with(shared: Shared, settings: Settings) -> Self {
        Self(Arc::new(Inner { shared: Arc::new(shared), settings }))
    }

    /// The URL that paths are appended to.
    pub fn base_url(&self) -> &Url {
        &self.0.shared.base_url
    }

    /// A client with the same connections whose calls do some things otherwise: for one call, or
    /// for many.
    ///
    /// What the options don't name stays as it is here; headers add up.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        let mut settings = self.0.settings.clone();
        options.apply(&mut settings);
        Self(Arc::new(Inner { shared: self.0.shared.clone(), settings }))
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.0.shared.http
    }

    /// How requests prove who sends them where no operation says otherwise.
    pub(crate) fn auth(&self) -> Auth {
        self.0.shared.auth
    }

    pub(crate) fn secret(&self) -> Option<&Credential> {
        self.0.shared.secret.as_ref()
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.0.settings
    }
}

/// The base URL as the core appends paths to it.
pub fn core_base_url(client: &Client) -> &str {
    &client.0.shared.core_base_url
}

/// What the core makes requests with; it doesn't send them.
pub fn http(client: &Client) -> &reqwest::Client {
    client.http()
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base_url().as_str())
            .field("api_key", &self.0.shared.secret)
            .finish_non_exhaustive()
    }
}
