//! Verification of notifications.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use openapi_lower_runtime::{
    chrono::{DateTime, TimeDelta, Utc},
    serde::de::DeserializeOwned,
    serde_json,
};

#[cfg(helper = "webhook_events")]
use super::event::Event;
use super::{
    error::{WebhookError, WebhookErrorKind},
    public_key::PublicKey,
    signature::Signature,
};

/// The limit of a body in bytes, unless another is set.
const MAX_BODY: usize = 8 << 20;

/// The clock that a tolerance goes by.
type Clock = fn() -> DateTime<Utc>;

/// The time of the system.
pub(super) fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// Verifies the signatures of notifications, and decodes them.
///
/// ```no_run
/// use asteroid_agents::webhooks::Verifier;
///
/// # fn example(public_key: &str, next_key: &str) -> Result<(), Box<dyn std::error::Error>> {
/// // The vendor's key, and during a rotation the next one.
/// let verifier = Verifier::new(public_key)?.and(next_key)?;
/// # Ok(())
/// # }
/// ```
///
/// A signature is right if one of the keys made it. Verification uses public data only: nothing in
/// it needs to take constant time.
#[derive(Clone)]
pub struct Verifier {
    keys: Vec<PublicKey>,
    tolerance: Option<TimeDelta>,
    clock: Clock,
    max_body: usize,
}

impl Verifier {
    /// Creates a verifier with a public RSA key of 2048 to 8192 bits: PEM or Base64 of DER, each of
    /// SPKI (`PUBLIC KEY`) or PKCS#1 (`RSA PUBLIC KEY`), or Base64 of such a PEM.
    ///
    /// # Errors
    ///
    /// [`WebhookErrorKind::Key`] if the key has another form, type or size.
    pub fn new(public_key: impl AsRef<str>) -> Result<Self, WebhookError> {
        let key = PublicKey::parse(public_key.as_ref())?;
        Ok(Self { keys: vec![key], tolerance: None, clock: now, max_body: MAX_BODY })
    }

    /// Adds a key, for the time in which the vendor replaces one by another.
    ///
    /// # Errors
    ///
    /// Those of [`new`](Self::new).
    pub fn and(mut self, public_key: impl AsRef<str>) -> Result<Self, WebhookError> {
        self.keys.push(PublicKey::parse(public_key.as_ref())?);
        Ok(self)
    }

    /// Refuses events whose signed timestamp is further from now than `tolerance`, in the past or
    /// in the future; off by default.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = Some(TimeDelta::from_std(tolerance).unwrap_or(TimeDelta::MAX));
        self
    }

    /// Sets the clock of the tolerance, for tests; that of the system by default.
    #[must_use]
    pub fn clock(mut self, clock: fn() -> DateTime<Utc>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the limit of a body in bytes; 8 MiB by default.
    ///
    /// The body is in memory already: the server that reads it needs a limit of its own.
    #[must_use]
    pub fn max_body(mut self, bytes: usize) -> Self {
        self.max_body = bytes;
        self
    }

    /// Checks the signature over the raw body, then decodes the body.
    ///
    /// The body must be the bytes as received: JSON that was parsed and written again has another
    /// signature. `signature` is the value of the header [`SIGNATURE_HEADER`], or `None`.
    ///
    /// [`SIGNATURE_HEADER`]: super::SIGNATURE_HEADER
    ///
    /// # Errors
    ///
    /// If the signature is missing, malformed or wrong; if the body is too large or, of a right
    /// signature, no event; if the event isn't within the tolerance.
    #[cfg(helper = "webhook_events")]
    pub fn verify<'a>(
        &self,
        body: &[u8],
        signature: impl Into<Signature<'a>>,
    ) -> Result<Event, WebhookError> {
        self.verify_signature(body, signature)?;
        let event = Event::decode(body)?;
        if let Some(tolerance) = self.tolerance {
            let stale = |reason| Err(WebhookError::new(WebhookErrorKind::Stale, reason));
            let Some(timestamp) = event.timestamp() else { return stale("it has no timestamp") };
            if (self.clock)().signed_duration_since(timestamp).abs() > tolerance {
                return stale("its timestamp is too far from now");
            }
        }
        Ok(event)
    }

    /// Checks the signature over the raw body, then decodes the body as the result of a completed
    /// execution: what a webhook with the option "unwrap result" sends. `T` is the type of your
    /// result, or `serde_json::Value`.
    ///
    /// Such a body has no timestamp and no id: no tolerance applies, and a replay can't be
    /// detected. Anything that the API signed is taken for a result if it fits `T`, whole events
    /// included.
    ///
    /// # Errors
    ///
    /// If the signature is missing, malformed or wrong; if the body is too large or, of a right
    /// signature, no `T`.
    pub fn verify_unwrapped<'a, T: DeserializeOwned>(
        &self,
        body: &[u8],
        signature: impl Into<Signature<'a>>,
    ) -> Result<T, WebhookError> {
        self.verify_signature(body, signature)?;
        serde_json::from_slice(body).map_err(|error| WebhookError::undecodable(&error))
    }

    /// Checks the signature over the raw body only.
    ///
    /// # Errors
    ///
    /// If the signature is missing, malformed or wrong; if the body is too large.
    pub fn verify_signature<'a>(
        &self,
        body: &[u8],
        signature: impl Into<Signature<'a>>,
    ) -> Result<(), WebhookError> {
        if body.len() > self.max_body {
            let reason = format!("more than {} bytes", self.max_body);
            return Err(WebhookError::new(WebhookErrorKind::TooLarge, reason));
        }
        let signature = signature.into().decode()?;
        match self.keys.iter().any(|key| key.verifies(body, &signature)) {
            true => Ok(()),
            false => {
                let reason = match self.keys.len() {
                    1 => "the key didn't make it for this body".to_owned(),
                    count => format!("none of {count} keys made it for this body"),
                };
                Err(WebhookError::new(WebhookErrorKind::WrongSignature, reason))
            }
        }
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier")
            .field("keys", &self.keys.len())
            .field("tolerance", &self.tolerance)
            .field("max_body", &self.max_body)
            .finish_non_exhaustive()
    }
}
