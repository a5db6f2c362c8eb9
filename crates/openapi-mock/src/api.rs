//! A parsed document with everything that the mock derives from it.

use std::path::Path;

use bytes::Bytes;
use openapi_document::{
    Document, Operation,
    media_type::{Sequence as SequenceFormat, is_json},
    operation::{MediaTypeObject, Response},
    server,
};
use serde_json::Value;

use crate::{
    directions::Direction,
    error::MockError,
    instances::{Fill, InstanceGenerator},
    mock_response::MockResponse,
    negotiation::negotiate,
    route::Routes,
    sequences::Sequence,
    shape::SchemaShape,
    validator::{Validator, Validity},
};

/// The properties of an error body that may hold its message, in order of preference.
const MESSAGE_PROPERTIES: [&str; 6] =
    ["message", "detail", "error", "description", "reason", "title"];

/// The number of items in a generated sequence.
const GENERATED_ITEMS: u64 = 3;

/// An OpenAPI document with its operations, routes and schema validator.
#[derive(Debug)]
pub struct Api {
    document: Document,
    operations: Vec<Operation>,
    validator: Validator,
    /// The validators of requests and of responses, where they differ from that of all values.
    requests: Option<Validator>,
    responses: Option<Validator>,
    pub(crate) routes: Routes,
    base_path: String,
}

/// The options for building a response.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ResponseOptions<'a> {
    pub(crate) seed: u64,
    pub(crate) fill: Fill,
    /// The `Accept` header of the request.
    pub(crate) accept: Option<&'a str>,
    /// The name of an example to send; `Some("")` is any.
    pub(crate) example: Option<&'a str>,
}

/// A complete response.
#[derive(Clone, Debug, Default)]
pub(crate) struct BuiltResponse {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
    /// The parts of the body that are sent one by one, if it is a sequence of items.
    pub(crate) chunks: Vec<Bytes>,
}

impl Api {
    /// Parses a document, in YAML or JSON.
    ///
    /// # Errors
    ///
    /// If the text isn't an OpenAPI 3.1 or 3.2 document, or a reference in it doesn't resolve.
    pub fn parse(text: &str) -> Result<Self, MockError> {
        Self::new(Document::parse(text)?)
    }

    /// Reads a document from a file, with the files in its folder that it refers to.
    ///
    /// # Errors
    ///
    /// Those of [`Api::parse`] and of [`Document::load`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, MockError> {
        Self::new(Document::load(path)?.0)
    }

    fn new(document: Document) -> Result<Self, MockError> {
        // Schemas are validated by JSON Schema 2020-12, which OpenAPI 3.0 doesn't use.
        let version = document.node().text("openapi").unwrap_or_default();
        if version.starts_with("3.0.") {
            return Err(MockError::new(format!(
                "openapi: {version}: only documents of OpenAPI 3.1 and 3.2 can be served"
            )));
        }
        let operations = Operation::all(&document)?;
        let routes = Routes::new(&operations);
        let validator = Validator::new(&document)?;
        let requests = Validator::of_direction(&document, Direction::Request)?;
        let responses = Validator::of_direction(&document, Direction::Response)?;
        let base_path = base_path(&document);
        Ok(Self { document, operations, validator, requests, responses, routes, base_path })
    }

    /// Returns the document.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Returns the operations, in the order of the document.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// Returns the operation with this `operationId`.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// Returns the validator of the document's schemas.
    pub fn validator(&self) -> &Validator {
        &self.validator
    }

    /// Returns the validator of requests or responses: requests may omit properties that are
    /// `readOnly`, and responses those that are `writeOnly`, even if they are required.
    pub fn validator_of(&self, direction: Direction) -> &Validator {
        let validator = match direction {
            Direction::Request => &self.requests,
            Direction::Response => &self.responses,
        };
        validator.as_ref().unwrap_or(&self.validator)
    }

    /// Returns a generator of instances of the document's schemas.
    pub fn instances(&self) -> InstanceGenerator<'_> {
        InstanceGenerator::new(&self.document, &self.validator)
    }

    /// Returns the path of the first server URL, without a trailing slash.
    pub fn base_path(&self) -> &str {
        &self.base_path
    }

    /// Finds the list in an operation's success response: the body itself, or one of its
    /// properties, preferably `items`.
    ///
    /// Returns the JSON pointer to the list in the body, and the JSON pointer to the schema of its
    /// items.
    pub(crate) fn response_list(&self, operation: &Operation) -> Option<(String, String)> {
        let response = operation.response(success_status(operation))?;
        let schema = response.content.first()?.schema.as_ref()?;
        let shape = SchemaShape::new(&self.document, schema);
        if let Some(items) = shape.items {
            return Some((String::new(), items));
        }
        let lists = shape.properties.iter().filter_map(|(name, property)| {
            let items = SchemaShape::new(&self.document, property).items?;
            Some((name, items))
        });
        let mut lists: Vec<_> = lists.collect();
        lists.sort_by_key(|(name, _)| name.as_str() != "items");
        lists.into_iter().next().map(|(name, items)| (format!("/{name}"), items))
    }

    /// Builds the documented response of an operation, with the changes of `mock_response`.
    pub(crate) fn build_response(
        &self,
        operation: &Operation,
        mock_response: &MockResponse,
        options: ResponseOptions<'_>,
    ) -> Result<BuiltResponse, String> {
        let status = mock_response.status.unwrap_or_else(|| success_status(operation));
        let mut built = BuiltResponse { status, ..BuiltResponse::default() };
        let declared = operation.response(status);
        if let Some(declared) = declared {
            self.add_headers(declared, options, &mut built)?;
        }
        if let Some(body) = &mock_response.body {
            built.body = body.clone();
            let media_type = mock_response.content_type.as_deref().unwrap_or_default();
            built.headers.extend(content_type_header(media_type));
        } else if let Some((content, sequence)) =
            declared.and_then(|declared| self.sequence_of(declared, mock_response, options))
        {
            let items = self.items(content, &sequence, mock_response, options)?;
            built.headers.extend(content_type_header(&content.media_type));
            built.chunks = items.iter().map(|item| sequence.encode(item).into()).collect();
            built.body = built.chunks.concat().into();
        } else if let Some(content) =
            declared.and_then(|declared| negotiate(declared.content.iter(), options.accept))
        {
            let value = mock_response.patched(self.body_value(content, options)?);
            if mock_response.patches.is_empty() {
                self.validate_body(content, &value)?;
            }
            let (media_type, body) = encode(content, value);
            built.headers.extend(content_type_header(&media_type));
            built.body = body;
        }
        built.headers.extend(mock_response.headers.iter().cloned());
        Ok(built)
    }

    /// Builds the documented error response for a status.
    ///
    /// `message` is put into the first of [`MESSAGE_PROPERTIES`] that takes it.
    pub(crate) fn build_error(
        &self,
        operation: &Operation,
        status: u16,
        message: &str,
        options: ResponseOptions<'_>,
    ) -> Result<BuiltResponse, String> {
        let content = operation.response(status).and_then(|r| r.content.first());
        let mut response = MockResponse::status(status);
        match content.and_then(|content| Some((content, content.schema.as_deref()?))) {
            None => response = response.body(message.to_owned(), "text/plain"),
            Some((content, schema)) if is_json(&content.media_type) => {
                let shape = SchemaShape::new(&self.document, schema);
                let property = MESSAGE_PROPERTIES.iter().find(|name| {
                    let declared = shape.properties.iter().find(|(declared, _)| declared == *name);
                    declared.is_some_and(|(_, schema)| {
                        SchemaShape::new(&self.document, schema).has_type("string")
                    })
                });
                let value = self.body_value(content, options)?;
                if let Some(name) = property {
                    let with_message = response.clone().with_value(format!("/{name}"), message);
                    let validator = self.validator_of(Direction::Response);
                    let validity = validator.validity(schema, &with_message.patched(value));
                    if validity.is_ok_and(|validity| validity != Validity::Invalid) {
                        response = with_message;
                    }
                }
            }
            Some((content, _)) => {
                response = response.body(message.to_owned(), &content.media_type);
            }
        }
        self.build_response(operation, &response, options)
    }

    /// Returns the sequence that a response is sent as: the representation that `Accept` selects,
    /// or for items that a test has set, the one among the sequences.
    fn sequence_of<'a>(
        &self,
        declared: &'a Response,
        mock_response: &MockResponse,
        options: ResponseOptions<'_>,
    ) -> Option<(&'a MediaTypeObject, Sequence)> {
        let is_sequence = |content: &&MediaTypeObject| {
            SequenceFormat::from_media_type(&content.media_type).is_some()
        };
        let content = match mock_response.items {
            None => negotiate(declared.content.iter(), options.accept)?,
            Some(_) => negotiate(declared.content.iter().filter(is_sequence), options.accept)?,
        };
        Some((content, Sequence::new(&self.document, content)?))
    }

    /// Returns the items of a sequence: those that a test has set, an example if the options ask
    /// for one, or else instances.
    fn items(
        &self,
        content: &MediaTypeObject,
        sequence: &Sequence,
        mock_response: &MockResponse,
        options: ResponseOptions<'_>,
    ) -> Result<Vec<Value>, String> {
        if let Some(items) = &mock_response.items {
            return Ok(items.iter().cloned().map(|item| sequence.item(item)).collect());
        }
        let items = match options.example.and_then(|name| self.example(content, name)) {
            Some(Value::Array(items)) => {
                items.into_iter().map(|item| sequence.item(item)).collect()
            }
            Some(item) => vec![sequence.item(item)],
            None => {
                let seed = options.seed.wrapping_mul(1_000_003);
                let instance = |index: u64| match &sequence.schema {
                    None => Ok(Value::Object(serde_json::Map::new())),
                    Some(schema) => {
                        self.instances().generate(schema, seed.wrapping_add(index), options.fill)
                    }
                };
                let items: Result<Vec<_>, _> = (0..GENERATED_ITEMS).map(instance).collect();
                items.map_err(|error| error.to_string())?
            }
        };
        let Value::Array(items) = mock_response.patched(Value::Array(items)) else {
            return Err("a sequence of items was patched to another value".to_owned());
        };
        if mock_response.patches.is_empty() {
            for item in &items {
                self.check_item(sequence, item)?;
            }
        }
        Ok(items)
    }

    /// Validates an item of a sequence, and the JSON text in the data of an event.
    pub(crate) fn check_item(&self, sequence: &Sequence, item: &Value) -> Result<(), String> {
        if let Some(schema) = &sequence.schema {
            self.validate_response(schema, item, "item")?;
        }
        let [first, others @ ..] = sequence.data_schemas() else { return Ok(()) };
        let Some(data) = item.get("data").and_then(Value::as_str) else { return Ok(()) };
        let data: Value = serde_json::from_str(data)
            .map_err(|error| format!("item at /data: not JSON text: {error}"))?;
        let result = self.validate_response(first, &data, "the JSON text in the item's data");
        let fits = |schema: &String| self.validate_response(schema, &data, "").is_ok();
        if others.iter().any(fits) { Ok(()) } else { result }
    }

    /// Returns the body of a response: an example if the options ask for one, else an instance.
    fn body_value(
        &self,
        content: &MediaTypeObject,
        options: ResponseOptions<'_>,
    ) -> Result<Value, String> {
        if let Some(value) = options.example.and_then(|name| self.example(content, name)) {
            return Ok(value);
        }
        match &content.schema {
            None if is_json(&content.media_type) => Ok(Value::Object(serde_json::Map::new())),
            None => Ok(format!("content {}", options.seed).into()),
            Some(schema) => self
                .instances()
                .generate(schema, options.seed, options.fill)
                .map_err(|error| error.to_string()),
        }
    }

    /// Returns an example from the document: one of `examples`, or `example` if no name is given.
    fn example(&self, content: &MediaTypeObject, name: &str) -> Option<Value> {
        let media = self.document.node_at(&content.pointer)?;
        let mut named = media.get("examples").into_iter().flat_map(|all| all.members());
        let found = named.find(|(own, _)| name.is_empty() || *own == name);
        let found = found.and_then(|(_, example)| self.document.resolved(example)?.get("value"));
        let schema = || self.document.resolved(self.document.node_at(content.schema.as_deref()?)?);
        found
            .or_else(|| media.get("example").filter(|_| name.is_empty()))
            .or_else(|| schema()?.get("example").filter(|_| name.is_empty()))
            .map(|example| example.value.clone())
    }

    /// Adds the documented headers: the required ones, and the optional ones with [`Fill::Full`].
    fn add_headers(
        &self,
        declared: &Response,
        options: ResponseOptions<'_>,
        built: &mut BuiltResponse,
    ) -> Result<(), String> {
        for (name, required, schema) in &declared.headers {
            let wanted = *required || options.fill == Fill::Full;
            // Set where the body and redirects are built.
            let reserved = ["content-type", "content-length", "location"];
            let (Some(schema), true) = (schema, wanted) else { continue };
            if reserved.contains(&name.to_ascii_lowercase().as_str()) {
                continue;
            }
            let printable = |value: &Value| {
                let text = header_text(value);
                text.is_some_and(|text| text.bytes().all(|b| (b' '..=b'~').contains(&b)))
            };
            let instance =
                self.instances().generate_matching(schema, options.seed, options.fill, printable);
            let instance = instance.map_err(|error| format!("header `{name}`: {error}"))?;
            let text = header_text(&instance.value).unwrap_or_default();
            built.headers.push((name.clone(), text));
        }
        Ok(())
    }

    /// Validates a body, since an example of the document may violate its own schema.
    fn validate_body(&self, content: &MediaTypeObject, value: &Value) -> Result<(), String> {
        let Some(schema) = &content.schema else { return Ok(()) };
        self.validate_response(schema, value, "response")
    }

    /// Validates a value of a response.
    fn validate_response(&self, schema: &str, value: &Value, part: &str) -> Result<(), String> {
        let validator = self.validator_of(Direction::Response);
        let validity = validator.validity(schema, value).map_err(|error| error.to_string())?;
        if validity != Validity::Invalid {
            return Ok(());
        }
        let violations = validator.violations(schema, value, part);
        match violations.map_err(|error| error.to_string())?.first() {
            None => Ok(()),
            Some(violation) => Err(violation.to_string()),
        }
    }
}

/// Returns the status of the first documented success; without one, of the default response (200)
/// or of the first documented response.
pub(crate) fn success_status(operation: &Operation) -> u16 {
    let first_of_class = |class: u8| {
        let mut all = operation.responses.iter();
        all.find(|response| response.status.as_bytes().first() == Some(&class))
    };
    let default = || operation.responses.iter().find(|response| response.status == "default");
    match first_of_class(b'2').or_else(|| first_of_class(b'3')) {
        Some(response) => response.code(),
        None => default()
            .map_or_else(|| operation.responses.first().map_or(204, Response::code), |_| 200),
    }
}

/// Encodes a body: strings as plain text unless the media type is JSON, other values as JSON.
pub(crate) fn encode(content: &MediaTypeObject, value: Value) -> (String, Bytes) {
    let media_type = match content.media_type.contains('*') {
        true => "application/octet-stream".to_owned(),
        false => content.media_type.clone(),
    };
    let body = match value {
        Value::String(text) if !is_json(&media_type) => text,
        value => value.to_string(),
    };
    (media_type, body.into())
}

/// Encodes a scalar or a list of scalars as a header value.
fn header_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => {
            items.iter().map(header_text).collect::<Option<Vec<_>>>().map(|all| all.join(","))
        }
        Value::Null | Value::Object(_) => None,
        scalar => Some(scalar.to_string()),
    }
}

fn content_type_header(media_type: &str) -> Option<(String, String)> {
    (!media_type.is_empty()).then(|| ("content-type".to_owned(), media_type.to_owned()))
}

/// Returns the path of the first server URL, with its variables at their defaults.
fn base_path(document: &Document) -> String {
    let server = document.root().pointer("/servers/0");
    let url = server.and_then(server::url).unwrap_or_else(|| "/".to_owned());
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None => url.as_str(),
    };
    let path = path.trim_end_matches('/');
    if path.is_empty() || path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}
