//! Fetching what others serve: bounded, and never from another host than asked.

use std::{fmt, sync::Arc, time::Duration};

use reqwest::{
    Client, Response, StatusCode, Url,
    header::{
        CONTENT_TYPE, ETAG, HeaderMap, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
        RETRY_AFTER,
    },
};

/// How many redirects are followed.
const REDIRECTS: usize = 10;

/// Fetches within bounds.
#[derive(Clone)]
pub(crate) struct Fetcher {
    client: Client,
    /// In bytes, after decompression.
    limit: usize,
}

/// What a server called the version that is here already.
#[derive(Clone, Debug, Default)]
pub(crate) struct Validators {
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
}

/// What was fetched.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) body: Vec<u8>,
    pub(crate) content_type: Option<String>,
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
}

/// Why nothing was fetched.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Not a URL that may be fetched.
    Url(String),
    /// An answer that isn't a success, and how long the server asks to wait.
    Status(StatusCode, Option<Duration>),
    /// A redirect that isn't followed.
    Redirect(String),
    /// More than the limit, in bytes.
    TooLarge(usize),
    /// No answer, or not all of it.
    Transport(Arc<reqwest::Error>),
}

impl Failure {
    /// Whether it may be there later.
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

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(why) => f.write_str(why),
            Self::Status(status, _) => write!(f, "the server answered {status}"),
            Self::Redirect(why) => f.write_str(why),
            Self::TooLarge(limit) => {
                write!(f, "it is larger than {} MiB", limit >> 20)
            }
            Self::Transport(error) if error.is_timeout() => f.write_str("it took too long"),
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

impl std::error::Error for Failure {}

impl From<reqwest::Error> for Failure {
    fn from(error: reqwest::Error) -> Self {
        Self::Transport(Arc::new(error.without_url()))
    }
}

impl Fetcher {
    /// `timeout` is for all of one answer, `limit` for its bytes after decompression.
    pub(crate) fn new(timeout: Duration, limit: usize) -> Result<Self, Failure> {
        // The provider is the same for the whole process; who installed it first is no matter.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(concat!("asteroid-agents-xtask/", env!("CARGO_PKG_VERSION")))
            .timeout(timeout)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self { client, limit })
    }

    /// Fetches a URL; `None`: what is known is what is there (304).
    pub(crate) async fn get(
        &self,
        url: &Url,
        known: &Validators,
    ) -> Result<Option<Fetched>, Failure> {
        let mut url = url.clone();
        for _ in 0..=REDIRECTS {
            check(&url)?;
            let mut request = self.client.get(url.clone());
            if let Some(etag) = &known.etag {
                request = request.header(IF_NONE_MATCH, etag);
            }
            if let Some(date) = &known.last_modified {
                request = request.header(IF_MODIFIED_SINCE, date);
            }
            let response = request.send().await?;
            let status = response.status();
            let asked = known.etag.is_some() || known.last_modified.is_some();
            if status == StatusCode::NOT_MODIFIED && asked {
                return Ok(None);
            }
            if status.is_redirection() && status != StatusCode::NOT_MODIFIED {
                url = target(&url, response.headers())?;
                continue;
            }
            if !status.is_success() {
                return Err(Failure::Status(status, retry_after(response.headers())));
            }
            return self.read(response).await.map(Some);
        }
        Err(Failure::Redirect(format!("more than {REDIRECTS} redirects")))
    }

    async fn read(&self, mut response: Response) -> Result<Fetched, Failure> {
        let header = |name| {
            let value = response.headers().get(name)?;
            value.to_str().ok().map(str::to_owned)
        };
        let (content_type, etag) = (header(CONTENT_TYPE), header(ETAG));
        let last_modified = header(LAST_MODIFIED);
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > self.limit {
                return Err(Failure::TooLarge(self.limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Fetched { body, content_type, etag, last_modified })
    }
}

/// Reads what is a URL or a path; `None`: it is a path.
pub(crate) fn url_in(text: &str) -> Result<Option<Url>, Failure> {
    match Url::parse(text) {
        // `C:\openapi.yaml` looks like a URL with the scheme `c`.
        Ok(url) if url.scheme().len() > 1 => {
            check(&url)?;
            Ok(Some(url))
        }
        _ => Ok(None),
    }
}

/// Whether a URL may be fetched: https, or http on this machine.
pub(crate) fn check(url: &Url) -> Result<(), Failure> {
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Failure::Url("a URL with a user name or password isn't fetched".to_owned()));
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(url) => Ok(()),
        "http" => {
            Err(Failure::Url(format!("{url}: plain http can be changed on its way; use https")))
        }
        other => Err(Failure::Url(format!("{url}: `{other}` isn't https"))),
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

/// Where a redirect leads, if it stays on the host.
fn target(from: &Url, headers: &HeaderMap) -> Result<Url, Failure> {
    let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
    let location = location
        .ok_or_else(|| Failure::Redirect("a redirect that doesn't say where to".to_owned()))?;
    let to = from
        .join(location)
        .map_err(|error| Failure::Redirect(format!("a redirect to `{location}`: {error}")))?;
    if to.origin() == from.origin() {
        return Ok(to);
    }
    Err(Failure::Redirect(format!(
        "it redirects to another host, {}",
        to.origin().ascii_serialization()
    )))
}

/// How long the server asks to wait, in seconds or until a date (RFC 9110, section 10.2.3).
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let then = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    Some((then.to_utc() - chrono::Utc::now()).to_std().unwrap_or_default())
}
