//! Decoding of the items of a stream.

use serde::{
    Serialize,
    de::{DeserializeOwned, IntoDeserializer, value},
};
use serde_json::value::RawValue;

use super::{server_sent::ServerSentEvent, split::ItemText};
use crate::{
    json::{self, DecodeError},
    stream_format::StreamFormat,
};

/// The function that decodes the items of a stream.
pub(crate) type DecodeItem<T> = fn(StreamFormat, &ItemText) -> Result<T, DecodeError>;

/// Decodes an item.
pub(crate) fn decode<T: DeserializeOwned>(
    format: StreamFormat,
    item: &ItemText,
) -> Result<T, DecodeError> {
    match item {
        ItemText::Json(json) => json::decode(None, json),
        ItemText::Event(event) => match format {
            StreamFormat::EventText => {
                let data: value::StrDeserializer<'_, value::Error> =
                    event.data.as_str().into_deserializer();
                T::deserialize(data).map_err(|error| DecodeError(error.to_string()))
            }
            StreamFormat::Event => {
                let Ok(data) = serde_json::from_str::<&RawValue>(&event.data) else {
                    return decode_event(event, &event.data);
                };
                // Text may look like JSON.
                decode_event(event, data)
                    .or_else(|error| decode_event(event, &event.data).map_err(|_| error))
            }
            StreamFormat::TextEvent => decode_event(event, &event.data),
            _ => json::decode(None, event.data.as_bytes()),
        },
        ItemText::TooLarge(_) => Err(DecodeError("it is too large".to_owned())),
    }
}

/// Decodes an event as an object, with its data as text or as JSON.
fn decode_event<T: DeserializeOwned>(
    event: &ServerSentEvent,
    data: impl Serialize,
) -> Result<T, DecodeError> {
    #[derive(Serialize)]
    struct Event<'a, D> {
        #[serde(skip_serializing_if = "Option::is_none")]
        event: Option<&'a str>,
        data: D,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        retry: Option<u64>,
    }
    let (name, id) = (event.event.as_deref(), event.id.as_deref());
    let json = serde_json::to_vec(&Event { event: name, data, id, retry: event.retry });
    json::decode(None, &json.map_err(|error| DecodeError(error.to_string()))?)
}
