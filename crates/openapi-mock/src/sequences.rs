//! Sequential media types, whose content is items one after the other (OpenAPI 3.2, "Sequential
//! Media Types").

use openapi_document::{
    Document, json_type::type_of, media_type::Sequence as SequenceFormat,
    operation::MediaTypeObject,
};
use serde_json::Value;

use crate::shape::SchemaShape;

/// The fields of a server-sent event (HTML, section 9.2.6), in the order in which they are sent.
const EVENT_FIELDS: [&str; 4] = ["event", "id", "retry", "data"];

/// The items of a sequence that a document declares.
#[derive(Debug)]
pub(crate) struct Sequence {
    pub(crate) format: SequenceFormat,
    /// The JSON pointer of the schema of each item, if there is one.
    pub(crate) schema: Option<String>,
    /// Whether an item is a server-sent event, not the JSON text in its data.
    is_event: bool,
    /// The shapes of an event's data.
    data: Vec<SchemaShape>,
    /// The JSON pointers of the schemas of the JSON text in an event's data.
    data_schemas: Vec<String>,
}

impl Sequence {
    /// The sequence of a representation; `None` if it isn't sequential.
    ///
    /// The schema of an item is `itemSchema`. Before OpenAPI 3.2 it is `schema`, or the items of
    /// that if it allows only arrays. A schema with the property `data` and no others than the
    /// fields of events is that of whole events, and else that of their data.
    pub(crate) fn new(document: &Document, content: &MediaTypeObject) -> Option<Self> {
        let format = SequenceFormat::from_media_type(&content.media_type)?;
        let schema = content.item_schema.clone().or_else(|| {
            let schema = content.schema.as_ref()?;
            let shape = SchemaShape::new(document, schema);
            let is_array = shape.types.len() == 1 && shape.has_type("array");
            shape.items.filter(|_| is_array).or_else(|| Some(schema.clone()))
        });
        let shape = schema.as_ref().map(|schema| SchemaShape::new(document, schema));
        let properties = shape.map(|shape| shape.properties).unwrap_or_default();
        let has_data = properties.iter().any(|(name, _)| name == "data");
        let is_event = format == SequenceFormat::ServerSentEvents
            && has_data
            && properties.iter().all(|(name, _)| EVENT_FIELDS.contains(&name.as_str()));
        let data: Vec<_> =
            properties.iter().filter(|(name, _)| is_event && name == "data").collect();
        let data_schemas = data
            .iter()
            .filter_map(|(_, pointer)| document.resolved(document.node_at(pointer)?))
            .filter_map(|data| Some(data.get("contentSchema")?.pointer))
            .collect();
        let data = data.iter().map(|(_, pointer)| SchemaShape::new(document, pointer)).collect();
        Some(Self { format, schema, is_event, data, data_schemas })
    }

    /// The schemas of the JSON text in an event's data; one of them applies to each event.
    pub(crate) fn data_schemas(&self) -> &[String] {
        &self.data_schemas
    }

    /// Returns an item as it is declared: a value that isn't an event becomes the data of one, and
    /// data becomes JSON text if it is declared as text only.
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
        let is_declared =
            |data: &Value| self.data.iter().any(|shape| shape.has_type(type_of(data)));
        if let Some(data) = event.get_mut("data")
            && !data.is_string()
            && !is_declared(data)
        {
            *data = data.to_string().into();
        }
        event
    }

    /// Encodes an item.
    pub(crate) fn encode(&self, item: &Value) -> String {
        match self.format {
            SequenceFormat::JsonTextSequence => format!("\u{1e}{item}\n"),
            SequenceFormat::ServerSentEvents => {
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
            _ => format!("{item}\n"),
        }
    }

    /// Decodes the items of a JSON sequence.
    ///
    /// # Errors
    ///
    /// The number of the item that isn't JSON, from 0, and the reason.
    pub(crate) fn decode(&self, text: &str) -> Result<Vec<Value>, (usize, String)> {
        let separator = match self.format {
            SequenceFormat::JsonTextSequence => '\u{1e}',
            _ => '\n',
        };
        let items = text.split(separator).map(str::trim).filter(|item| !item.is_empty());
        let parse = |(index, item)| {
            serde_json::from_str(item)
                .map_err(|error: serde_json::Error| (index, error.to_string()))
        };
        items.enumerate().map(parse).collect()
    }
}
