//! The encoding of multipart forms: heads of parts, boundaries and lengths.

use std::hash::{BuildHasher, Hasher, RandomState};

use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};
use mime_guess::Mime;
use reqwest::Body;

use crate::upload::{self, BodyError, Chunks};

/// A part whose content is open.
pub(super) struct EncodedPart {
    head: String,
    content: Chunks,
    /// The length of the content in bytes, if it is known.
    length: Option<u64>,
}

impl EncodedPart {
    pub(super) fn new(head: String, content: Chunks, length: Option<u64>) -> Self {
        Self { head, content, length }
    }

    pub(super) fn from_text(head: String, text: String) -> Self {
        let length = Some(text.len() as u64);
        Self::new(head, upload::bytes_chunks(text.into()), length)
    }

    /// Names the form field in errors of the content.
    pub(super) fn with_name(mut self, name: &'static str) -> Self {
        let named = move |error: BodyError| error.with_field(name);
        self.content = self.content.map_err(named).boxed();
        self
    }
}

/// A form that is ready to be sent.
pub(crate) struct EncodedForm {
    pub(crate) body: Body,
    /// The value of `Content-Type`, with the boundary.
    pub(crate) content_type: String,
    /// The value of `Content-Length`, if the lengths of all parts are known.
    pub(crate) length: Option<u64>,
}

impl EncodedForm {
    pub(super) fn new(parts: Vec<EncodedPart>) -> Self {
        let boundary = boundary();
        let end = format!("--{boundary}--\r\n");
        let mut length = Some(end.len() as u64);
        let mut chunks: Vec<Chunks> = Vec::new();
        for part in parts {
            let head = format!("--{boundary}\r\n{}\r\n", part.head);
            let around = (head.len() + 2) as u64;
            length = length.zip(part.length).map(|(length, content)| length + around + content);
            chunks.push(text(head));
            chunks.push(part.content);
            chunks.push(text("\r\n".to_owned()));
        }
        chunks.push(text(end));
        let body = Body::wrap_stream(stream::iter(chunks).flatten());
        Self { body, content_type: format!("multipart/form-data; boundary={boundary}"), length }
    }
}

/// A text as a stream of one chunk.
fn text(text: String) -> Chunks {
    stream::iter([Ok(Bytes::from(text))]).boxed()
}

/// Encodes the header fields of a part.
///
/// # Errors
///
/// If a name contains NUL, or the media type is invalid.
pub(super) fn head(
    field: &str,
    file_name: Option<&str>,
    media_type: Option<&str>,
) -> Result<String, String> {
    let mut head = format!("Content-Disposition: form-data; name=\"{}\"", quoted(field)?);
    if let Some(name) = file_name {
        head += &format!("; filename=\"{}\"", quoted(name)?);
    }
    head += "\r\n";
    if let Some(media_type) = media_type {
        let invalid = |_| format!("`{media_type}` isn't a valid media type");
        let media_type: Mime = media_type.parse().map_err(invalid)?;
        head += &format!("Content-Type: {media_type}\r\n");
    }
    Ok(head)
}

/// Encodes a name by the multipart/form-data encoding algorithm of WHATWG HTML: line breaks and
/// quotes are percent-encoded, everything else stays.
fn quoted(name: &str) -> Result<String, String> {
    if name.contains('\0') {
        return Err(format!("the name {name:?} contains NUL"));
    }
    Ok(name.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22"))
}

/// A random boundary, which no content contains.
fn boundary() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("{:016x}{:016x}", random(), random())
}
