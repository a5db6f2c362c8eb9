//! Webhooks: verified, typed notifications of executions. With the feature `webhooks`.
//!
//! The API sends a POST with JSON to an endpoint of yours, signed with a key of which the vendor
//! publishes the public half. A [`Verifier`] checks the signature over the raw body, and decodes
//! the body only then:
//!
//! ```
//! use asteroid_agents::webhooks::{Event, Verifier, WebhookError};
//!
//! fn receive(
//!     verifier: &Verifier,
//!     raw_body: &[u8],
//!     signature_header: Option<&str>,
//! ) -> Result<Event, WebhookError> {
//!     let event: Event = verifier.verify(raw_body, signature_header)?;
//!     println!("{} of {:?}", event.info().event(), event.info().execution_id());
//!     Ok(event)
//! }
//! ```
//!
//! No HTTP framework is needed. [`SIGNATURE_HEADER`] is the name of the header, and the value may
//! be a text, bytes or an [`http` header value](crate::reqwest::header::HeaderValue).
//!
//! # What to respond
//!
//! Respond with 200 as soon as the event is stored, and with [`WebhookError::status`] if it can't
//! be verified. Anything else than 200 makes the API deliver the event again, and so may a response
//! that is lost: use [`Event::id`] to handle each event once. Nothing says how long, or how often,
//! an event is delivered again.
//!
//! # Replayed events
//!
//! A signature stays valid. Whoever has seen a notification can send it again, which the id reveals
//! as long as you remember it. [`Verifier::tolerance`] refuses events whose signed timestamp is too
//! old or in the future. It is off by default, since the API documents no limit, and it isn't
//! documented either whether an event that is delivered again has a new timestamp.
//!
//! # Unwrapped results
//!
//! With the option "unwrap result" of the webhook, the body of a completed execution is the result
//! alone: [`Verifier::verify_unwrapped`]. It has no id, timestamp or event, and nothing in it says
//! that it is a result. So which of both is sent must be known by the endpoint:
//! [`Verifier::verify`] never takes a bare result for an event.

mod error;
#[cfg(helper = "webhook_events")]
mod event;
mod generated;
mod public_key;
mod signature;
#[cfg(feature = "webhooks-testing")]
pub mod testing;
mod verifier;

#[cfg(helper = "webhook_events")]
pub use self::event::{Event, EventInfo};
pub use self::{
    error::{WebhookError, WebhookErrorKind},
    generated::{types, webhooks::Webhook},
    signature::{SIGNATURE_HEADER, Signature},
    verifier::Verifier,
};
