//! The interface for tests: responses set by operation, and recorded requests.

use std::time::Duration;

use openapi_document::Operation;
use serde_json::Value;

use crate::{
    api::{Api, success_status},
    error::MockError,
    exchange::Exchange,
    instances::Fill,
    mock_response::MockResponse,
    mock_server::MockServer,
    overrides,
    stubs::Action,
};

/// Starts a mock of a document, YAML or JSON, on a free port.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use serde_json::json;
///
/// let document = "
/// openapi: 3.1.0
/// info: { title: Pets, version: '1' }
/// paths:
///   /pets:
///     get:
///       operationId: listPets
///       responses:
///         '200':
///           description: All pets
///           content:
///             application/json:
///               schema: { type: array, items: { $ref: '#/components/schemas/Pet' } }
/// components:
///   schemas:
///     Pet:
///       type: object
///       required: [id, name]
///       properties: { id: { type: integer }, name: { type: string } }
/// ";
/// let mock = openapi_mock::start(document).await?;
/// mock.respond("listPets", json!([{ "name": "Rex" }])); // with a generated `id`
/// mock.fail("listPets", 503).times(2);
///
/// // Here the client under test calls `mock.url()`: two failures, then the pet.
///
/// assert_eq!(mock.requests("listPets").len(), 0);
/// mock.assert_valid();
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// If the text isn't a document that can be served, or no socket can be opened.
pub async fn start(document: &str) -> Result<MockServer, MockError> {
    let server = MockServer::start(Api::parse(document)?);
    server.map_err(|error| MockError::new(format!("the server can't be started: {error}")))
}

/// A response that was set for an operation, to be changed.
#[derive(Debug)]
pub struct Stub<'a> {
    server: &'a MockServer,
    operation: &'a str,
    id: u64,
}

impl Stub<'_> {
    /// Limits the response to this number of requests. Limited responses are sent first, in the
    /// order in which they were set; then the last one that isn't limited.
    pub fn times(self, times: usize) -> Self {
        let mut state = self.server.state.lock();
        state.stubs.entry(self.operation.to_owned()).or_default().limit(self.id, times);
        drop(state);
        self
    }

    /// Waits this long before the response is sent.
    pub fn delay(self, delay: Duration) -> Self {
        self.change(|response| response.delay(delay))
    }

    /// Waits this long before each item of a sequence but the first.
    pub fn interval(self, interval: Duration) -> Self {
        self.change(|response| response.interval(interval))
    }

    /// Adds a response header.
    pub fn header(self, name: &str, value: impl Into<String>) -> Self {
        self.change(|response| response.header(name, value))
    }

    /// Closes the connection after this many bytes of the body.
    pub fn disconnect_after(self, bytes: usize) -> Self {
        self.change(|response| response.disconnect_after(bytes))
    }

    fn change(self, change: impl FnOnce(MockResponse) -> MockResponse) -> Self {
        let mut state = self.server.state.lock();
        state.stubs.entry(self.operation.to_owned()).or_default().change(self.id, change);
        drop(state);
        self
    }
}

impl MockServer {
    /// Responds to the valid requests of an operation with its documented success, with these
    /// values in the body.
    ///
    /// They are merged into a generated instance of its schema: members of objects by name, items
    /// of arrays by position. The result is valid, so that a test can't rely on what the API
    /// doesn't promise.
    ///
    /// # Panics
    ///
    /// If the document has no such operation, or describes no such response: the message names the
    /// operation, the pointer in the body, and what the document wants there.
    #[track_caller]
    pub fn respond<'a>(&'a self, operation: &'a str, body: Value) -> Stub<'a> {
        let status = success_status(self.expect_operation(operation));
        self.respond_status(operation, status, body)
    }

    /// Responds as [`MockServer::respond`] does, with the response for another status.
    ///
    /// # Panics
    ///
    /// As [`MockServer::respond`].
    #[track_caller]
    pub fn respond_status<'a>(&'a self, operation: &'a str, status: u16, body: Value) -> Stub<'a> {
        let declared = self.expect_operation(operation);
        let built = overrides::response(self.api(), declared, status, &body, self.generation());
        self.stub(operation, built)
    }

    /// Responds to the valid requests of an operation with one body after the other, each as of
    /// [`MockServer::respond`]; the last one repeats.
    ///
    /// # Panics
    ///
    /// As [`MockServer::respond`].
    #[track_caller]
    pub fn respond_in_turn(&self, operation: &str, bodies: impl IntoIterator<Item = Value>) {
        let mut bodies = bodies.into_iter().peekable();
        while let Some(body) = bodies.next() {
            let stub = self.respond(operation, body);
            if bodies.peek().is_some() {
                stub.times(1);
            }
        }
    }

    /// Responds to the valid requests of an operation with an error: the documented response, or an
    /// empty one if the document doesn't describe the status.
    ///
    /// # Panics
    ///
    /// If the document has no such operation, or the status is none of an error.
    #[track_caller]
    pub fn fail<'a>(&'a self, operation: &'a str, status: u16) -> Stub<'a> {
        self.expect_operation(operation);
        assert!((400..600).contains(&status), "{status} is no status of an error");
        self.stub(operation, Ok(MockResponse::status(status)))
    }

    /// Responds to the valid requests of an operation with these items of the documented sequence,
    /// such as server-sent events.
    ///
    /// Each is merged into a generated instance and validated. If the document describes the fields
    /// of events (`itemSchema`), a value that isn't an event becomes the data of one.
    ///
    /// # Panics
    ///
    /// As [`MockServer::respond`].
    #[track_caller]
    pub fn events<'a>(
        &'a self,
        operation: &'a str,
        items: impl IntoIterator<Item = Value>,
    ) -> Stub<'a> {
        let declared = self.expect_operation(operation);
        let status = success_status(declared);
        let items = items.into_iter().collect();
        let built = overrides::items(self.api(), declared, status, items, self.generation());
        self.stub(operation, built)
    }

    /// Waits this long before each response to an operation, in addition to other delays.
    pub fn set_latency(&self, latency: Duration) {
        self.state.lock().latency = latency;
    }

    /// Returns the recorded requests of an operation, with their decoded parameters and bodies.
    ///
    /// # Panics
    ///
    /// If the document has no such operation.
    #[track_caller]
    pub fn requests(&self, operation: &str) -> Vec<Exchange> {
        self.expect_operation(operation);
        let state = self.state.lock();
        let own = |exchange: &&Exchange| exchange.operation.as_deref() == Some(operation);
        state.exchanges.iter().filter(own).cloned().collect()
    }

    /// Checks that no recorded request violated the document, and that the mock could respond to
    /// each as the document describes.
    ///
    /// # Panics
    ///
    /// If one did: the message names the operation and the violations.
    #[track_caller]
    pub fn assert_valid(&self) {
        let exchanges = self.exchanges();
        let problems: Vec<_> = exchanges
            .iter()
            .flat_map(|exchange| {
                let name = exchange.operation.clone();
                let name = name.unwrap_or_else(|| format!("{} {}", exchange.method, exchange.path));
                let violations = exchange.violations.iter().map(ToString::to_string);
                let all = violations.chain(exchange.mock_error.clone());
                all.map(move |problem| format!("operation `{name}`: {problem}"))
            })
            .collect();
        assert!(problems.is_empty(), "the document is violated:\n{}", problems.join("\n"));
    }

    /// Sets a response, if it could be built.
    #[track_caller]
    fn stub<'a>(&'a self, operation: &'a str, built: Result<MockResponse, MockError>) -> Stub<'a> {
        let response = match built {
            Ok(response) => response,
            Err(error) => panic!("{error}"),
        };
        let mut state = self.state.lock();
        let stubs = state.stubs.entry(operation.to_owned()).or_default();
        let id = stubs.add(Action::Response(Box::new(response)));
        Stub { server: self, operation, id }
    }

    /// The seed and the fill of generated instances.
    fn generation(&self) -> (u64, Fill) {
        let state = self.state.lock();
        (state.seed, state.fill)
    }

    #[track_caller]
    fn expect_operation(&self, operation: &str) -> &Operation {
        self.assert_operation(operation);
        match self.api().operation(operation) {
            Some(operation) => operation,
            None => unreachable!("asserted above"),
        }
    }
}
