//! The Asteroid side of the client: where the API is, and where the key comes from.

use std::env::{self, VarError};

use crate::{
    generated,
    runtime::{Client, ClientBuilder, Error, ErrorKind},
};

/// The environment variable with the API key.
pub const API_KEY_VARIABLE: &str = "ASTEROID_API_KEY";

/// The environment variable with the base URL, for another deployment or a mock.
pub const BASE_URL_VARIABLE: &str = "ASTEROID_BASE_URL";

/// What to do about a missing key.
const KEY_HINT: &str =
    "call `api_key` on the builder, or set ASTEROID_API_KEY and use `Client::from_env`";

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
        let key = variable(API_KEY_VARIABLE)?.ok_or_else(|| {
            let message =
                format!("{API_KEY_VARIABLE} isn't set; it holds the key of the Asteroid API");
            Error::new(ErrorKind::Config, message)
        })?;
        let mut builder = Self::builder().api_key_from(API_KEY_VARIABLE, key);
        if let Some(url) = variable(BASE_URL_VARIABLE)? {
            builder = builder.base_url(url);
        }
        builder.build()
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
    pub fn builder() -> ClientBuilder {
        let user_agent = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
        ClientBuilder::new(generated::SERVER, generated::AUTH, user_agent).key_hint(KEY_HINT)
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
