//! Files at URLs that the API hands out, which lead to other hosts: the credential stays here.

mod part_file;

use std::{fmt, path::Path};

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use reqwest::{
    IntoUrl, Method, Request, StatusCode, Url,
    header::{ACCEPT, ACCEPT_ENCODING, HeaderValue, LOCATION},
};

use self::part_file::PartFile;
use crate::{
    api_error::ApiError,
    attempts::{self, BodyMode, Received},
    auth::Auth,
    call::Call,
    client::Client,
    decoder::ErrorDecoder,
    error::{Error, ErrorKind},
    future::BoxFuture,
    operation::Operation,
    response::Response,
    status::Status,
    stream::ByteStream,
};

/// How many redirects are followed.
const REDIRECTS: usize = 10;

/// What errors call it.
const DOWNLOAD: &Operation = &Operation {
    id: "download",
    method: "GET",
    path: "",
    accept: "*/*",
    auth: Auth::None,
    errors: &[ErrorDecoder::text(Status::Any)],
};

type Progress = Box<dyn FnMut(u64, Option<u64>) + Send>;

/// A file to be downloaded. Nothing is sent before it is read in one of three ways: [`bytes`],
/// [`to_path`] or [`stream`].
///
/// Up to 10 redirects are followed, to http and https, and from https to https only. The API key
/// is never sent, not even to the API's own host; default headers that were set by
/// [`ClientBuilder::configure`](crate::ClientBuilder::configure) are. There is no limit on the time
/// that it takes as a whole, but each read has the client's `timeout`.
///
/// [`bytes`]: Self::bytes
/// [`to_path`]: Self::to_path
/// [`stream`]: Self::stream
#[must_use = "a download does nothing until it is read"]
pub struct Download {
    client: Client,
    source: Source,
    limit: Option<u64>,
    progress: Option<Progress>,
}

enum Source {
    Url(Result<Url, Error>),
    /// Where it is has to be asked for first.
    Asked(BoxFuture<Result<Url, Error>>),
}

impl Client {
    /// Downloads a file: from a URL that an operation answered with, or any other of http or https.
    pub fn download(&self, url: impl IntoUrl) -> Download {
        let url = url
            .into_url()
            .map_err(|error| Error::from_reqwest(error, None).with_operation(DOWNLOAD.id.into()));
        Download::new(self, Source::Url(url))
    }

    /// Downloads a file from the URL that a call responds with: the redirect of an operation.
    pub fn download_from(
        &self,
        asked: impl Future<Output = Result<Response<Url>, Error>> + Send + 'static,
    ) -> Download {
        let url = async { asked.await.map(Response::into_inner) };
        Download::new(self, Source::Asked(Box::pin(url)))
    }
}

impl Download {
    fn new(client: &Client, source: Source) -> Self {
        Self { client: client.clone(), source, limit: None, progress: None }
    }

    /// The largest file that is read, in bytes; a larger one is an error of the kind
    /// [`ErrorKind::TooLarge`]. By default there is none, but for [`Self::bytes`]: the client's
    /// `response_limit`.
    pub fn limit(mut self, bytes: u64) -> Self {
        self.limit = Some(bytes);
        self
    }

    /// Is told of each piece that arrived: how many bytes there are so far, and how many there will
    /// be, if the server says that.
    pub fn on_progress(mut self, progress: impl FnMut(u64, Option<u64>) + Send + 'static) -> Self {
        self.progress = Some(Box::new(progress));
        self
    }

    /// The file as a stream of chunks, as they arrive.
    ///
    /// # Errors
    ///
    /// If there is no such file, no connection, or a redirect that isn't followed. The stream ends
    /// with an error if the file ends before the length that was announced, if a read takes too
    /// long, or if the file is larger than the limit.
    pub async fn stream(self) -> Result<Response<ByteStream>, Error> {
        let Self { client, source, limit, progress } = self;
        let url = match source {
            Source::Url(url) => url?,
            Source::Asked(asked) => {
                let url = asked.await?;
                check(client.base_url(), &url)?;
                url
            }
        };
        let Found { response, attempts } = follow(&client, url).await?;
        let total = response.content_length();
        if let (Some(total), Some(limit)) = (total, limit)
            && total > limit
        {
            return Err(too_large(limit).with_attempts(attempts));
        }
        let (status, headers) = (response.status(), response.headers().clone());
        let timeout = client.settings().timeout;
        let chunks = ByteStream::new(response, timeout, DOWNLOAD.id.into(), attempts);
        let measured = Measured { chunks, done: 0, total, limit, progress };
        let chunks = stream::try_unfold(measured, Measured::next);
        Ok(Response::new(ByteStream::of(chunks), status, headers))
    }

    /// The file in memory.
    ///
    /// # Errors
    ///
    /// As [`Self::stream`], at once.
    pub async fn bytes(mut self) -> Result<Response<Bytes>, Error> {
        self.limit = self.limit.or(Some(self.client.settings().response_limit as u64));
        let response = self.stream().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        Ok(Response::new(response.into_inner().bytes().await?, status, headers))
    }

    /// The file at `path`, in place of what is there. The answer is its length in bytes.
    ///
    /// It is written beside that path, and moved there when it is whole. If it can't be, or the
    /// future is dropped, nothing of it is left and what was there before stays.
    ///
    /// # Errors
    ///
    /// As [`Self::stream`], at once; [`ErrorKind::File`] if the file can't be written.
    pub fn to_path(self, path: impl AsRef<Path>) -> BoxFuture<Result<Response<u64>, Error>> {
        let path = path.as_ref().to_owned();
        Box::pin(async move {
            let response = self.stream().await?;
            let (status, headers) = (response.status(), response.headers().clone());
            let mut chunks = response.into_inner();
            let failed = |error| {
                let message = format!("{} can't be written", path.display());
                Error::new(ErrorKind::File, message)
                    .with_operation(DOWNLOAD.id.into())
                    .with_source(error)
                    .with_attempts(1)
            };
            let mut file = PartFile::beside(&path).map_err(failed)?;
            let mut length = 0;
            while let Some(chunk) = chunks.next().await {
                let chunk = chunk?;
                length += chunk.len() as u64;
                file.write(&chunk).await.map_err(failed)?;
            }
            file.finish(&path).await.map_err(failed)?;
            Ok(Response::new(length, status, headers))
        })
    }
}

impl fmt::Debug for Download {
    /// The URL isn't shown: it may be signed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download").field("limit", &self.limit).finish_non_exhaustive()
    }
}

/// A body that is measured as it is read.
struct Measured {
    chunks: ByteStream,
    done: u64,
    total: Option<u64>,
    limit: Option<u64>,
    progress: Option<Progress>,
}

impl Measured {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, Error> {
        let Some(chunk) = self.chunks.next().await else { return Ok(None) };
        let chunk = chunk?;
        self.done += chunk.len() as u64;
        if let Some(limit) = self.limit.filter(|limit| self.done > *limit) {
            return Err(too_large(limit));
        }
        if let Some(progress) = &mut self.progress {
            progress(self.done, self.total);
        }
        Ok(Some((chunk, self)))
    }
}

fn too_large(limit: u64) -> Error {
    let message = format!("the file is larger than the limit of {limit} bytes");
    Error::new(ErrorKind::TooLarge, message).with_operation(DOWNLOAD.id.into()).with_attempts(1)
}

/// Follows redirects to the file. Each step is sent again as any GET is that fails.
async fn follow(client: &Client, url: Url) -> Result<Found, Error> {
    let mut url = url;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(DOWNLOAD.not_sent(format!("`{}` is neither http nor https", url.scheme())));
    }
    for _ in 0..=REDIRECTS {
        let Received { raw, unread, attempts } = get(client, url.clone()).await?;
        if let Some(response) = unread {
            return Ok(Found { response, attempts });
        }
        let Some(location) = raw.headers.get(LOCATION).filter(|_| redirects(raw.status)) else {
            let error = Error::from_api(ApiError::read(Some(DOWNLOAD.errors), raw));
            return Err(error.with_operation(DOWNLOAD.id.into()).with_attempts(attempts));
        };
        // Where it leads may be signed: only its scheme is said.
        let next = location.to_str().ok().and_then(|location| url.join(location).ok());
        let next = next.ok_or_else(|| refused("a redirect to what isn't a URL"))?;
        check(&url, &next)?;
        url = next;
    }
    Err(refused(format!("more than {REDIRECTS} redirects")))
}

/// The file, unread, and how often it was asked for.
struct Found {
    response: reqwest::Response,
    attempts: u32,
}

/// Refuses a redirect that isn't followed.
fn check(from: &Url, to: &Url) -> Result<(), Error> {
    if leads_on(from.scheme(), to.scheme()) {
        return Ok(());
    }
    Err(refused(format!("a redirect from {} to {}", from.scheme(), to.scheme())))
}

fn refused(reason: impl Into<String>) -> Error {
    Error::new(ErrorKind::Redirect, reason).with_operation(DOWNLOAD.id.into()).with_attempts(1)
}

/// Sends a request that carries nothing of the client's but its `User-Agent`.
async fn get(client: &Client, url: Url) -> Result<Received, Error> {
    let mut request = Request::new(Method::GET, url);
    let headers = request.headers_mut();
    headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
    // The file as it is: then its length is known.
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    let call = Call { client: client.clone(), target: DOWNLOAD.into(), request, form: None };
    attempts::send(call, BodyMode::BufferErrors).await
}

/// The statuses that say where else to GET it (RFC 9110, section 15.4).
fn redirects(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Whether a redirect from one scheme to another is followed.
fn leads_on(from: &str, to: &str) -> bool {
    matches!((from, to), ("http", "http") | ("http" | "https", "https"))
}

#[cfg(test)]
mod tests {
    use super::leads_on;

    // No server on loopback has a certificate that is trusted.
    #[test]
    fn what_was_encrypted_stays_encrypted() {
        assert!(
            leads_on("https", "https") && leads_on("http", "https") && leads_on("http", "http")
        );
        assert!(!leads_on("https", "http") && !leads_on("https", "file"));
    }
}
