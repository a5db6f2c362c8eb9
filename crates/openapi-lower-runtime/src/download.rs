//! Downloads of files from URLs that an API returns. They are sent without the credential.

mod partial_file;

use std::{fmt, path::Path};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use reqwest::{
    IntoUrl, Method, Request, StatusCode, Url,
    header::{ACCEPT, ACCEPT_ENCODING, HeaderValue, LOCATION},
};

use self::partial_file::{PartialFile, Target};
use crate::{
    api_error::ApiError,
    attempts::{self, BodyMode, FinalResponse},
    call::Call,
    client::Client,
    decoder::ErrorDecoder,
    error::{Error, ErrorKind},
    future::BoxFuture,
    operation::{CallTarget, Operation},
    response::Response,
    server::OperationServer,
    status::Status,
    stream::ByteStream,
};

/// The maximum number of redirects.
const MAX_REDIRECTS: usize = 10;

/// The operation that errors name.
const DOWNLOAD: &Operation = &Operation {
    id: "download",
    method: "GET",
    path: "",
    accept: "*/*",
    security: &[],
    server: OperationServer::Base,
    errors: &[ErrorDecoder::text(Status::Any)],
};

/// The progress callback of a download: called with the bytes received and the total, if it is
/// known.
type DownloadProgress = Box<dyn FnMut(u64, Option<u64>) + Send>;

/// A file to download, created by [`Client::download`].
///
/// The request is sent when [`bytes`], [`to_path`] or [`stream`] is called. Up to 10 redirects are
/// followed, but none from `https` to `http`.
///
/// The API key is never sent, not even to the host of the base URL. Default headers that were set
/// by [`ClientBuilder::configure`](crate::ClientBuilder::configure) are sent. The client's
/// [`timeout`](crate::ClientBuilder::timeout) applies to each read; the whole download has no time
/// limit. Requests are retried by the client's policy until the body is read.
///
/// [`bytes`]: Self::bytes
/// [`to_path`]: Self::to_path
/// [`stream`]: Self::stream
#[must_use = "a download does nothing until it is read"]
pub struct Download {
    client: Client,
    source: DownloadSource,
    limit: Option<u64>,
    progress: Option<DownloadProgress>,
}

/// The URL of a download.
enum DownloadSource {
    Url(Result<Url, Error>),
    /// The URL that a call returns.
    Call(BoxFuture<Result<Url, Error>>),
}

impl Client {
    /// Creates a download of the file at an `http` or `https` URL, for example one that an
    /// operation returned. An invalid URL is an error when the download is started.
    pub fn download(&self, url: impl IntoUrl) -> Download {
        let url = url
            .into_url()
            .map_err(|error| Error::from_reqwest(error, None).with_operation(DOWNLOAD.id.into()));
        Download::new(self, DownloadSource::Url(url))
    }

    /// Creates a download of the file at the URL that `call` returns: an operation whose response
    /// is a redirect. The call is sent when the download is started.
    pub fn download_from(
        &self,
        call: impl Future<Output = Result<Response<Url>, Error>> + Send + 'static,
    ) -> Download {
        let url = async { call.await.map(Response::into_inner) };
        Download::new(self, DownloadSource::Call(Box::pin(url)))
    }
}

impl Download {
    fn new(client: &Client, source: DownloadSource) -> Self {
        Self { client: client.clone(), source, limit: None, progress: None }
    }

    /// Sets the maximum size of the file in bytes. A larger file is an error of kind
    /// [`ErrorKind::TooLarge`].
    ///
    /// By default there is no limit; for [`Self::bytes`], it is the client's
    /// [`response_limit`](crate::ClientBuilder::response_limit).
    pub fn limit(mut self, bytes: u64) -> Self {
        self.limit = Some(bytes);
        self
    }

    /// Sets a function that is called for each chunk that is received, with the number of bytes
    /// received so far and the total number of bytes, if the server sent it.
    pub fn on_progress(mut self, progress: impl FnMut(u64, Option<u64>) + Send + 'static) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    /// Starts the download and returns the file as a stream of chunks.
    ///
    /// # Errors
    ///
    /// If the server responds with any status but 200 ([`ErrorKind::Api`]), if a redirect isn't
    /// followed ([`ErrorKind::Redirect`]), or if the request fails. The stream ends with an error
    /// if the file is incomplete, if a read takes too long, or if the file is larger than the
    /// limit.
    pub async fn stream(self) -> Result<Response<ByteStream>, Error> {
        let Self { client, source, limit, progress } = self;
        let url = match source {
            DownloadSource::Url(url) => url?,
            DownloadSource::Call(call) => {
                let url = call.await?;
                check_redirect(client.base_url(), &url)?;
                url
            }
        };
        let FileResponse { response, attempts } = follow_redirects(&client, url).await?;
        let total = response.content_length();
        if let (Some(total), Some(limit)) = (total, limit)
            && total > limit
        {
            return Err(too_large(limit).with_attempts(attempts));
        }
        let (status, headers) = (response.status(), response.headers().clone());
        let timeout = client.settings().timeout;
        let chunks = ByteStream::new(response, timeout, target(&client), attempts);
        let chunks = MeasuredChunks { chunks, received: 0, total, limit, progress };
        let chunks = stream::try_unfold(chunks, MeasuredChunks::next);
        Ok(Response::new(ByteStream::from_stream(chunks), status, headers))
    }

    /// Downloads the file into memory.
    ///
    /// # Errors
    ///
    /// As for [`Self::stream`], those of reading included.
    pub async fn bytes(mut self) -> Result<Response<Bytes>, Error> {
        self.limit = self.limit.or(Some(self.client.settings().response_limit as u64));
        let response = self.stream().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Response::new(response.into_inner().bytes().await?, status, headers))
    }

    /// Downloads the file to `path` and returns its length in bytes. An existing file is replaced.
    ///
    /// The file is written to a temporary file in the same directory, which is renamed when it is
    /// complete. If the download fails or the future is dropped, the temporary file is removed and
    /// an existing file at `path` stays. A file that is replaced keeps its permissions, and of a
    /// symbolic link the target is replaced.
    ///
    /// # Errors
    ///
    /// As for [`Self::stream`], those of reading included; [`ErrorKind::File`] if the file can't be
    /// written, or, before anything is sent, if `path` is a directory, a device or a pipe.
    pub fn to_path(self, path: impl AsRef<Path>) -> BoxFuture<Result<Response<u64>, Error>> {
        let path = path.as_ref().to_owned();
        Box::pin(async move {
            let failed = |error| {
                let message = format!("can't write {}", path.display());
                Error::new(ErrorKind::File, message)
                    .with_operation(DOWNLOAD.id.into())
                    .with_source(error)
            };
            let target = Target::resolve(&path).map_err(failed)?;
            let response = self.stream().await?;
            let (status, headers) = (response.status(), response.headers().clone());
            let mut chunks = response.into_inner();
            let mut file = PartialFile::create(target).map_err(failed)?;
            let mut length = 0;
            while let Some(chunk) = chunks.next().await {
                let chunk = chunk?;
                length += chunk.len() as u64;
                file.write(&chunk).await.map_err(failed)?;
            }
            file.finish().await.map_err(failed)?;
            Ok(Response::new(length, status, headers))
        })
    }
}

impl fmt::Debug for Download {
    /// Omits the URL, which may be signed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download").field("limit", &self.limit).finish_non_exhaustive()
    }
}

/// The chunks of a file, whose bytes are counted as they are read.
struct MeasuredChunks {
    chunks: ByteStream,
    received: u64,
    total: Option<u64>,
    limit: Option<u64>,
    progress: Option<DownloadProgress>,
}

impl MeasuredChunks {
    /// Returns the next chunk, after it is checked against the limit and reported as progress.
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, Error> {
        let Some(chunk) = self.chunks.next().await else { return Ok(None) };
        let chunk = chunk?;
        self.received += chunk.len() as u64;
        if let Some(limit) = self.limit.filter(|limit| self.received > *limit) {
            return Err(too_large(limit));
        }
        if let Some(progress) = &mut self.progress {
            progress(self.received, self.total);
        }
        Ok(Some((chunk, self)))
    }
}

/// Returns the error of a file that is larger than the limit.
fn too_large(limit: u64) -> Error {
    let message = format!("the file is larger than the limit of {limit} bytes");
    Error::new(ErrorKind::TooLarge, message).with_operation(DOWNLOAD.id.into()).with_attempts(1)
}

/// Follows redirects until the response is a 200 (OK), whose body is the file. Other successes are
/// errors: 202 (Accepted) has no file yet, 206 (Partial Content) has a part of it. Each request is
/// retried as any GET is.
async fn follow_redirects(client: &Client, url: Url) -> Result<FileResponse, Error> {
    let mut url = url;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(DOWNLOAD
            .not_sent(format!("the URL has the scheme `{}`, not http or https", url.scheme())));
    }
    for _ in 0..=MAX_REDIRECTS {
        let FinalResponse { raw, body, attempts, .. } = get(client, url.clone()).await?;
        if let Some(response) = body {
            return Ok(FileResponse { response, attempts });
        }
        let Some(location) = raw.headers.get(LOCATION).filter(|_| is_redirect(raw.status)) else {
            let target = target(client);
            let error = Error::from_api(ApiError::from_response(target.errors, &target.mask, raw));
            return Err(target.describe(error).with_attempts(attempts));
        };
        // The target may be a signed URL: errors show its scheme only.
        let next = location.to_str().ok().and_then(|location| url.join(location).ok());
        let next = next.ok_or_else(|| redirect_error("the redirect's `Location` isn't a URL"))?;
        check_redirect(&url, &next)?;
        url = next;
    }
    Err(redirect_error(format!("more than {MAX_REDIRECTS} redirects")))
}

/// The response whose body is the file, and the number of attempts of its request.
struct FileResponse {
    response: reqwest::Response,
    attempts: u32,
}

/// Checks that a redirect may be followed.
fn check_redirect(from: &Url, to: &Url) -> Result<(), Error> {
    if allows_redirect(from.scheme(), to.scheme()) {
        return Ok(());
    }
    // Any other scheme is the server's text.
    let name = |url: &Url| match url.scheme() {
        scheme @ ("http" | "https" | "file" | "ftp") => scheme.to_owned(),
        _ => "another scheme".to_owned(),
    };
    Err(redirect_error(format!("redirect from {} to {} not followed", name(from), name(to))))
}

/// Returns the error of a redirect that isn't followed.
fn redirect_error(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::Redirect, reason).with_operation(DOWNLOAD.id.into()).with_attempts(1)
}

/// Returns the target of a download by this client.
fn target(client: &Client) -> CallTarget {
    CallTarget { mask: client.mask().clone(), ..DOWNLOAD.into() }
}

/// Sends a GET without credential and headers of the client, except its `User-Agent`.
async fn get(client: &Client, url: Url) -> Result<FinalResponse, Error> {
    let mut request = Request::new(Method::GET, url);
    let headers = request.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    // Without compression, the length of the file is known.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    let call = Call { client: client.clone(), target: target(client), request, form: None };
    attempts::send(call, BodyMode::BufferAllButOk).await
}

/// Whether a status is a redirect that a GET follows (RFC 9110, section 15.4).
fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Whether a redirect from one scheme to another is followed.
fn allows_redirect(from: &str, to: &str) -> bool {
    matches!((from, to), ("http", "http") | ("http" | "https", "https"))
}

#[cfg(test)]
mod tests {
    use super::allows_redirect;

    // Tested here, since a server on loopback has no trusted certificate.
    #[test]
    fn https_redirects_to_https_only() {
        for (from, to) in [("https", "https"), ("http", "https"), ("http", "http")] {
            assert!(allows_redirect(from, to), "{from} to {to}");
        }
        assert!(!allows_redirect("https", "http") && !allows_redirect("https", "file"));
    }
}
