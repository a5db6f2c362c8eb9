//! The connections of a client: those of reqwest, or a transport of the caller.

use std::sync::Arc;

use http::{
    HeaderValue,
    header::{Entry, USER_AGENT},
};
use reqwest::{Request, Response, ResponseBuilderExt};

use crate::{
    display::Mask,
    error::{Error, ErrorKind},
    received_body::ReceivedBody,
    transport::{Transport, TransportBody},
};

/// The connections of a client.
pub(crate) struct Connections {
    /// Builds requests; sends them unless there is a transport.
    http: reqwest::Client,
    transport: Option<CustomTransport>,
}

/// A transport of the caller.
pub(crate) struct CustomTransport {
    pub(crate) transport: Arc<dyn Transport>,
    /// The `User-Agent` of requests, unless the transport adds it.
    pub(crate) user_agent: Option<HeaderValue>,
    /// The mask that hides the credentials, for transports that record requests.
    pub(crate) mask: Mask,
}

impl Connections {
    pub(crate) fn new(http: reqwest::Client, transport: Option<CustomTransport>) -> Self {
        Self { http, transport }
    }

    /// Returns the client with which requests are built.
    pub(crate) fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Sends a request once, and returns the response when its head is received.
    pub(crate) async fn send(&self, request: Request) -> Result<Response, Error> {
        match &self.transport {
            None => {
                self.http.execute(request).await.map_err(|error| Error::from_reqwest(error, None))
            }
            Some(transport) => transport.send(request).await,
        }
    }
}

impl CustomTransport {
    async fn send(&self, request: Request) -> Result<Response, Error> {
        let (url, method) = (request.url().clone(), request.method().clone());
        let request = http::Request::<reqwest::Body>::try_from(request)
            .map_err(|error| Error::from_reqwest(error, None))?;
        let mut request = request.map(TransportBody::from);
        if let Some(user_agent) = &self.user_agent
            && let Entry::Vacant(entry) = request.headers_mut().entry(USER_AGENT)
        {
            entry.insert(user_agent.clone());
        }
        request.extensions_mut().insert(self.mask.clone());
        let response = self.transport.send(request).await;
        // The query may be that of a signed URL, or have the credential.
        let query = Mask::new(url.query().into_iter());
        let response = response.map_err(|error| Error::from_transport(error, &query))?;
        let (parts, body) = response.into_parts();
        let body = match body.as_bytes() {
            Some(_) if !parts.headers.contains_key(http::header::CONTENT_LENGTH) => body.into(),
            _ => {
                reqwest::Body::wrap(ReceivedBody::new(&method, parts.status, &parts.headers, body))
            }
        };
        // Extensions may name another URL.
        let response = http::Response::builder().status(parts.status).url(url).body(body);
        let mut response = response.map_err(|error| {
            Error::new(ErrorKind::Transport, "the transport returned an invalid response")
                .with_source(error)
        })?;
        *response.headers_mut() = parts.headers;
        Ok(response.into())
    }
}
