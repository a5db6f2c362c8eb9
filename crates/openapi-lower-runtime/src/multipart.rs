//! multipart/form-data bodies (RFC 7578).

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use bytes::Bytes;
use reqwest::Body;
use serde::Serialize;
use tokio::io::AsyncRead;
use tokio_util::io::ReaderStream;

use crate::upload::{self, ByteCounter, Progress};

/// A part of a form: a file or a value.
pub struct Part {
    content: Content,
    file_name: Option<String>,
    content_type: Option<String>,
    progress: Option<Progress>,
}

enum Content {
    Bytes(Bytes),
    File(PathBuf),
    Stream(Body, Option<u64>),
    /// A value without a file name.
    Value(String),
    Invalid(String),
}

impl Part {
    /// A file with this content.
    pub fn bytes(content: impl Into<Bytes>) -> Self {
        Self::of(Content::Bytes(content.into()))
    }

    /// The file at `path`. It is opened when the request is sent and read as it goes; name and
    /// content type are those of the path unless set.
    pub fn file(path: impl AsRef<Path>) -> Self {
        Self::of(Content::File(path.as_ref().to_owned()))
    }

    /// A file whose content arrives as a stream. Without its `length` in bytes, the request is sent
    /// in chunks, which some servers refuse. It can be sent once only.
    pub fn stream(content: impl Into<Body>, length: Option<u64>) -> Self {
        Self::of(Content::Stream(content.into(), length))
    }

    /// A file whose content is read from `reader`, of `length` bytes as for [`Self::stream`].
    pub fn reader(reader: impl AsyncRead + Send + 'static, length: Option<u64>) -> Self {
        Self::stream(Body::wrap_stream(ReaderStream::new(reader)), length)
    }

    /// A value without a file name.
    #[doc(hidden)]
    pub fn text(value: String) -> Self {
        Self::of(Content::Value(value))
    }

    /// A value in JSON.
    #[doc(hidden)]
    pub fn json<T: Serialize>(value: &T) -> Self {
        match serde_json::to_string(value) {
            Ok(text) => Self::text(text).content_type("application/json"),
            Err(error) => Self::of(Content::Invalid(error.to_string())),
        }
    }

    fn of(content: Content) -> Self {
        Self { content, file_name: None, content_type: None, progress: None }
    }

    /// The name that the server sees; by default that of the path, or of the form field.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// The media type of the content; by default what the name of the file says, if it has one.
    #[must_use]
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(media_type.into());
        self
    }

    /// Is told, as the content is handed over for sending, how many bytes there were so far and how
    /// many there will be, if that is known. A call that is sent again begins again.
    #[must_use]
    pub fn on_progress(
        mut self,
        progress: impl Fn(u64, Option<u64>) + Send + Sync + 'static,
    ) -> Self {
        self.progress = Some(Progress(Arc::new(progress)));
        self
    }

    /// The same part once more, if its content can be read again.
    fn try_clone(&self) -> Option<Self> {
        let content = match &self.content {
            Content::Bytes(bytes) => Content::Bytes(bytes.clone()),
            Content::File(path) => Content::File(path.clone()),
            Content::Value(text) => Content::Value(text.clone()),
            Content::Invalid(reason) => Content::Invalid(reason.clone()),
            Content::Stream(..) => return None,
        };
        let (file_name, content_type) = (self.file_name.clone(), self.content_type.clone());
        Some(Self { content, file_name, content_type, progress: self.progress.clone() })
    }

    async fn build(
        self,
        field: &str,
        sent: &ByteCounter,
    ) -> Result<reqwest::multipart::Part, String> {
        use reqwest::multipart::Part;
        let Self { content, file_name, content_type, progress } = self;
        let measured = |body, length| match length {
            Some(length) => Part::stream_with_length(body, length),
            None => Part::stream(body),
        };
        let (part, path_name) = match content {
            Content::Value(text) => return typed(Part::text(text), content_type),
            Content::Invalid(reason) => return Err(reason),
            Content::Bytes(bytes) => {
                let length = Some(bytes.len() as u64);
                (measured(sent.counting(upload::pieces(bytes), length, progress), length), None)
            }
            Content::Stream(body, length) => {
                (measured(sent.counting(upload::body(body), length, progress), length), None)
            }
            Content::File(path) => {
                let opened = upload::file(&path).await;
                let (pieces, length) =
                    opened.map_err(|error| format!("{}: {error}", path.display()))?;
                let body = sent.counting(pieces, length, progress);
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
                (measured(body, length), name)
            }
        };
        // By its name, as servers and browsers do it.
        let name = file_name.or(path_name);
        let guess = |name| mime_guess::from_path(name).first_raw().map(str::to_owned);
        let content_type = content_type.or_else(|| guess(name.as_ref()?));
        typed(part.file_name(name.unwrap_or_else(|| field.to_owned())), content_type)
    }
}

fn typed(
    part: reqwest::multipart::Part,
    content_type: Option<String>,
) -> Result<reqwest::multipart::Part, String> {
    match content_type {
        Some(media_type) => {
            part.mime_str(&media_type).map_err(|_| format!("`{media_type}` is no media type"))
        }
        None => Ok(part),
    }
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
        let content = match &self.content {
            Content::Bytes(bytes) => format!("{} bytes", bytes.len()),
            Content::File(path) => path.display().to_string(),
            Content::Stream(_, Some(length)) => format!("a stream of {length} bytes"),
            Content::Stream(_, None) => "a stream".to_owned(),
            Content::Value(_) => "a value".to_owned(),
            Content::Invalid(reason) => reason.clone(),
        };
        f.debug_struct("Part")
            .field("content", &content)
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .finish()
    }
}

/// The parts of one body, in order.
#[derive(Debug, Default)]
pub struct Form(Vec<(&'static str, Part)>);

impl Form {
    /// Adds a part under `name`, beside those that are there.
    pub fn add(&mut self, name: &'static str, part: Part) {
        self.0.push((name, part));
    }

    /// Sets the one part under `name`.
    pub fn set(&mut self, name: &'static str, part: Part) {
        self.0.retain(|(other, _)| *other != name);
        self.add(name, part);
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(other, _)| *other == name)
    }

    /// Whether no part was added.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same parts once more, if all of them can be read again.
    pub(crate) fn try_clone(&self) -> Option<Self> {
        let parts = self.0.iter().map(|(name, part)| Some((*name, part.try_clone()?)));
        parts.collect::<Option<_>>().map(Self)
    }

    /// The form as reqwest sends it; `sent` counts what goes.
    pub(crate) async fn build(
        self,
        sent: &ByteCounter,
    ) -> Result<reqwest::multipart::Form, String> {
        let mut form = reqwest::multipart::Form::new();
        for (name, part) in self.0 {
            let part =
                part.build(name, sent).await.map_err(|reason| format!("`{name}`: {reason}"))?;
            form = form.part(name, part);
        }
        Ok(form)
    }
}
