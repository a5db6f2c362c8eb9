//! The transport on reqwest.

use std::fmt;

use crate::{
    future::BoxFuture,
    transport::{Transport, TransportBody, TransportError},
};

/// The transport that a client has by default, for one that wraps it: see
/// [`ClientBuilder::wrap_transport`](crate::ClientBuilder::wrap_transport).
///
/// It has the settings of the builder, those of
/// [`configure`](crate::ClientBuilder::configure) included, sends each request once and follows no
/// redirect. Clones share the connections.
#[derive(Clone)]
pub struct ReqwestTransport(reqwest::Client);

impl ReqwestTransport {
    pub(crate) fn new(client: reqwest::Client) -> Self {
        Self(client)
    }
}

impl Transport for ReqwestTransport {
    fn send(
        &self,
        request: http::Request<TransportBody>,
    ) -> BoxFuture<Result<http::Response<TransportBody>, TransportError>> {
        let client = self.0.clone();
        Box::pin(async move {
            let response = client.execute(reqwest::Request::try_from(request)?).await?;
            Ok(http::Response::from(response).map(TransportBody::from))
        })
    }
}

impl From<ReqwestTransport> for reqwest::Client {
    /// Returns the client of reqwest, for layers that need one.
    fn from(transport: ReqwestTransport) -> Self {
        transport.0
    }
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReqwestTransport")
    }
}
