//! Decoding of request bodies: JSON, multipart, urlencoded, text and binary.

use std::{collections::BTreeMap, convert::Infallible};

use bytes::Bytes;
use openapi_document::{
    Document, Pointer,
    media_type::{Sequence as SequenceFormat, essence, is_json},
    operation::{Body, MediaTypeObject},
};
use serde_json::Value;

use crate::{
    forms,
    sequences::Sequence,
    shape::SchemaShape,
    validator::{Validator, Violation},
};

/// One part of a multipart request body.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The name of the form field.
    pub name: String,
    /// The file name, if the part has one.
    pub file_name: Option<String>,
    /// The media type as received, with its parameters.
    pub content_type: Option<String>,
    /// The content.
    pub content: Bytes,
}

/// A decoded and validated request body.
#[derive(Debug, Default)]
pub(crate) struct DecodedBody {
    pub(crate) value: Option<Value>,
    pub(crate) uploads: Vec<Upload>,
    pub(crate) violations: Vec<Violation>,
}

impl DecodedBody {
    /// Creates the result for a body that can't be decoded.
    fn invalid(keyword: &str, message: impl Into<String>) -> Self {
        let violations = vec![Violation::new("body", keyword, message)];
        Self { violations, ..Self::default() }
    }
}

/// Decodes a request body by its media type and validates it.
pub(crate) async fn decode(
    document: &Document,
    validator: &Validator,
    declared: Option<&Body>,
    content_type: Option<&str>,
    bytes: Bytes,
) -> DecodedBody {
    let Some(declared) = declared else {
        return match bytes.is_empty() {
            true => DecodedBody::default(),
            false => DecodedBody::invalid("undeclared", "the operation declares no request body"),
        };
    };
    // Some clients send a content type without a body.
    if bytes.is_empty() && !declared.required {
        return DecodedBody::default();
    }
    let Some(content_type) = content_type else {
        return match bytes.is_empty() {
            true => DecodedBody::invalid("required", "missing"),
            false => DecodedBody::invalid("content-type", "missing header `Content-Type`"),
        };
    };
    let media_type = essence(content_type);
    let Some(content) = find_content(&declared.content, &media_type) else {
        let known: Vec<_> = declared.content.iter().map(|c| c.media_type.as_str()).collect();
        let message = format!("`{media_type}` isn't declared, only {}", known.join(", "));
        return DecodedBody::invalid("content-type", message);
    };
    // An empty text, form or file is a value; no JSON text and no multipart body is empty.
    if bytes.is_empty() && (is_json(&media_type) || media_type.starts_with("multipart/")) {
        return DecodedBody::invalid("required", "missing");
    }
    if let Some(sequence) = Sequence::new(document, content) {
        return decode_sequence(validator, &sequence, &bytes);
    }
    let mut decoded = if is_json(&media_type) {
        match serde_json::from_slice(&bytes) {
            Ok(value) => DecodedBody { value: Some(value), ..DecodedBody::default() },
            Err(error) => DecodedBody::invalid("json", error.to_string()),
        }
    } else if media_type == "multipart/form-data" {
        decode_multipart(document, validator, content, content_type, bytes).await
    } else if media_type == forms::FORM {
        let value = forms::decode_form(document, content, &String::from_utf8_lossy(&bytes));
        DecodedBody { value: Some(value), ..DecodedBody::default() }
    } else if media_type.starts_with("text/") {
        match String::from_utf8(bytes.to_vec()) {
            Ok(text) => DecodedBody { value: Some(text.into()), ..DecodedBody::default() },
            Err(_) => DecodedBody::invalid("text", "not UTF-8"),
        }
    } else {
        // A schema can't constrain bytes (OpenAPI 3.1, "Working with Binary Data").
        return DecodedBody::default();
    };
    if let (Some(value), Some(schema)) = (&decoded.value, &content.schema) {
        match validator.violations(schema, value, "body") {
            Ok(violations) => decoded.violations.extend(violations),
            Err(error) => {
                decoded.violations.push(Violation::new("body", "schema", error.to_string()));
            }
        }
    }
    decoded
}

/// Decodes a sequence of JSON texts into an array, and validates each item.
fn decode_sequence(validator: &Validator, sequence: &Sequence, bytes: &Bytes) -> DecodedBody {
    // Programs don't send events, whose content isn't JSON.
    if sequence.format == SequenceFormat::ServerSentEvents {
        return DecodedBody::default();
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return DecodedBody::invalid("text", "not UTF-8");
    };
    let items = match sequence.decode(text) {
        Ok(items) => items,
        Err((index, message)) => {
            let mut decoded = DecodedBody::invalid("json", message);
            decoded.violations[0].pointer = format!("/{index}");
            return decoded;
        }
    };
    let mut violations = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let Some(schema) = &sequence.schema else { break };
        match validator.violations(schema, item, "body") {
            Ok(of_item) => violations.extend(of_item.into_iter().map(|mut violation| {
                violation.pointer.insert_str(0, &format!("/{index}"));
                violation
            })),
            Err(error) => violations.push(Violation::new("body", "schema", error.to_string())),
        }
    }
    DecodedBody { value: Some(items.into()), violations, ..DecodedBody::default() }
}

/// Finds the declared media type: the exact one, or the narrowest range that includes it.
fn find_content<'a>(
    declared: &'a [MediaTypeObject],
    media_type: &str,
) -> Option<&'a MediaTypeObject> {
    let top_level = media_type.split('/').next();
    let range = top_level.map(|top_level| format!("{top_level}/*")).unwrap_or_default();
    let find = |name: &str| declared.iter().find(|content| content.media_type == name);
    find(media_type).or_else(|| find(&range)).or_else(|| find("*/*"))
}

/// Decodes a multipart body (RFC 7578) into an object with a property for each part.
async fn decode_multipart(
    document: &Document,
    validator: &Validator,
    content: &MediaTypeObject,
    content_type: &str,
    bytes: Bytes,
) -> DecodedBody {
    let boundary = match multer::parse_boundary(content_type) {
        Ok(boundary) => boundary,
        Err(error) => return DecodedBody::invalid("multipart", error.to_string()),
    };
    let mut parts = multer::Multipart::new(SingleChunk(Some(bytes)), boundary);
    let mut uploads = Vec::new();
    loop {
        let part = match parts.next_field().await {
            Ok(Some(part)) => part,
            Ok(None) => break,
            Err(error) => return DecodedBody::invalid("multipart", error.to_string()),
        };
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let content_type = part.content_type().map(|media_type| media_type.to_string());
        match part.bytes().await {
            Ok(content) => uploads.push(Upload { name, file_name, content_type, content }),
            Err(error) => return DecodedBody::invalid("multipart", error.to_string()),
        }
    }
    let shape = content.schema.as_deref().map(|schema| SchemaShape::new(document, schema));
    let shape = shape.unwrap_or_default();
    let mut decoded = DecodedBody { uploads, ..DecodedBody::default() };
    let text = |upload: &Upload| String::from_utf8_lossy(&upload.content).into_owned();
    // Files may be large: only if a property may consist of several parts.
    let has_encoding = document.node_at(&format!("{}/encoding", content.pointer)).is_some();
    let texts: Vec<_> = decoded.uploads.iter().filter(|_| has_encoding).map(text).collect();
    let texts = decoded.uploads.iter().map(|upload| upload.name.as_str()).zip(&texts);
    let texts: Vec<_> = texts.map(|(name, text)| (name, text.as_str())).collect();
    let (mut object, used) = forms::decode_members(document, content, &shape, &texts);
    let mut parts: BTreeMap<&str, Vec<&Upload>> = BTreeMap::new();
    for upload in decoded.uploads.iter().filter(|upload| !used.contains(&upload.name)) {
        parts.entry(&upload.name).or_default().push(upload);
    }
    for (name, uploads) in parts {
        let violation = |keyword: &str, message: String| {
            Violation::new(format!("body part `{name}`"), keyword, message)
        };
        let Some(schema) = shape.property(name) else {
            let message = "the schema declares no such property".to_owned();
            decoded.violations.push(violation("unknown", message));
            continue;
        };
        let encoding = format!("{}/encoding/{}", content.pointer, Pointer::escape(name));
        let encoding = document.node_at(&encoding);
        let declared = encoding.as_ref().and_then(|encoding| encoding.text("contentType"));
        for upload in &uploads {
            let Some(declared) = declared else { continue };
            let sent = upload.media_type();
            if !declared.split(',').any(|range| includes(range.trim(), &sent)) {
                let message = format!("`{sent}` isn't declared, only {declared}");
                decoded.violations.push(violation("content-type", message));
            }
        }
        let property = SchemaShape::new(document, schema);
        let decode = |shape: &SchemaShape, upload: &Upload| {
            let is_json = declared.is_some() && is_json(&upload.media_type());
            decode_part(shape, upload, is_json)
        };
        let is_array = property.has_type("array");
        let items = || -> Result<Value, serde_json::Error> {
            let shape = property.item_shape(document);
            uploads.iter().map(|upload| decode(&shape, upload)).collect()
        };
        let styled = match (uploads.as_slice(), &encoding) {
            ([upload], Some(encoding)) if declared.is_none() => {
                let text = String::from_utf8_lossy(&upload.content);
                forms::decode_part(document, encoding, schema, &text)
            }
            _ => None,
        };
        let value = match uploads.as_slice() {
            _ if styled.is_some() => Ok(styled.unwrap_or_default()),
            [upload] => {
                // The part of a union may be the value itself, or the only item of an array.
                let whole = decode(&property, upload);
                let is_valid = |value: &Value| validator.accepts(schema, value).unwrap_or(false);
                match is_array && !whole.as_ref().is_ok_and(is_valid) {
                    true => items(),
                    false => whole,
                }
            }
            _ if is_array => items(),
            _ => {
                let message = "sent more than once, but not an array".to_owned();
                decoded.violations.push(violation("number", message));
                decode(&property, uploads[0])
            }
        };
        match value {
            Ok(value) => drop(object.insert(name.to_owned(), value)),
            Err(error) => decoded.violations.push(violation("json", error.to_string())),
        }
    }
    decoded.value = Some(Value::Object(object));
    decoded
}

impl Upload {
    /// Returns the media type without parameters; empty if the part has none.
    fn media_type(&self) -> String {
        self.content_type.as_deref().map(essence).unwrap_or_default()
    }
}

/// Decodes a part: as JSON if that is declared, or if the schema allows any type and the part is
/// JSON; else objects and arrays as JSON, and scalars as text (OpenAPI 3.1, "Encoding Object").
/// Binary content becomes a string.
fn decode_part(
    shape: &SchemaShape,
    upload: &Upload,
    is_declared_json: bool,
) -> Result<Value, serde_json::Error> {
    if is_declared_json || shape.types.is_empty() && is_json(&upload.media_type()) {
        return serde_json::from_slice(&upload.content);
    }
    shape.structured(&String::from_utf8_lossy(&upload.content))
}

/// Whether a media range includes a media type (RFC 9110, section 12.5.1).
fn includes(range: &str, media_type: &str) -> bool {
    let range = essence(range);
    let top_level = range.strip_suffix("/*");
    range == media_type
        || range == "*/*"
        || top_level.is_some_and(|top_level| media_type.split('/').next() == Some(top_level))
}

/// A stream of one chunk, for the multipart parser.
struct SingleChunk(Option<Bytes>);

impl futures_core::Stream for SingleChunk {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.take().map(Ok))
    }
}
