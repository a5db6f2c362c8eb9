//! Recording of requests and responses to a file, and playback in tests.
//!
//! A [`Recorder`] is a transport around another one, a [`Playback`] one that needs no server:
//!
//! ```no_run
//! use openapi_lower_runtime::{
//!     Auth, Client, ClientBuilder, Error,
//!     cassettes::{Playback, Recorder},
//! };
//!
//! fn builder() -> ClientBuilder<Client> {
//!     ClientBuilder::new("https://api.example/v1", Auth::Bearer, "my-sdk/1.0")
//! }
//!
//! /// Once, with the API and its key:
//! fn recording_client(key: &str) -> Result<Client, Error> {
//!     let file = "tests/cassettes/names.jsonl";
//!     builder().api_key(key).wrap_transport(move |inner| Recorder::new(inner, file)).build()
//! }
//!
//! /// In tests, with any key:
//! fn playback_client() -> Result<Client, Box<dyn std::error::Error>> {
//!     let playback = Playback::open("tests/cassettes/names.jsonl")?;
//!     Ok(builder().api_key("test").transport(playback).build()?)
//! }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let _ = (recording_client("k")?, playback_client()?);
//! # Ok(())
//! # }
//! ```
//!
//! # The file
//!
//! It has a line of JSON for each exchange, with `request` (`method`, `url`, `headers`, `body`) and
//! `response` (`status`, `headers`, `body`). A body is a string, or `{"base64": …}` if it isn't
//! UTF-8.
//!
//! # Secrets
//!
//! The file has `[redacted]` in place of
//!
//! - the credentials of the client, wherever they are: in headers, URLs and bodies, in any encoding
//!   that errors of the client hide, too,
//! - the values of all headers marked sensitive, of `Authorization`, `Proxy-Authorization`,
//!   `Cookie` and `Set-Cookie`, and
//! - [secrets](Recorder::secret) that you name.
//!
//! Anything else is recorded as it is: signed URLs and data of persons, for example, and bodies
//! whose content coding the transport doesn't decode. Read a file before you share it.

mod exchange;

use std::{
    fmt,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};

use self::exchange::{Exchange, Request, Response, Secrets};
use crate::{
    display::Mask,
    future::BoxFuture,
    transport::{Transport, TransportBody, TransportError},
};

/// The maximum size of a body, in bytes.
const MAX_BODY: usize = 64 << 20;

/// A transport that records what another one sends and receives.
///
/// Bodies are read whole, up to 64 MiB, before they are passed on, so that a stream without an end
/// can't be recorded. An attempt without a response isn't recorded.
pub struct Recorder<T> {
    transport: Arc<T>,
    output: Arc<Output>,
    secrets: Vec<String>,
}

/// The file to which exchanges are written.
struct Output {
    path: PathBuf,
    file: Mutex<Option<File>>,
}

impl<T: Transport> Recorder<T> {
    /// Creates a recorder of the exchanges of `transport`.
    ///
    /// The file at `path` is replaced when the first response is received. If it can't be written,
    /// the call fails with an error of kind [`Transport`](crate::ErrorKind::Transport).
    pub fn new(transport: T, path: impl Into<PathBuf>) -> Self {
        let output = Arc::new(Output { path: path.into(), file: Mutex::default() });
        Self { transport: Arc::new(transport), output, secrets: Vec::new() }
    }

    /// Hides a text wherever it is recorded.
    #[must_use]
    pub fn secret(mut self, text: impl Into<String>) -> Self {
        self.secrets.push(text.into());
        self
    }
}

impl Output {
    fn append(&self, exchange: &Exchange) -> io::Result<()> {
        let mut line = serde_json::to_vec(exchange)?;
        line.push(b'\n');
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let file = match &mut *file {
            Some(file) => file,
            none => none.insert(File::create(&self.path)?),
        };
        file.write_all(&line)
    }
}

impl<T: Transport> Transport for Recorder<T> {
    fn send(
        &self,
        request: http::Request<TransportBody>,
    ) -> BoxFuture<Result<http::Response<TransportBody>, TransportError>> {
        let (transport, output) = (self.transport.clone(), self.output.clone());
        let named = Mask::new(self.secrets.iter().map(String::as_str));
        Box::pin(async move {
            // Without it, the credentials would be recorded.
            let Some(credentials) = request.extensions().get::<Mask>() else {
                let reason = "a recorder needs the extensions of the request, which a transport \
                              around it has removed";
                return Err(TransportError::refused(reason));
            };
            let secrets = Secrets([credentials.clone(), named]);
            let (head, body) = request.into_parts();
            let body = read(body).await?;
            let recorded = Request::new(&secrets, &head, &body);
            let request = http::Request::from_parts(head, body.into());
            let (head, body) = transport.send(request).await?.into_parts();
            let body = read(body).await?;
            let response = Response::new(&secrets, &head, &body);
            output
                .append(&Exchange { request: recorded, response })
                .map_err(|error| failed("can't write the cassette", &output.path, error))?;
            Ok(http::Response::from_parts(head, body.into()))
        })
    }
}

/// Reads a body into memory.
async fn read(body: TransportBody) -> Result<Bytes, TransportError> {
    let body = Limited::new(body, MAX_BODY).collect().await;
    Ok(body.map_err(TransportError::new)?.to_bytes())
}

/// The error of a file.
fn failed(message: &str, path: &Path, error: io::Error) -> TransportError {
    TransportError::new(format!("{message} {}: {error}", path.display()))
}

impl<T> fmt::Debug for Recorder<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("path", &self.output.path).finish_non_exhaustive()
    }
}

/// A transport that responds with what a [`Recorder`] has recorded, and sends nothing.
///
/// Each exchange is used once: the first one whose request has the method, the URL and the body of
/// the call. Headers aren't compared, nor are the bodies of multipart forms, whose boundaries are
/// random. A request without an exchange is an error of kind
/// [`Request`](crate::ErrorKind::Request), which isn't retried.
///
/// A test that looks at [`unused`](Self::unused) passes `Arc<Playback>` to the client.
pub struct Playback(Arc<Exchanges>);

/// The exchanges that aren't used yet.
struct Exchanges(Mutex<Vec<Exchange>>);

impl Playback {
    /// Opens a recorded file.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or if a line of it isn't an exchange.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let text = fs::read_to_string(path)?;
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
        let exchanges = lines.map(|(index, line)| {
            let invalid = |reason: &dyn fmt::Display| {
                let message = format!("line {}: {reason}", index + 1);
                io::Error::new(io::ErrorKind::InvalidData, message)
            };
            let exchange: Exchange = serde_json::from_str(line).map_err(|error| invalid(&error))?;
            exchange.response.build().map_err(|reason| invalid(&reason))?;
            Ok(exchange)
        });
        Ok(Self(Arc::new(Exchanges(Mutex::new(exchanges.collect::<io::Result<_>>()?)))))
    }

    /// Returns the number of exchanges that no call has used.
    pub fn unused(&self) -> usize {
        self.0.lock().len()
    }
}

impl Exchanges {
    fn lock(&self) -> MutexGuard<'_, Vec<Exchange>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the response to a request, and removes its exchange.
    fn respond(&self, request: &Request) -> Result<http::Response<TransportBody>, TransportError> {
        let mut exchanges = self.lock();
        let index = exchanges.iter().position(|exchange| exchange.request.matches(request));
        let index = index.ok_or_else(|| {
            let reason = format!("the cassette has no unused exchange for {request}");
            TransportError::refused(reason)
        })?;
        exchanges.remove(index).response.build().map_err(TransportError::refused)
    }
}

impl Transport for Playback {
    fn send(
        &self,
        request: http::Request<TransportBody>,
    ) -> BoxFuture<Result<http::Response<TransportBody>, TransportError>> {
        let exchanges = self.0.clone();
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let credentials = head.extensions.get::<Mask>().cloned().unwrap_or_default();
            let body = read(body).await?;
            let secrets = Secrets([credentials, Mask::default()]);
            exchanges.respond(&Request::new(&secrets, &head, &body))
        })
    }
}

impl fmt::Debug for Playback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Playback").field("unused", &self.unused()).finish()
    }
}
