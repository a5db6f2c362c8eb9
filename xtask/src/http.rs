//! HTTP GET with limits on size, time and redirects; redirects to other hosts are refused.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::{
    Client, Response, StatusCode, Url,
    header::{
        CONTENT_TYPE, ETAG, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
        RETRY_AFTER,
    },
};

/// The maximum number of redirects.
const MAX_REDIRECTS: usize = 10;

/// An HTTP client with a timeout and a size limit.
#[derive(Clone)]
pub(crate) struct Fetcher {
    client: Client,
    /// The maximum size of a response body, in bytes after decompression.
    limit: usize,
}

/// The validators of the representation at hand (RFC 9110, section 8.8).
#[derive(Clone, Debug, Default)]
pub(crate) struct Validators {
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
}

/// A successful response.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) body: Vec<u8>,
    pub(crate) content_type: Option<String>,
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
}

/// An error of fetching a URL.
#[derive(Debug)]
pub(crate) enum FetchError {
    /// A URL that isn't permitted.
    Url(String),
    /// A status other than success, and its `Retry-After`.
    Status(StatusCode, Option<Duration>),
    /// A redirect that is refused.
    Redirect(String),
    /// A body larger than the limit, in bytes.
    TooLarge(usize),
    /// No response, or an incomplete one.
    Transport(Arc<reqwest::Error>),
}

impl FetchError {
    /// Whether a retry may succeed.
    pub(crate) fn is_temporary(&self) -> bool {
        match self {
            Self::Status(status, _) => {
                matches!(status.as_u16(), 408 | 425 | 429 | 500 | 502..=504)
            }
            Self::Transport(_) => true,
            Self::Url(_) | Self::Redirect(_) | Self::TooLarge(_) => false,
        }
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(reason) => f.write_str(reason),
            Self::Status(status, _) => write!(f, "response status {status}"),
            Self::Redirect(reason) => f.write_str(reason),
            Self::TooLarge(limit) => write!(f, "response larger than {} MiB", limit >> 20),
            Self::Transport(error) if error.is_timeout() => f.write_str("timed out"),
            Self::Transport(error) => {
                write!(f, "{error}")?;
                let mut source = std::error::Error::source(error.as_ref());
                while let Some(cause) = source {
                    write!(f, ": {cause}")?;
                    source = cause.source();
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for FetchError {}

impl From<reqwest::Error> for FetchError {
    fn from(error: reqwest::Error) -> Self {
        Self::Transport(Arc::new(error.without_url()))
    }
}

impl Fetcher {
    /// Creates a client. `timeout` covers the whole response; `limit` is the maximum size of its
    /// body in bytes after decompression.
    pub(crate) fn new(timeout: Duration, limit: usize) -> Result<Self, FetchError> {
        // The provider is global; an error means that it is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(concat!("asteroid-agents-xtask/", env!("CARGO_PKG_VERSION")))
            .timeout(timeout)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { client, limit })
    }

    /// Fetches a URL; `None` if the validators still match (304).
    pub(crate) async fn get(
        &self,
        url: &Url,
        validators: &Validators,
    ) -> Result<Option<Fetched>, FetchError> {
        let mut url = url.clone();
        for _ in 0..=MAX_REDIRECTS {
            check(&url)?;
            let mut request = self.client.get(url.clone());
            if let Some(etag) = &validators.etag {
                request = request.header(IF_NONE_MATCH, etag);
            }
            if let Some(date) = &validators.last_modified {
                request = request.header(IF_MODIFIED_SINCE, date);
            }
            let response = request.send().await?;
            let status = response.status();
            let is_conditional = validators.etag.is_some() || validators.last_modified.is_some();
            if status == StatusCode::NOT_MODIFIED && is_conditional {
                return Ok(None);
            }
            if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
                url = redirect_target(&url, response.headers())?;
                continue;
            }
            if !status.is_success() {
                return Err(FetchError::Status(status, retry_after(response.headers())));
            }
            return self.read(response).await.map(Some);
        }
        Err(FetchError::Redirect(format!("more than {MAX_REDIRECTS} redirects")))
    }

    /// Reads the body up to the limit.
    async fn read(&self, mut response: Response) -> Result<Fetched, FetchError> {
        let header = |name| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let (content_type, etag) = (header(CONTENT_TYPE), header(ETAG));
        let last_modified = header(LAST_MODIFIED);
        let length = response.content_length().unwrap_or_default();
        let capacity = usize::try_from(length).unwrap_or(self.limit).min(self.limit);
        let mut body = Vec::with_capacity(capacity);
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > self.limit {
                return Err(FetchError::TooLarge(self.limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Fetched { body, content_type, etag, last_modified })
    }
}

/// Parses a URL that may be fetched; `None` if the text is a path.
pub(crate) fn parse_url(text: &str) -> Result<Option<Url>, FetchError> {
    match Url::parse(text) {
        // `C:\openapi.yaml` looks like a URL with the scheme `c`.
        Ok(url) if url.scheme().len() > 1 => {
            check(&url)?;
            Ok(Some(url))
        }
        _ => Ok(None),
    }
}

/// Checks that a URL may be fetched: https, or http on loopback, without credentials.
pub(crate) fn check(url: &Url) -> Result<(), FetchError> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err(FetchError::Url("URLs with a user name or password are refused".to_owned()));
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        "http" => {
            Err(FetchError::Url(format!("{url}: http is permitted on loopback only; use https")))
        }
        scheme => Err(FetchError::Url(format!("{url}: unsupported scheme `{scheme}`; use https"))),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The target of a redirect within the same origin.
fn redirect_target(from: &Url, headers: &HeaderMap) -> Result<Url, FetchError> {
    let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let location = location
        .ok_or_else(|| FetchError::Redirect("redirect without a valid `Location`".to_owned()))?;
    let to = from
        .join(location)
        .map_err(|error| FetchError::Redirect(format!("redirect to `{location}`: {error}")))?;
    if to.origin() == from.origin() {
        return Ok(to);
    }
    Err(FetchError::Redirect(format!(
        "redirects to another host, {}",
        to.origin().ascii_serialization()
    )))
}

/// The delay of `Retry-After`, given in seconds or as a date (RFC 9110, section 10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    Some((date.to_utc() - chrono::Utc::now()).to_std().unwrap_or_default())
}
