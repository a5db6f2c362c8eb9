//! Transports: what sends one request and receives its response, below retries, timeouts,
//! credentials and redirects.

mod body;
mod error;

use std::sync::Arc;

pub(crate) use self::error::TransportErrorKind;
pub use self::{body::TransportBody, error::TransportError};
use crate::future::BoxFuture;

/// The part of a client that sends a request over a connection and receives the response.
///
/// A client has one of its own, on reqwest. [`ClientBuilder::transport`] replaces it, and
/// [`ClientBuilder::wrap_transport`] puts another one around it: for a fake in tests, for a proxy
/// or a protocol of your own, for headers, signatures or metrics. Functions from a request to a
/// future are transports, too:
///
/// ```
/// # fn main() -> Result<(), openapi_lower_runtime::Error> {
/// use openapi_lower_runtime::{
///     Auth, Client, ClientBuilder, TransportBody, TransportError, http,
/// };
///
/// let fake = |request: http::Request<TransportBody>| async move {
///     let names = format!("[{:?}]", request.uri().path());
///     let response = http::Response::builder().header("content-type", "application/json");
///     response.body(names.into()).map_err(TransportError::new)
/// };
/// let client: Client = ClientBuilder::new("https://api.example/v1", Auth::Bearer, "my-sdk/1.0")
///     .api_key("the-key")
///     .transport(fake)
///     .build()?;
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
/// # runtime.block_on(async {
/// let request = client.request(openapi_lower_runtime::reqwest::Method::GET, "/names");
/// assert_eq!(*request.send::<Vec<String>>().await?, ["/v1/names"]);
/// # Ok(())
/// # })
/// # }
/// ```
///
/// # What a transport is given
///
/// One call of [`send`](Self::send) for each attempt of a call, each page and each redirect of a
/// download. The request is complete but for what belongs to the connection, such as `Host`; its
/// URI is absolute. If the call needs a credential, the request has it, in a header whose value is
/// marked sensitive, in the query or in a cookie. Requests to other hosts don't have it.
///
/// # What it should do
///
/// - Send the request once, to the host of its URI, and follow no redirect. A transport that
///   follows one may take the credential to another host.
/// - Return any response as it is, whatever its status is. A status isn't an error.
/// - Decode the content codings that it asks for by `Accept-Encoding`: the client asks for none.
/// - Return [`TransportError::not_connected`] only if the request had no effect for sure.
///
/// # What holds whatever it does
///
/// - Attempts and reads end at the timeouts and the deadline of the client, as long as the
///   transport's futures return from `poll`. A future that isn't complete by then is dropped.
/// - A call isn't repeated by the client if it may have had an effect, unless its method is
///   idempotent. See [`RetryPolicy`](crate::RetryPolicy). The status 429 and `not_connected` claim
///   that it had none, and are believed.
/// - The credential is masked in the text of errors.
/// - The response is one to the URL of the request; relative links are resolved by that.
/// - A body that is shorter than its `Content-Length` is an error.
///
/// # Layers of tower
///
/// A service is a transport by this adapter. A layer that repeats requests (`Retry`, `Hedge`)
/// isn't for a client that sends a POST: leave retries to the client.
///
/// ```
/// use openapi_lower_runtime::{
///     BoxFuture, Client, ClientBuilder, Transport, TransportBody, TransportError, http,
/// };
/// use tower::{BoxError, Service, ServiceBuilder, ServiceExt};
///
/// struct Layered<S>(S);
///
/// impl<S> Transport for Layered<S>
/// where
///     S: Service<http::Request<TransportBody>, Response = http::Response<TransportBody>>,
///     S: Clone + Send + Sync + 'static,
///     S::Future: Send,
///     S::Error: Into<BoxError>,
/// {
///     fn send(
///         &self,
///         request: http::Request<TransportBody>,
///     ) -> BoxFuture<Result<http::Response<TransportBody>, TransportError>> {
///         let service = self.0.clone();
///         Box::pin(async move {
///             // An error of the transport below says whether the request was processed.
///             service.oneshot(request).await.map_err(|error| match error.into().downcast() {
///                 Ok(error) => *error,
///                 Err(other) => TransportError::new(other),
///             })
///         })
///     }
/// }
///
/// fn with_layers(builder: ClientBuilder<Client>) -> ClientBuilder<Client> {
///     builder.wrap_transport(|inner| {
///         let layers = ServiceBuilder::new().concurrency_limit(10);
///         Layered(layers.service_fn(move |request| inner.send(request)))
///     })
/// }
/// # fn main() -> Result<(), openapi_lower_runtime::Error> {
/// # let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
/// # let url = format!("http://{}", listener.local_addr().unwrap());
/// # std::thread::spawn(move || {
/// #     let (mut connection, _) = listener.accept().unwrap();
/// #     std::io::Read::read(&mut connection, &mut [0; 4096]).unwrap();
/// #     let response = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n\"n\"";
/// #     std::io::Write::write_all(&mut connection, response).unwrap();
/// # });
/// # let builder = ClientBuilder::new(&url, openapi_lower_runtime::Auth::Bearer, "my-sdk/1.0");
/// # let client = with_layers(builder.api_key("the-key")).build()?;
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
/// # runtime.block_on(async {
/// #     let request = client.request(openapi_lower_runtime::reqwest::Method::GET, "/names");
/// #     assert_eq!(*request.send::<String>().await?, "n");
/// #     Ok(())
/// # })
/// # }
/// ```
///
/// # reqwest-middleware
///
/// The client that it wraps should be that of the default transport, which follows no redirect.
///
/// ```
/// use openapi_lower_runtime::{
///     BoxFuture, Client, ClientBuilder, Transport, TransportBody, TransportError, http,
///     reqwest::Request,
/// };
/// use reqwest_middleware::ClientWithMiddleware;
///
/// struct Wrapped(ClientWithMiddleware);
///
/// impl Transport for Wrapped {
///     fn send(
///         &self,
///         request: http::Request<TransportBody>,
///     ) -> BoxFuture<Result<http::Response<TransportBody>, TransportError>> {
///         let client = self.0.clone();
///         Box::pin(async move {
///             let response = client.execute(Request::try_from(request)?).await;
///             let response = response.map_err(|error| match error {
///                 reqwest_middleware::Error::Reqwest(error) => error.into(),
///                 other => TransportError::new(other),
///             })?;
///             Ok(http::Response::from(response).map(TransportBody::from))
///         })
///     }
/// }
///
/// fn with_middleware(builder: ClientBuilder<Client>) -> ClientBuilder<Client> {
///     builder.wrap_transport(|inner| {
///         // Add middleware by `with`.
///         Wrapped(reqwest_middleware::ClientBuilder::new(inner.into()).build())
///     })
/// }
/// # fn main() -> Result<(), openapi_lower_runtime::Error> {
/// # let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
/// # let url = format!("http://{}", listener.local_addr().unwrap());
/// # std::thread::spawn(move || {
/// #     let (mut connection, _) = listener.accept().unwrap();
/// #     std::io::Read::read(&mut connection, &mut [0; 4096]).unwrap();
/// #     let response = b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n\"n\"";
/// #     std::io::Write::write_all(&mut connection, response).unwrap();
/// # });
/// # let builder = ClientBuilder::new(&url, openapi_lower_runtime::Auth::Bearer, "my-sdk/1.0");
/// # let client = with_middleware(builder.api_key("the-key")).build()?;
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
/// # runtime.block_on(async {
/// #     let request = client.request(openapi_lower_runtime::reqwest::Method::GET, "/names");
/// #     assert_eq!(*request.send::<String>().await?, "n");
/// #     Ok(())
/// # })
/// # }
/// ```
///
/// With middleware that repeats requests, use `TransportError::new` for all errors: the last
/// attempt may have found no connection after an earlier one was processed.
///
/// [`ClientBuilder::transport`]: crate::ClientBuilder::transport
/// [`ClientBuilder::wrap_transport`]: crate::ClientBuilder::wrap_transport
pub trait Transport: Send + Sync + 'static {
    /// Sends a request, and returns the response when its head is received.
    ///
    /// # Errors
    ///
    /// The future returns an error if there is no response: see [`TransportError`].
    fn send(
        &self,
        request: http::Request<TransportBody>,
    ) -> BoxFuture<Result<http::Response<TransportBody>, TransportError>>;
}

impl<F, R> Transport for F
where
    F: Fn(http::Request<TransportBody>) -> R + Send + Sync + 'static,
    R: Future<Output = Result<http::Response<TransportBody>, TransportError>> + Send + 'static,
{
    fn send(
        &self,
        request: http::Request<TransportBody>,
    ) -> BoxFuture<Result<http::Response<TransportBody>, TransportError>> {
        Box::pin(self(request))
    }
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(
        &self,
        request: http::Request<TransportBody>,
    ) -> BoxFuture<Result<http::Response<TransportBody>, TransportError>> {
        (**self).send(request)
    }
}
