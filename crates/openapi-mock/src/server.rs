//! HTTP: from bytes to exchanges and back.

use std::{io, pin::Pin, sync::Arc, task, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::{
    Request, Response,
    body::{Body, Frame, Incoming, SizeHint},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use openapi_document::Operation;
use tokio::{net::TcpListener, sync::oneshot};

use crate::{
    api::{BuiltResponse, ResponseOptions},
    bodies,
    exchange::{Exchange, Sent},
    mock_response::MockResponse,
    parameters::{self, Carried},
    prefer::Prefer,
    route::Found,
    security,
    state::{FILES, Shared},
    validator::Violation,
};

/// The largest request that is read, in bytes.
const LARGEST: usize = 64 << 20;

/// Serves until it is stopped.
pub(crate) async fn serve(
    shared: Arc<Shared>,
    listener: TcpListener,
    mut stopped: oneshot::Receiver<()>,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut stopped => return,
        };
        let Ok((stream, _)) = accepted else { continue };
        let shared = shared.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| answer(shared.clone(), request));
            // An error here is a client that left, or an answer that was to break.
            let _ = http1::Builder::new()
                .timer(TokioTimer::new())
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

async fn answer(
    shared: Arc<Shared>,
    request: Request<Incoming>,
) -> Result<Response<Sending>, io::Error> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, LARGEST).collect().await;
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
        value: None,
        uploads: Vec::new(),
        violations: Vec::new(),
        fault: None,
        answer: None,
    };
    let reply = match exchange.path.strip_prefix(FILES) {
        Some(name) => Reply::from(file(&shared, name)),
        None => operation(&shared, &mut exchange, &parts.headers).await,
    };
    tokio::time::sleep(reply.delay).await;
    finish(&shared, exchange, reply)
}

/// An answer with the manner of giving it.
struct Reply {
    built: BuiltResponse,
    delay: Duration,
    broken_after: Option<usize>,
}

impl From<BuiltResponse> for Reply {
    fn from(built: BuiltResponse) -> Self {
        Self { built, delay: Duration::ZERO, broken_after: None }
    }
}

fn finish(
    shared: &Shared,
    mut exchange: Exchange,
    reply: Reply,
) -> Result<Response<Sending>, io::Error> {
    let BuiltResponse { status, headers, body } = reply.built;
    let length = body.len();
    let cut = reply.broken_after.map(|bytes| bytes.min(length));
    if cut.is_none_or(|cut| cut > 0) {
        exchange.answer = Some(Sent { status, headers: headers.clone(), body: body.clone() });
    }
    let observer = {
        let mut state = shared.state();
        state.exchanges.push(exchange.clone());
        state.observer.clone()
    };
    if let Some(observer) = observer {
        observer(&exchange);
    }
    if cut == Some(0) {
        return Err(io::Error::other("the script breaks the connection"));
    }
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    let sending = Sending {
        content: Some(body.slice(..cut.unwrap_or(length))),
        length: length as u64,
        breaks: cut.is_some(),
        flushed: false,
    };
    response.body(sending).map_err(io::Error::other)
}

/// Answers a request to the API.
async fn operation(shared: &Shared, exchange: &mut Exchange, headers: &hyper::HeaderMap) -> Reply {
    let api = &shared.api;
    let below = exchange.path.strip_prefix(api.base_path());
    let found = below.map_or(Found::Nothing, |path| api.routes.find(&exchange.method, path));
    let prefer = Prefer::read(headers);
    let accept = headers.get("accept").and_then(|value| value.to_str().ok());
    let (seed, fill) = {
        let state = shared.state();
        (prefer.seed.unwrap_or(state.seed), prefer.fill.unwrap_or(state.fill))
    };
    let example = prefer.example.as_deref().or(prefer.examples.then_some(""));
    let options = ResponseOptions { seed, fill, accept, example };
    let (index, path) = match found {
        Found::Operation(index, path) => (index, path),
        Found::OtherMethods(methods, any) => {
            let message = format!("{} isn't among the methods of this path", exchange.method);
            let mut built =
                refuse(shared, exchange, Some(&api.operations()[any]), 405, message, options);
            built.headers.push(("allow".to_owned(), methods.join(", ")));
            return built.into();
        }
        Found::Nothing => {
            let message = format!("no operation for {} {}", exchange.method, exchange.path);
            // Any operation's 404 says how this API says so.
            let has_body = |o: &&Operation| o.response(404).is_some_and(|r| !r.content.is_empty());
            let speaker = api.operations().iter().find(has_body);
            return refuse(shared, exchange, speaker, 404, message, options).into();
        }
    };
    let operation = &api.operations()[index];
    exchange.operation = Some(operation.id.clone());
    let unauthorized = security::refusal(api.document(), operation, &exchange.query, headers);
    judge(shared, operation, exchange, &path, headers).await;

    let scripted = {
        let mut state = shared.state();
        state.next.get_mut(&operation.id).and_then(|queue| queue.pop_front())
    };
    let scripted = scripted.or_else(|| prefer.code.map(MockResponse::status));
    if let Some(answer) = scripted {
        return give(shared, operation, exchange, &answer, options);
    }
    if let Some(missing) = unauthorized {
        let message = format!("{missing} is missing");
        return refuse(shared, exchange, Some(operation), 401, message, options).into();
    }
    if !exchange.violations.is_empty() {
        let said: Vec<_> = exchange.violations.iter().map(ToString::to_string).collect();
        let documented =
            |status: u16| operation.responses.iter().any(|r| r.status == status.to_string());
        let status = if !documented(400) && documented(422) { 422 } else { 400 };
        let error = api.error(operation, status, &said.join("; "), options);
        return error.unwrap_or_else(|fault| fail(exchange, fault)).into();
    }
    let rule = shared.state().rules.get(&operation.id).cloned();
    let answer = rule.map(|rule| rule(exchange)).unwrap_or_default();
    give(shared, operation, exchange, &answer, options)
}

/// Keeps what the request says, and how it breaks the document.
async fn judge(
    shared: &Shared,
    operation: &Operation,
    exchange: &mut Exchange,
    path: &[(String, String)],
    headers: &hyper::HeaderMap,
) {
    let (document, validator) = (shared.api.document(), shared.api.validator());
    let carried = Carried { path, query: &exchange.query, headers };
    let known = security::query_names(document);
    let (values, violations) = parameters::read(document, operation, &carried, &known);
    exchange.violations.extend(violations);
    for parameter in &operation.parameters {
        let key = (parameter.location, parameter.name.clone());
        let Some(value) = values.get(&key) else { continue };
        let place = parameters::place(parameter);
        match validator.violations(&parameter.schema, value, &place) {
            Ok(violations) => exchange.violations.extend(violations),
            Err(error) => exchange.fault = Some(error.to_string()),
        }
    }
    exchange.parameters = values;
    let content_type = headers.get("content-type").and_then(|value| value.to_str().ok());
    let body = exchange.body.clone();
    let read = bodies::read(document, validator, operation.body.as_ref(), content_type, body).await;
    exchange.violations.extend(read.violations);
    exchange.value = read.value;
    exchange.uploads = read.uploads;
}

fn give(
    shared: &Shared,
    operation: &Operation,
    exchange: &mut Exchange,
    answer: &MockResponse,
    options: ResponseOptions<'_>,
) -> Reply {
    let mut built =
        shared.api.make(operation, answer, options).unwrap_or_else(|fault| fail(exchange, fault));
    let located = built.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("location"));
    if (300..400).contains(&built.status) && built.status != 304 && !located {
        let name = format!("{}-{}", operation.id.replace(['/', ' '], "-"), options.seed);
        let location = format!("http://{}{FILES}{name}", shared.address);
        built.headers.push(("location".to_owned(), location));
    }
    Reply { built, delay: answer.delay, broken_after: answer.broken_after }
}

/// Refuses a request that doesn't reach what it wants, and keeps why.
fn refuse(
    shared: &Shared,
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
    let built = operation.map(|operation| shared.api.error(operation, status, &message, options));
    let plain = || BuiltResponse {
        status,
        headers: vec![("content-type".to_owned(), "text/plain".to_owned())],
        body: message.into(),
    };
    match built {
        None => plain(),
        Some(Ok(built)) => built,
        Some(Err(fault)) => fail(exchange, fault),
    }
}

/// The mock can't do what the document says: 500, and kept for the test.
fn fail(exchange: &mut Exchange, fault: String) -> BuiltResponse {
    let headers = vec![
        ("content-type".to_owned(), "text/plain".to_owned()),
        ("x-openapi-mock-fault".to_owned(), "true".to_owned()),
    ];
    let built =
        BuiltResponse { status: 500, headers, body: format!("openapi-mock: {fault}").into() };
    exchange.fault = Some(fault);
    built
}

/// A stored file; any other name gives a content that tells it.
fn file(shared: &Shared, name: &str) -> BuiltResponse {
    let stored = shared.state().files.get(name).cloned();
    let (content_type, body) = stored.unwrap_or_else(|| {
        ("application/octet-stream".to_owned(), format!("the content of {name}\n").into())
    });
    BuiltResponse { status: 200, headers: vec![("content-type".to_owned(), content_type)], body }
}

/// A body that may end too soon.
struct Sending {
    content: Option<Bytes>,
    length: u64,
    breaks: bool,
    flushed: bool,
}

impl Body for Sending {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut task::Context<'_>,
    ) -> task::Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let frame = match self.content.take() {
            Some(content) if !content.is_empty() => Some(Ok(Frame::data(content))),
            // What was written has to leave before the connection ends.
            _ if self.breaks && !self.flushed => {
                self.flushed = true;
                cx.waker().wake_by_ref();
                return task::Poll::Pending;
            }
            _ if self.breaks => Some(Err(io::Error::other("the script breaks the connection"))),
            _ => None,
        };
        task::Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        !self.breaks && self.content.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        match (&self.content, self.breaks) {
            (None, false) => SizeHint::with_exact(0),
            _ => SizeHint::with_exact(self.length),
        }
    }
}
