//! The HTTP service: receives requests, records exchanges and sends responses.

use std::{collections::VecDeque, future::Future, io, pin::Pin, sync::Arc, task, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::{
    Request, Response,
    body::{Body, Frame, Incoming, SizeHint},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use openapi_document::{Lines, Operation};
use tokio::{net::TcpListener, sync::oneshot, time::Sleep};

use crate::{
    api::{BuiltResponse, ResponseOptions},
    bodies,
    directions::Direction,
    exchange::{Exchange, SentResponse},
    mock_response::MockResponse,
    parameters::{self, RawParameters},
    prefer::Prefer,
    route::RouteMatch,
    security,
    state::{FILES, ServerState},
    stubs::{Action, Stubs},
    validator::Violation,
};

/// The largest request body that is read, in bytes.
const MAX_REQUEST_BODY: usize = 64 << 20;

/// Accepts connections until the shutdown signal.
pub(crate) async fn serve(
    state: Arc<ServerState>,
    listener: TcpListener,
    mut shutdown_signal: oneshot::Receiver<()>,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut shutdown_signal => return,
        };
        let Ok((stream, _)) = accepted else { continue };
        let state = state.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| handle(state.clone(), request));
            // An error here is a client that disconnected, or a disconnect that a test asked for.
            let _ = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// Handles one request.
async fn handle(
    state: Arc<ServerState>,
    request: Request<Incoming>,
) -> Result<Response<ResponseBody>, io::Error> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, MAX_REQUEST_BODY).collect().await;
    let body = body.map_err(|error| io::Error::other(error.to_string()))?.to_bytes();
    let headers = parts.headers.iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let mut exchange = Exchange {
        operation: None,
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        body,
        parameters: Default::default(),
        body_value: None,
        uploads: Vec::new(),
        violations: Vec::new(),
        mock_error: None,
        response: None,
    };
    let delivery = match exchange.path.strip_prefix(FILES) {
        Some(name) => Delivery::from(file_response(&state, name)),
        None => {
            let mut delivery = respond(&state, &mut exchange, &parts.headers).await;
            delivery.delay += state.lock().latency;
            delivery
        }
    };
    tokio::time::sleep(delivery.delay).await;
    deliver(&state, exchange, delivery)
}

/// A response, and how it is delivered.
struct Delivery {
    response: BuiltResponse,
    delay: Duration,
    /// The time between two chunks of the body.
    interval: Duration,
    /// The number of body bytes to send before the connection closes.
    disconnect_after: Option<usize>,
}

impl From<BuiltResponse> for Delivery {
    fn from(response: BuiltResponse) -> Self {
        Self { response, delay: Duration::ZERO, interval: Duration::ZERO, disconnect_after: None }
    }
}

/// Records the exchange and sends the response.
fn deliver(
    state: &ServerState,
    mut exchange: Exchange,
    delivery: Delivery,
) -> Result<Response<ResponseBody>, io::Error> {
    let BuiltResponse { status, headers, body, chunks } = delivery.response;
    let length = body.len();
    let cut = delivery.disconnect_after.map(|bytes| bytes.min(length));
    if cut.is_none_or(|cut| cut > 0) {
        let response = SentResponse { status, headers: headers.clone(), body: body.clone() };
        exchange.response = Some(response);
    }
    let observer = {
        let mut state = state.lock();
        state.exchanges.push(exchange.clone());
        state.observer.clone()
    };
    if let Some(observer) = observer {
        observer(&exchange);
    }
    if cut == Some(0) {
        return Err(disconnected());
    }
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    let is_sequence = !chunks.is_empty();
    let chunks = if is_sequence { chunks } else { vec![body] };
    let body = ResponseBody {
        chunks: truncated(chunks, cut.unwrap_or(length)),
        length: (!is_sequence).then_some(length as u64),
        interval: delivery.interval,
        sleep: None,
        disconnects: cut.is_some(),
        flushed: false,
    };
    response.body(body).map_err(io::Error::other)
}

/// Validates a request to the API and selects its response.
async fn respond(
    state: &ServerState,
    exchange: &mut Exchange,
    headers: &hyper::HeaderMap,
) -> Delivery {
    let api = &state.api;
    let path = exchange.path.strip_prefix(api.base_path());
    let route = path.map_or(RouteMatch::NotFound, |path| api.routes.find(&exchange.method, path));
    let prefer = Prefer::parse(headers);
    let accept = headers.get("accept").and_then(|value| value.to_str().ok());
    let (seed, fill) = {
        let state = state.lock();
        (prefer.seed.unwrap_or(state.seed), prefer.fill.unwrap_or(state.fill))
    };
    let example = prefer.example.as_deref().or(prefer.any_example.then_some(""));
    let options = ResponseOptions { seed, fill, accept, example };
    let (index, path_values) = match route {
        RouteMatch::Operation(index, path_values) => (index, path_values),
        RouteMatch::MethodNotAllowed { methods, operation } => {
            let message = format!("the path has no method {}", exchange.method);
            let operation = Some(&api.operations()[operation]);
            let mut response = reject(state, exchange, operation, 405, message, options);
            response.headers.push(("allow".to_owned(), methods.join(", ")));
            return response.into();
        }
        RouteMatch::NotFound => {
            let message = format!("no operation for {} {}", exchange.method, exchange.path);
            // Any operation's 404 shows the form that errors of this API have.
            let has_body = |o: &&Operation| o.response(404).is_some_and(|r| !r.content.is_empty());
            let operation = api.operations().iter().find(has_body);
            return reject(state, exchange, operation, 404, message, options).into();
        }
    };
    let operation = &api.operations()[index];
    exchange.operation = Some(operation.id.clone());
    let missing_credential =
        security::missing_credential(api.document(), operation, &exchange.query, headers);
    validate(state, operation, exchange, &path_values, headers).await;

    let queued = {
        let mut state = state.lock();
        state.queued.get_mut(&operation.id).and_then(|queue| queue.pop_front())
    };
    let queued = queued.or_else(|| prefer.code.map(MockResponse::status));
    if let Some(response) = queued {
        return build(state, operation, exchange, &response, options);
    }
    if let Some(credential) = missing_credential {
        let message = format!("missing credential: {credential}");
        return reject(state, exchange, Some(operation), 401, message, options).into();
    }
    if !exchange.violations.is_empty() {
        let messages: Vec<_> = exchange.violations.iter().map(ToString::to_string).collect();
        let documented =
            |status: u16| operation.responses.iter().any(|r| r.status == status.to_string());
        let status = if !documented(400) && documented(422) { 422 } else { 400 };
        let response = api.build_error(operation, status, &messages.join("; "), options);
        return response.unwrap_or_else(|error| internal_error(exchange, error)).into();
    }
    let action = state.lock().stubs.get_mut(&operation.id).and_then(Stubs::next);
    let response = match action {
        None => MockResponse::default(),
        Some(Action::Response(response)) => *response,
        Some(Action::Responder(responder)) => responder(exchange),
    };
    build(state, operation, exchange, &response, options)
}

/// Decodes the parameters and the body of a request, and records their violations.
async fn validate(
    state: &ServerState,
    operation: &Operation,
    exchange: &mut Exchange,
    path_values: &[(String, String)],
    headers: &hyper::HeaderMap,
) {
    let (document, validator) = (state.api.document(), state.api.validator_of(Direction::Request));
    let raw = RawParameters { path: path_values, query: &exchange.query, headers };
    let query_keys = security::query_key_names(document);
    let (values, violations) = parameters::decode(document, operation, &raw, &query_keys);
    exchange.violations.extend(violations);
    for parameter in &operation.parameters {
        let key = (parameter.location, parameter.name.clone());
        let Some(value) = values.get(&key) else { continue };
        let location = parameters::describe(parameter);
        match validator.violations(&parameter.schema, value, &location) {
            Ok(violations) => exchange.violations.extend(violations),
            Err(error) => exchange.mock_error = Some(error.to_string()),
        }
    }
    exchange.parameters = values;
    let content_type = headers.get("content-type").and_then(|value| value.to_str().ok());
    let body = exchange.body.clone();
    let decoded =
        bodies::decode(document, validator, operation.body.as_ref(), content_type, body).await;
    exchange.violations.extend(decoded.violations);
    exchange.body_value = decoded.value;
    exchange.uploads = decoded.uploads;
}

/// Builds the documented response with the changes of `mock_response`.
fn build(
    state: &ServerState,
    operation: &Operation,
    exchange: &mut Exchange,
    mock_response: &MockResponse,
    options: ResponseOptions<'_>,
) -> Delivery {
    let mut response = state
        .api
        .build_response(operation, mock_response, options)
        .unwrap_or_else(|error| internal_error(exchange, error));
    let located = response.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("location"));
    if (300..400).contains(&response.status) && response.status != 304 && !located {
        let name = format!("{}-{}", operation.id.replace(['/', ' '], "-"), options.seed);
        let location = format!("http://{}{FILES}{name}", state.address);
        response.headers.push(("location".to_owned(), location));
    }
    let MockResponse { delay, interval, disconnect_after, .. } = *mock_response;
    Delivery { response, delay, interval, disconnect_after }
}

/// Builds an error response for a request that reaches no operation or isn't authorized, and
/// records the violation.
fn reject(
    state: &ServerState,
    exchange: &mut Exchange,
    operation: Option<&Operation>,
    status: u16,
    message: String,
    options: ResponseOptions<'_>,
) -> BuiltResponse {
    let keyword = match status {
        401 => "security",
        405 => "method",
        _ => "path",
    };
    exchange.violations.push(Violation::new("request", keyword, message.clone()));
    let documented =
        operation.map(|operation| state.api.build_error(operation, status, &message, options));
    match documented {
        None => BuiltResponse {
            status,
            headers: vec![("content-type".to_owned(), "text/plain".to_owned())],
            body: message.into(),
            chunks: Vec::new(),
        },
        Some(Ok(response)) => response,
        Some(Err(error)) => internal_error(exchange, error),
    }
}

/// Builds a 500 response for an error of the mock itself, and records the error.
fn internal_error(exchange: &mut Exchange, error: String) -> BuiltResponse {
    let headers = vec![
        ("content-type".to_owned(), "text/plain".to_owned()),
        ("x-openapi-mock-fault".to_owned(), "true".to_owned()),
    ];
    // It quotes the document and the request.
    let body = format!("openapi-mock: {}", Lines(&error)).into();
    let response = BuiltResponse { status: 500, headers, body, chunks: Vec::new() };
    exchange.mock_error = Some(error);
    response
}

/// Builds the response for a stored file; for an unknown name, a text that contains the name.
fn file_response(state: &ServerState, name: &str) -> BuiltResponse {
    let stored = state.lock().files.get(name).cloned();
    let (content_type, body) = stored.unwrap_or_else(|| {
        ("application/octet-stream".to_owned(), format!("the content of {name}\n").into())
    });
    let headers = vec![("content-type".to_owned(), content_type)];
    BuiltResponse { status: 200, headers, body, chunks: Vec::new() }
}

/// The error that makes hyper close a connection.
fn disconnected() -> io::Error {
    io::Error::other("the mock response closes the connection")
}

/// The chunks up to a length in bytes.
fn truncated(chunks: Vec<Bytes>, mut length: usize) -> VecDeque<Bytes> {
    let mut cut = VecDeque::new();
    for chunk in chunks {
        let part = chunk.slice(..chunk.len().min(length));
        length -= part.len();
        if !part.is_empty() {
            cut.push_back(part);
        }
    }
    cut
}

/// A response body that may end before its declared length.
struct ResponseBody {
    chunks: VecDeque<Bytes>,
    /// The declared length; `None` for a sequence of items, which has no known length.
    length: Option<u64>,
    /// The time before each chunk but the first.
    interval: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
    disconnects: bool,
    flushed: bool,
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
    ) -> task::Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(sleep) = &mut self.sleep {
            task::ready!(sleep.as_mut().poll(cx));
            self.sleep = None;
        }
        if let Some(chunk) = self.chunks.pop_front() {
            if !self.interval.is_zero() && !self.chunks.is_empty() {
                self.sleep = Some(Box::pin(tokio::time::sleep(self.interval)));
            }
            return task::Poll::Ready(Some(Ok(Frame::data(chunk))));
        }
        if self.disconnects && !self.flushed {
            // hyper flushes what it has on `Pending`, before the error closes the connection.
            self.flushed = true;
            cx.waker().wake_by_ref();
            return task::Poll::Pending;
        }
        task::Poll::Ready(self.disconnects.then(|| Err(disconnected())))
    }

    fn is_end_stream(&self) -> bool {
        !self.disconnects && self.chunks.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        match self.length {
            Some(length) => SizeHint::with_exact(length),
            None => SizeHint::default(),
        }
    }
}
