//! Sequential media types, whose content is items one after the other (OpenAPI 3.2, "Sequential
//! Media Types").

use openapi_document::{Document, media_type::essence, operation::MediaTypeObject};
use serde_json::Value;

use crate::shape::SchemaShape;

/// The fields of a server-sent event (HTML, section 9.2.6), in the order in which they are sent.
const EVENT_FIELDS: [&str; 4] = ["event", "id", "retry", "data"];

/// The form of a sequence of items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SequenceFormat {
    /// Server-sent events.
    Events,
    /// JSON texts, one per line.
    JsonLines,
    /// JSON texts, each after a record separator (RFC 7464).
    JsonSequence,
}

impl SequenceFormat {
    /// The form that a media type has.
    pub(crate) fn new(media_type: &str) -> Option<Self> {
        let media_type = essence(media_type);
        match media_type.as_str() {
            "text/event-stream" => Some(Self::Events),
            "application/jsonl"
            | "application/x-jsonl"
            | "application/jsonlines"
            | "application/x-jsonlines"
            | "application/ndjson"
            | "application/x-ndjson"
            | "application/stream+json"
            | "application/x-json-stream" => Some(Self::JsonLines),
            "application/json-seq" => Some(Self::JsonSequence),
            other if other.ends_with("+json-seq") => Some(Self::JsonSequence),
            _ => None,
        }
    }
}

/// The items of a sequence that a document declares.
#[derive(Clone, Debug)]
pub(crate) struct Sequence {
    pub(crate) format: SequenceFormat,
    /// The JSON pointer of the schema of each item, if there is one.
    pub(crate) schema: Option<String>,
    /// Whether an item is a server-sent event, not the JSON text in its data.
    is_event: bool,
    /// The JSON pointers of the schemas of the JSON text in an event's data.
    data: Vec<String>,
}

impl Sequence {
    /// The sequence of a representation; `None` if it isn't sequential.
    ///
    /// The schema of an item is `itemSchema`. Before OpenAPI 3.2 it is `schema`, or the items of
    /// that if it allows only arrays.
    pub(crate) fn new(document: &Document, content: &MediaTypeObject) -> Option<Self> {
        let format = SequenceFormat::new(&content.media_type)?;
        let Some(schema) = &content.item_schema else {
            let schema = content.schema.as_ref().map(|schema| {
                let shape = SchemaShape::new(document, schema);
                let is_array = shape.types.len() == 1 && shape.has_type("array");
                shape.items.filter(|_| is_array).unwrap_or_else(|| schema.clone())
            });
            return Some(Self { format, schema, is_event: false, data: Vec::new() });
        };
        let shape = SchemaShape::new(document, schema);
        let mut names = shape.properties.iter().map(|(name, _)| name.as_str());
        let is_event = format == SequenceFormat::Events
            && !shape.properties.is_empty()
            && names.all(|name| EVENT_FIELDS.contains(&name));
        let properties = shape.properties.iter().filter(|(name, _)| is_event && name == "data");
        let data = properties
            .filter_map(|(_, pointer)| document.resolved(document.node_at(pointer)?))
            .filter_map(|data| Some(data.get("contentSchema")?.pointer))
            .collect();
        Some(Self { format, schema: Some(schema.clone()), is_event, data })
    }

    /// The schemas of the JSON text in an event's data; one of them applies to each event.
    pub(crate) fn data_schemas(&self) -> &[String] {
        &self.data
    }

    /// Returns an item as it is declared: a value that isn't an event becomes the data of one, and
    /// data that isn't text becomes JSON text.
    pub(crate) fn item(&self, value: Value) -> Value {
        if !self.is_event {
            return value;
        }
        let is_event = value.as_object().is_some_and(|event| {
            !event.is_empty() && event.keys().all(|key| EVENT_FIELDS.contains(&key.as_str()))
        });
        let mut event = match is_event {
            true => value,
            false => serde_json::json!({ "data": value }),
        };
        match event.get_mut("data") {
            None | Some(Value::String(_)) => {}
            Some(data) => *data = data.to_string().into(),
        }
        event
    }

    /// Encodes an item.
    pub(crate) fn encode(&self, item: &Value) -> String {
        match self.format {
            SequenceFormat::JsonLines => format!("{item}\n"),
            SequenceFormat::JsonSequence => format!("\u{1e}{item}\n"),
            SequenceFormat::Events => {
                let mut text = String::new();
                let mut add = |field: &str, value: &Value| {
                    let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    for line in value.replace("\r\n", "\n").split(['\n', '\r']) {
                        text.push_str(&format!("{field}: {line}\n"));
                    }
                };
                match item {
                    Value::Object(event) if self.is_event => {
                        for field in EVENT_FIELDS {
                            event.get(field).into_iter().for_each(|value| add(field, value));
                        }
                    }
                    data => add("data", data),
                }
                text.push('\n');
                text
            }
        }
    }

    /// Decodes the items of a JSON sequence.
    ///
    /// # Errors
    ///
    /// The number of the item that isn't JSON, from 0, and the reason.
    pub(crate) fn decode(&self, text: &str) -> Result<Vec<Value>, (usize, String)> {
        let separator = match self.format {
            SequenceFormat::JsonSequence => '\u{1e}',
            SequenceFormat::JsonLines | SequenceFormat::Events => '\n',
        };
        let items = text.split(separator).map(str::trim).filter(|item| !item.is_empty());
        let parse = |(index, item)| {
            serde_json::from_str(item)
                .map_err(|error: serde_json::Error| (index, error.to_string()))
        };
        items.enumerate().map(parse).collect()
    }
}
