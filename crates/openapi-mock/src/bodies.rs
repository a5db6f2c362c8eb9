//! Request bodies, from bytes to values: JSON, multipart, urlencoded, text and the rest.

use std::convert::Infallible;

use bytes::Bytes;
use openapi_document::{
    Document, Pointer,
    media_type::essence,
    operation::{Body, Content},
};
use serde_json::{Map, Value};

use crate::{
    parameters::decoded,
    shape::Shape,
    validator::{Validator, Violation},
};

/// One part of a multipart body.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The field.
    pub name: String,
    /// The name of the file, if it is one.
    pub file_name: Option<String>,
    /// The media type as it was sent.
    pub content_type: Option<String>,
    /// The content.
    pub content: Bytes,
}

/// A body that was read.
#[derive(Debug, Default)]
pub(crate) struct Read {
    pub(crate) value: Option<Value>,
    pub(crate) uploads: Vec<Upload>,
    pub(crate) violations: Vec<Violation>,
}

impl Read {
    fn refused(keyword: &str, message: impl Into<String>) -> Self {
        let violations = vec![Violation::new("body", keyword, message)];
        Self { violations, ..Self::default() }
    }
}

/// Reads a body and judges it.
pub(crate) async fn read(
    document: &Document,
    validator: &Validator,
    declared: Option<&Body>,
    content_type: Option<&str>,
    content: Bytes,
) -> Read {
    let Some(declared) = declared else {
        return match content.is_empty() {
            true => Read::default(),
            false => Read::refused("undeclared", "the operation takes none"),
        };
    };
    let Some(content_type) = content_type else {
        return match (content.is_empty(), declared.required) {
            (true, false) => Read::default(),
            (true, true) => Read::refused("required", "it is missing"),
            (false, _) => Read::refused("content-type", "there is no Content-Type"),
        };
    };
    let sent = essence(content_type);
    let Some(form) = form_for(&declared.content, &sent) else {
        let known: Vec<_> = declared.content.iter().map(|c| c.media_type.as_str()).collect();
        let message = format!("`{sent}` is none of {}", known.join(", "));
        return Read::refused("content-type", message);
    };
    let shape = form.schema.as_deref().map(|schema| Shape::of(document, schema));
    let mut read = if sent == "application/json" || sent.ends_with("+json") {
        match serde_json::from_slice(&content) {
            Ok(value) => Read { value: Some(value), ..Read::default() },
            Err(error) => Read::refused("json", error.to_string()),
        }
    } else if sent == "multipart/form-data" {
        multipart(document, form, content_type, content).await
    } else if sent == "application/x-www-form-urlencoded" {
        urlencoded(document, &shape.unwrap_or_default(), &content)
    } else if sent.starts_with("text/") {
        match String::from_utf8(content.to_vec()) {
            Ok(text) => Read { value: Some(text.into()), ..Read::default() },
            Err(_) => Read::refused("text", "it isn't UTF-8"),
        }
    } else {
        // Bytes: whatever they are, a schema can't say (OpenAPI 3.1, "Working with Binary Data").
        return Read::default();
    };
    if let (Some(value), Some(schema)) = (&read.value, &form.schema) {
        match validator.violations(schema, value, "body") {
            Ok(violations) => read.violations.extend(violations),
            Err(error) => read.violations.push(Violation::new("body", "schema", error.to_string())),
        }
    }
    read
}

/// The form for a media type: named, or by the narrowest range.
fn form_for<'a>(forms: &'a [Content], sent: &str) -> Option<&'a Content> {
    let range = sent.split('/').next().map(|kind| format!("{kind}/*")).unwrap_or_default();
    let find = |name: &str| forms.iter().find(|form| form.media_type == name);
    find(sent).or_else(|| find(&range)).or_else(|| find("*/*"))
}

async fn multipart(
    document: &Document,
    form: &Content,
    content_type: &str,
    content: Bytes,
) -> Read {
    let boundary = match multer::parse_boundary(content_type) {
        Ok(boundary) => boundary,
        Err(error) => return Read::refused("multipart", error.to_string()),
    };
    let whole = Whole(Some(content));
    let mut parts = multer::Multipart::new(whole, boundary);
    let mut uploads = Vec::new();
    loop {
        let part = match parts.next_field().await {
            Ok(Some(part)) => part,
            Ok(None) => break,
            Err(error) => return Read::refused("multipart", error.to_string()),
        };
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let content_type = part.content_type().map(|media_type| media_type.to_string());
        match part.bytes().await {
            Ok(content) => uploads.push(Upload { name, file_name, content_type, content }),
            Err(error) => return Read::refused("multipart", error.to_string()),
        }
    }
    let shape = form.schema.as_deref().map(|schema| Shape::of(document, schema));
    let shape = shape.unwrap_or_default();
    let mut read = Read { uploads, ..Read::default() };
    let mut object = Map::new();
    for upload in &read.uploads {
        let name = &upload.name;
        let refuse = |keyword: &str, message: String| {
            Violation::new(format!("body part `{name}`"), keyword, message)
        };
        let Some(schema) = shape.member(name) else {
            read.violations.push(refuse("unknown", "the document knows no such part".to_owned()));
            continue;
        };
        let one = Shape::of(document, schema);
        let is_list = one.is("array");
        let item = match &one.items {
            Some(items) if is_list => Shape::of(document, items),
            _ => one,
        };
        let wanted = format!("{}/encoding/{}/contentType", form.pointer, Pointer::escape(name));
        if let Some(wanted) = document.at(&wanted).and_then(|at| at.value.as_str()) {
            let sent = upload.content_type.as_deref().map(essence).unwrap_or_default();
            if !wanted.split(',').any(|range| includes(range.trim(), &sent)) {
                read.violations.push(refuse("content-type", format!("`{sent}` isn't {wanted}")));
            }
        }
        let value = match part_value(&item, upload) {
            Ok(value) => value,
            Err(message) => {
                read.violations.push(refuse("json", message));
                continue;
            }
        };
        match object.get_mut(name) {
            None if is_list => drop(object.insert(name.clone(), Value::Array(vec![value]))),
            None => drop(object.insert(name.clone(), value)),
            Some(Value::Array(items)) if is_list => items.push(value),
            Some(_) => read.violations.push(refuse("number", "it was sent twice".to_owned())),
        }
    }
    read.value = Some(Value::Object(object));
    read
}

/// JSON if it is an object or says so, a scalar otherwise; bytes stand as the text they may be.
fn part_value(shape: &Shape, upload: &Upload) -> Result<Value, String> {
    let sent = upload.content_type.as_deref().map(essence).unwrap_or_default();
    if shape.is("object") || sent == "application/json" && !shape.is("string") {
        return serde_json::from_slice(&upload.content).map_err(|error| error.to_string());
    }
    Ok(shape.scalar(&String::from_utf8_lossy(&upload.content)))
}

fn includes(range: &str, sent: &str) -> bool {
    let range = essence(range);
    let kind = range.strip_suffix("/*");
    range == sent || range == "*/*" || kind.is_some_and(|kind| sent.split('/').next() == Some(kind))
}

fn urlencoded(document: &Document, shape: &Shape, content: &[u8]) -> Read {
    let mut object = Map::new();
    let text = String::from_utf8_lossy(content);
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name), decoded(value));
        let member = shape.member(&name).map(|schema| Shape::of(document, schema));
        let member = member.unwrap_or_default();
        if member.is("array") {
            let items = member.items.as_deref().map(|items| Shape::of(document, items));
            let value = items.unwrap_or_default().scalar(&value);
            match object.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
                Value::Array(items) => items.push(value),
                other => *other = value,
            }
        } else {
            object.insert(name, member.scalar(&value));
        }
    }
    Read { value: Some(Value::Object(object)), ..Read::default() }
}

/// Bytes as a stream of one item, for the multipart reader.
struct Whole(Option<Bytes>);

impl futures_core::Stream for Whole {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.take().map(Ok))
    }
}
