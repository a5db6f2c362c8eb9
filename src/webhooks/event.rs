//! Events: decoded notifications.

use openapi_lower_runtime::{
    chrono::{DateTime, Utc},
    serde_json::{self, Map, Value},
};

use super::{
    error::{WebhookError, WebhookErrorKind},
    generated::types,
};

/// A verified notification.
///
/// Notifications of a kind that the document didn't list when this crate was built are events, too:
/// what they share with known ones can be read, and [`raw`](Self::raw) has the rest.
///
/// ```
/// use asteroid_agents::webhooks::{
///     Event,
///     types::{ExecutionEvent, ExecutionInfoPayload},
/// };
///
/// fn handle(event: &Event) {
///     let info = event.info();
///     match info.event() {
///         ExecutionEvent::ExecutionFailed => eprintln!("{:?} failed", info.execution_id()),
///         ExecutionEvent::Unrecognized(name) => println!("a new event: {name}"),
///         other => println!("{other}"),
///     }
///     if let ExecutionInfoPayload::CompletedPayload(completed) = info.payload() {
///         println!("{:?}", completed.result);
///     }
/// }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    id: String,
    timestamp: Option<DateTime<Utc>>,
    info: EventInfo,
    raw: Value,
}

/// The part of an event that says what happened, and to which execution.
#[derive(Clone, Debug, PartialEq)]
pub struct EventInfo {
    event: types::ExecutionEvent,
    execution_id: Option<String>,
    agent_id: Option<String>,
    payload: types::ExecutionInfoPayload,
}

impl Event {
    /// Decodes a body whose signature is right. It needs an id and the name of an event: a result
    /// alone isn't one.
    pub(super) fn decode(body: &[u8]) -> Result<Self, WebhookError> {
        let raw: Value =
            serde_json::from_slice(body).map_err(|error| WebhookError::undecodable(&error))?;
        let text = |value: &Value, key: &str| value.get(key)?.as_str().map(str::to_owned);
        let parts = (text(&raw, "event_id"), raw.get("info"));
        let (Some(id), Some(info)) = parts else {
            let reason = "no `event_id` or no `info`; is it an unwrapped result?";
            return Err(WebhookError::new(WebhookErrorKind::Undecodable, reason));
        };
        let Some(event) = text(info, "event") else {
            return Err(WebhookError::new(WebhookErrorKind::Undecodable, "no `info.event`"));
        };
        let info = match serde_json::from_value::<types::ExecutionInfo>(info.clone()) {
            Ok(info) => EventInfo {
                event: info.event,
                execution_id: Some(info.execution_id),
                agent_id: Some(info.agent_id),
                payload: info.payload,
            },
            Err(_) => EventInfo {
                event: event.into(),
                execution_id: text(info, "execution_id"),
                agent_id: text(info, "agent_id"),
                payload: types::ExecutionInfoPayload::Unrecognized(
                    info.get("payload").cloned().unwrap_or_default(),
                ),
            },
        };
        let timestamp = text(&raw, "timestamp").and_then(|timestamp| timestamp.parse().ok());
        Ok(Self { id, timestamp, info, raw })
    }

    /// The id, which stays the same if the event is delivered again: `event_id`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The signed time, if the event has one in RFC 3339.
    pub fn timestamp(&self) -> Option<DateTime<Utc>> {
        self.timestamp
    }

    /// The part that says what happened, and to which execution.
    pub fn info(&self) -> &EventInfo {
        &self.info
    }

    /// The whole notification; `None` if it isn't of the documented type.
    pub fn notification(&self) -> Option<types::NotificationV2> {
        serde_json::from_value(self.raw.clone()).ok()
    }

    /// The metadata of the execution.
    pub fn metadata(&self) -> Option<&Map<String, Value>> {
        self.raw.get("info")?.get("metadata")?.as_object()
    }

    /// The JSON as received.
    pub fn raw(&self) -> &Value {
        &self.raw
    }
}

impl EventInfo {
    /// The kind of the event.
    pub fn event(&self) -> &types::ExecutionEvent {
        &self.event
    }

    /// The id of the execution. All documented events have it.
    pub fn execution_id(&self) -> Option<&str> {
        self.execution_id.as_deref()
    }

    /// The id of the agent. All documented events have it.
    pub fn agent_id(&self) -> Option<&str> {
        self.agent_id.as_deref()
    }

    /// The details, by the kind of the event. `Unrecognized` has those of a kind whose details the
    /// document doesn't describe.
    pub fn payload(&self) -> &types::ExecutionInfoPayload {
        &self.payload
    }
}
