//! `multipart/form-data` bodies (RFC 7578).

mod encode;

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use reqwest::Body;
use serde::Serialize;
use tokio::io::AsyncRead;

pub(crate) use self::encode::EncodedForm;
use self::encode::EncodedPart;
use crate::{
    expansion::{self, Expansion},
    once::Once,
    text::{self, EncodedValue},
    upload::{self, ByteCounter, UploadProgress},
};

/// A part of a form: mostly a file to upload.
///
/// The content of a file comes from memory ([`bytes`](Self::bytes)), from a path
/// ([`file`](Self::file)), or from a [`stream`](Self::stream) or [`reader`](Self::reader). Bytes
/// and paths convert into a part. A form field that takes either a file or a value takes
/// [`text`](Self::text) and [`json`](Self::json) too.
///
/// Copies of a part whose content is a stream share it: it is sent once.
#[derive(Clone)]
pub struct Part {
    body: PartBody,
    file_name: Option<String>,
    content_type: Option<String>,
    /// The media types that are sent unless `content_type` is set, separated by commas.
    media_types: Option<&'static str>,
    progress: Option<UploadProgress>,
}

/// The content of a part.
#[derive(Clone)]
enum PartBody {
    Bytes(Bytes),
    /// The file at a path.
    File(PathBuf),
    /// A stream, and its length in bytes if that is known.
    Stream(Once<Body>, Option<u64>),
    /// A value, which is sent without a file name.
    Value(String),
    /// Values of a style, each of which is a part of this name.
    Fields(Vec<(String, String)>),
    /// A value that can't be encoded, for this reason.
    Invalid(String),
}

impl Part {
    /// Creates a file with this content.
    pub fn bytes(content: impl Into<Bytes>) -> Self {
        Self::from_body(PartBody::Bytes(content.into()))
    }

    /// Creates a part from the file at `path`. The file is opened when the request is sent, and
    /// read while it is sent.
    ///
    /// File name and media type are those of the path unless they are set. If the file can't be
    /// opened, the call fails with [`ErrorKind::Request`](crate::ErrorKind::Request).
    pub fn file(path: impl AsRef<Path>) -> Self {
        Self::from_body(PartBody::File(path.as_ref().to_owned()))
    }

    /// Creates a file whose content is a stream of `length` bytes.
    ///
    /// If the length is unknown, the request is sent with chunked transfer coding, which some
    /// servers don't accept. A call with a stream is never retried, since it can be read once only.
    pub fn stream(content: impl Into<Body>, length: Option<u64>) -> Self {
        Self::from_body(PartBody::Stream(Once::new(content.into()), length))
    }

    /// Creates a file whose content is read from `reader`, with `length` as for [`Self::stream`].
    pub fn reader(reader: impl AsyncRead + Send + 'static, length: Option<u64>) -> Self {
        Self::stream(Body::wrap_stream(upload::reader_chunks(reader)), length)
    }

    /// Creates a text, which is sent without a file name.
    ///
    /// Its media type isn't sent unless it is set: a part without one is `text/plain` (RFC 7578,
    /// section 4.4).
    pub fn text(text: impl Into<String>) -> Self {
        Self::from_body(PartBody::Value(text.into()))
    }

    /// Creates a value that is encoded as JSON, and sent without a file name.
    ///
    /// If the value can't be encoded, the call fails with
    /// [`ErrorKind::Request`](crate::ErrorKind::Request).
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        match serde_json::to_string(value) {
            Ok(text) => Self::text(text).media_types("application/json"),
            Err(error) => Self::from_body(PartBody::Invalid(error.to_string())),
        }
    }

    /// Creates a value by its default media type (OpenAPI 3.1, section 4.8.15.1): strings, numbers
    /// and booleans are text, objects and arrays are JSON.
    #[doc(hidden)]
    pub fn value<T: Serialize>(value: &T) -> Self {
        match text::encode(value) {
            Ok(EncodedValue::Text(text)) => Self::text(text),
            Ok(EncodedValue::Json(json)) => Self::text(json).media_types("application/json"),
            Err(reason) => Self::from_body(PartBody::Invalid(reason)),
        }
    }

    /// Creates a text with several values, joined by `delimiter`.
    #[doc(hidden)]
    pub fn delimited<T: Serialize>(delimiter: char, values: impl IntoIterator<Item = T>) -> Self {
        let values: Result<Vec<_>, _> =
            values.into_iter().map(|value| text::text(&value)).collect();
        match values {
            Ok(values) => Self::text(values.join(delimiter.encode_utf8(&mut [0; 4]))),
            Err(reason) => Self::from_body(PartBody::Invalid(reason)),
        }
    }

    /// Creates the parts of a value by the style that the document declares for the form field: of
    /// an exploded object, a text for each member.
    #[doc(hidden)]
    pub fn styled<T: Serialize>(field: &str, expansion: Expansion, value: &T) -> Self {
        Self::from_body(match expansion::in_multipart(field, expansion, value) {
            Ok(fields) => PartBody::Fields(fields),
            Err(reason) => PartBody::Invalid(reason),
        })
    }

    fn from_body(body: PartBody) -> Self {
        Self { body, file_name: None, content_type: None, media_types: None, progress: None }
    }

    /// Sets the file name that is sent; by default that of the path, or else that of the form
    /// field.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the media type. By default it is the one that the document declares for the form field;
    /// if that declares none or several, that of the file name's extension.
    ///
    /// If it isn't a valid media type, the call fails with
    /// [`ErrorKind::Request`](crate::ErrorKind::Request).
    #[must_use]
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(media_type.into());
        self
    }

    /// Sets the media types that the document declares for the form field, separated by commas.
    #[doc(hidden)]
    #[must_use]
    pub fn media_types(mut self, media_types: &'static str) -> Self {
        self.media_types = Some(media_types);
        self
    }

    /// Sets a function that is called while the content is sent, with the number of bytes sent so
    /// far and the total number of bytes, if that is known.
    ///
    /// A retry starts again from 0.
    #[must_use]
    pub fn on_progress(
        mut self,
        progress: impl Fn(u64, Option<u64>) + Send + Sync + 'static,
    ) -> Self {
        self.progress = Some(UploadProgress(Arc::new(progress)));
        self
    }

    /// Opens the content and encodes the head; `counter` counts the bytes that are sent.
    async fn encode(self, field: &str, counter: &ByteCounter) -> Result<Vec<EncodedPart>, String> {
        let Self { body, file_name, content_type, media_types, progress } = self;
        let (chunks, length, path_name) = match body {
            PartBody::Invalid(reason) => return Err(reason),
            PartBody::Value(text) => {
                let media_type = content_type.or_else(|| media_type(media_types?, None));
                let head = encode::head(field, None, media_type.as_deref())?;
                return Ok(vec![EncodedPart::from_text(head, text)]);
            }
            PartBody::Fields(fields) => {
                let parts = fields.into_iter().map(|(name, text)| {
                    Ok(EncodedPart::from_text(encode::head(&name, None, None)?, text))
                });
                return parts.collect();
            }
            PartBody::Bytes(bytes) => {
                let length = Some(bytes.len() as u64);
                (upload::bytes_chunks(bytes), length, None)
            }
            PartBody::Stream(body, length) => (upload::body_chunks(body.take()?), length, None),
            PartBody::File(path) => {
                let opened = upload::file_chunks(&path).await;
                let (chunks, length) =
                    opened.map_err(|error| format!("{}: {error}", path.display()))?;
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
                (chunks, length, name)
            }
        };
        let name = file_name.or(path_name);
        // By the extension, as servers and browsers do it.
        let guess = |name| mime_guess::from_path(name).first_raw().map(str::to_owned);
        let guess = name.as_ref().and_then(guess);
        let media_type = content_type
            .or_else(|| media_type(media_types?, guess.as_deref()))
            .or(guess)
            .unwrap_or_else(|| mime_guess::mime::APPLICATION_OCTET_STREAM.to_string());
        let head = encode::head(field, Some(name.as_deref().unwrap_or(field)), Some(&media_type))?;
        let chunks = counter.count(upload::exact_length(chunks, length), length, progress);
        Ok(vec![EncodedPart::new(head, chunks, length)])
    }
}

/// Chooses a media type among the declared ones: the guessed one if it is among them, else the
/// first that isn't a range (`image/*`).
fn media_type(declared: &str, guess: Option<&str>) -> Option<String> {
    let mut declared = declared.split(',').map(str::trim);
    let includes_guess = |range: &str| {
        let (Some(guess), Some((kind, subtype))) = (guess, range.split_once('/')) else {
            return false;
        };
        let is_kind = |(other, _): (&str, &str)| kind == "*" || other.eq_ignore_ascii_case(kind);
        guess.eq_ignore_ascii_case(range)
            || (subtype == "*" && guess.split_once('/').is_some_and(is_kind))
    };
    if declared.clone().any(includes_guess) {
        return guess.map(str::to_owned);
    }
    declared.find(|range| !range.contains('*')).map(str::to_owned)
}

impl From<Vec<u8>> for Part {
    fn from(content: Vec<u8>) -> Self {
        Self::bytes(content)
    }
}

impl From<Bytes> for Part {
    fn from(content: Bytes) -> Self {
        Self::bytes(content)
    }
}

impl From<PathBuf> for Part {
    fn from(path: PathBuf) -> Self {
        Self::file(path)
    }
}

impl From<&Path> for Part {
    fn from(path: &Path) -> Self {
        Self::file(path)
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let content = match &self.body {
            PartBody::Bytes(bytes) => format!("{} bytes", bytes.len()),
            PartBody::File(path) => path.display().to_string(),
            PartBody::Stream(_, Some(length)) => format!("a stream of {length} bytes"),
            PartBody::Stream(_, None) => "a stream".to_owned(),
            PartBody::Value(_) | PartBody::Fields(_) => "a value".to_owned(),
            PartBody::Invalid(reason) => reason.clone(),
        };
        f.debug_struct("Part")
            .field("content", &content)
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .finish()
    }
}

/// A multipart form: named parts in order.
#[derive(Clone, Debug, Default)]
pub struct Form(Vec<(&'static str, Part)>);

impl Form {
    /// Adds a part. Other parts of this name stay.
    pub fn add(&mut self, name: &'static str, part: Part) {
        self.0.push((name, part));
    }

    /// Sets a part. It replaces other parts of this name.
    pub fn set(&mut self, name: &'static str, part: Part) {
        self.0.retain(|(other, _)| *other != name);
        self.add(name, part);
    }

    /// Whether the form has a part of this name.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.iter().any(|(other, _)| *other == name)
    }

    /// Whether the form has no parts.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns a copy of the form, or `None` if a part is a stream.
    pub(crate) fn try_clone(&self) -> Option<Self> {
        let has_stream = self.0.iter().any(|(_, part)| matches!(part.body, PartBody::Stream(..)));
        (!has_stream).then(|| self.clone())
    }

    /// Opens the contents and encodes the form; `counter` counts the bytes that are sent.
    pub(crate) async fn encode(self, counter: &ByteCounter) -> Result<EncodedForm, String> {
        let mut parts = Vec::new();
        for (name, part) in self.0 {
            let failed = |reason| format!("`{name}`: {reason}");
            let encoded = part.encode(name, counter).await.map_err(failed)?;
            parts.extend(encoded.into_iter().map(|part| part.with_name(name)));
        }
        Ok(EncodedForm::new(parts))
    }
}
