//! The client: a cheap handle to what all calls share.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::Url;

use super::auth::Secret;

/// A client of the API: connections, credential and settings, shared by all clones.
///
/// Cloning is cheap. Each operation of the API is a method that returns a builder.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    http: reqwest::Client,
    base_url: Url,
    core_base_url: String,
    secret: Option<Secret>,
    settings: Settings,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Settings {
    pub(super) timeout: Duration,
    pub(super) response_limit: usize,
}

impl Client {
    pub(super) fn new_with(
        http: reqwest::Client,
        base_url: Url,
        secret: Option<Secret>,
        settings: Settings,
    ) -> Self {
        let core_base_url = base_url.as_str().trim_end_matches('/').to_owned();
        Self(Arc::new(Inner { http, base_url, core_base_url, secret, settings }))
    }

    /// The URL that paths are appended to.
    pub fn base_url(&self) -> &Url {
        &self.0.base_url
    }

    /// The base URL as the core appends paths to it: without a slash at the end.
    pub(crate) fn core_base_url(&self) -> &str {
        &self.0.core_base_url
    }

    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    pub(super) fn secret(&self) -> Option<&Secret> {
        self.0.secret.as_ref()
    }

    pub(super) fn settings(&self) -> Settings {
        self.0.settings
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.0.base_url.as_str())
            .field("api_key", &self.0.secret)
            .finish_non_exhaustive()
    }
}
