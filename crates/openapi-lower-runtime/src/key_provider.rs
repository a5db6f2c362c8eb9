//! API keys that change: the caller's provider, and the key that it returned last.

use std::{
    error::Error as StdError,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::{auth::Credential, display::Mask, future::BoxFuture};

/// An API key that a provider returns: see
/// [`ClientBuilder::api_key_provider`](crate::ClientBuilder::api_key_provider).
///
/// `Debug` output doesn't show the key.
#[derive(Clone)]
pub struct ApiKey {
    key: String,
    lifetime: Option<Duration>,
}

impl ApiKey {
    /// Creates a key that is valid until the API rejects it.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), lifetime: None }
    }

    /// Sets the time for which the key is valid, counted from when the provider was called. The
    /// first call after it calls the provider again.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }
}

impl From<String> for ApiKey {
    fn from(key: String) -> Self {
        Self::new(key)
    }
}

impl From<&str> for ApiKey {
    fn from(key: &str) -> Self {
        Self::new(key)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKey").field("lifetime", &self.lifetime).finish_non_exhaustive()
    }
}

/// The function of the caller.
pub(crate) type Provide =
    Arc<dyn Fn() -> BoxFuture<Result<ApiKey, Box<dyn StdError + Send + Sync>>> + Send + Sync>;

/// A provider, and the key that it returned last.
#[derive(Clone)]
pub(crate) struct KeyProvider(Arc<Inner>);

struct Inner {
    provide: Provide,
    /// Hides each key that the provider has returned.
    mask: Mask,
    /// Held while the provider runs, so that concurrent calls wait for one key.
    turn: tokio::sync::Mutex<()>,
    cache: Mutex<Cache>,
}

#[derive(Default)]
struct Cache {
    key: Option<CachedKey>,
    /// The number of times the provider has returned.
    returned: u64,
    /// Its error, if it failed the last time.
    failure: Option<ProviderError>,
}

#[derive(Clone)]
struct CachedKey {
    credential: Credential,
    end: Option<Instant>,
    /// The value of `returned` when the provider returned it.
    version: u64,
}

/// The key of an attempt.
pub(crate) struct ProvidedKey {
    pub(crate) credential: Credential,
    version: u64,
    provider: KeyProvider,
}

impl KeyProvider {
    pub(crate) fn new(provide: Provide, mask: Mask) -> Self {
        let (turn, cache) = (tokio::sync::Mutex::default(), Mutex::default());
        Self(Arc::new(Inner { provide, mask, turn, cache }))
    }

    /// Returns the key. If there is none that is valid, it is that of the provider.
    ///
    /// If the future is dropped while the provider runs, the next call runs it again.
    pub(crate) async fn key(&self) -> Result<ProvidedKey, ProviderError> {
        let returned = {
            let cache = self.cache();
            if let Some(key) = self.valid(&cache) {
                return Ok(key);
            }
            cache.returned
        };
        let _turn = self.0.turn.lock().await;
        {
            let cache = self.cache();
            if let Some(key) = self.valid(&cache) {
                return Ok(key);
            }
            // It failed for the call before, while this one waited.
            if let Some(error) = cache.failure.as_ref().filter(|_| cache.returned != returned) {
                return Err(error.clone());
            }
        }
        let start = Instant::now();
        let provided = (self.0.provide)().await.map_err(ProviderError::new);
        let provided = provided.and_then(|ApiKey { key, lifetime }| {
            let credential = Credential::new(key, "the key that the provider returned");
            let credential = credential.map_err(|error| ProviderError::new(error.into()))?;
            self.0.mask.add(credential.text());
            // A lifetime that no clock can show doesn't end.
            Ok((credential, lifetime.and_then(|lifetime| start.checked_add(lifetime))))
        });
        let mut cache = self.cache();
        cache.returned += 1;
        let version = cache.returned;
        match provided {
            Ok((credential, end)) => {
                cache.failure = None;
                cache.key = Some(CachedKey { credential: credential.clone(), end, version });
                Ok(ProvidedKey { credential, version, provider: self.clone() })
            }
            Err(error) => {
                cache.key = None;
                cache.failure = Some(error.clone());
                Err(error)
            }
        }
    }

    fn valid(&self, cache: &Cache) -> Option<ProvidedKey> {
        let is_valid = |key: &&CachedKey| key.end.is_none_or(|end| Instant::now() < end);
        let CachedKey { credential, version, .. } = cache.key.as_ref().filter(is_valid)?.clone();
        Some(ProvidedKey { credential, version, provider: self.clone() })
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.0.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ProvidedKey {
    /// Makes the next call request another key, unless one has done so.
    pub(crate) fn reject(&self) {
        let mut cache = self.provider.cache();
        if cache.key.as_ref().is_some_and(|key| key.version == self.version) {
            cache.key = None;
        }
    }

    /// Requests the key again, after it was rejected; whether it is another one.
    pub(crate) async fn is_replaced(&self) -> bool {
        let key = self.provider.key().await;
        key.is_ok_and(|key| key.credential.text() != self.credential.text())
    }
}

impl fmt::Debug for KeyProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[provider]")
    }
}

/// An error of a provider, which all calls get that waited for it.
#[derive(Clone, Debug)]
pub(crate) struct ProviderError(Arc<dyn StdError + Send + Sync>);

impl ProviderError {
    fn new(error: Box<dyn StdError + Send + Sync>) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for ProviderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for ProviderError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source()
    }
}
