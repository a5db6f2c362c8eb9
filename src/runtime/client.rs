//! The client: a cheap handle to what all calls share.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::Url;

use super::{
    auth::{Auth, Secret},
    options::{CallOptions, ExtraHeaders},
    retry::RetryPolicy,
};

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
pub struct Client(Arc<Inner>);

struct Inner {
    shared: Arc<Shared>,
    settings: Settings,
}

/// What stays the same whatever the options are.
pub(super) struct Shared {
    pub(super) http: reqwest::Client,
    pub(super) base_url: Url,
    /// The base URL as the core appends paths to it: without a slash at the end.
    pub(super) core_base_url: String,
    pub(super) auth: Auth,
    pub(super) secret: Option<Secret>,
}

#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) timeout: Duration,
    pub(super) response_limit: usize,
    pub(super) retry: RetryPolicy,
    pub(super) headers: ExtraHeaders,
}

impl Client {
    pub(super) fn new_with(shared: Shared, settings: Settings) -> Self {
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

    /// The base URL as the core appends paths to it.
    pub(crate) fn core_base_url(&self) -> &str {
        &self.0.shared.core_base_url
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.0.shared.http
    }

    /// How requests prove who sends them where no operation says otherwise.
    pub(super) fn auth(&self) -> Auth {
        self.0.shared.auth
    }

    pub(super) fn secret(&self) -> Option<&Secret> {
        self.0.shared.secret.as_ref()
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.0.settings
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base_url().as_str())
            .field("api_key", &self.0.shared.secret)
            .finish_non_exhaustive()
    }
}
