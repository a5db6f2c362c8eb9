//! The handle to a running mock server.

use std::{fmt, io, net::Ipv4Addr, sync::Arc, thread};

use bytes::Bytes;
use openapi_document::Operation;
use tokio::{
    net::{TcpListener, TcpSocket},
    runtime::Runtime,
    sync::oneshot,
};

use crate::{
    api::Api,
    exchange::Exchange,
    instances::Fill,
    mock_response::MockResponse,
    service,
    state::{FILES, ServerState},
    stubs::Action,
    validator::Violation,
};

/// A running mock server of a document, on loopback.
///
/// It runs in a thread of its own and stops when it is dropped.
///
/// ```
/// use openapi_mock::{Api, MockServer};
///
/// let api = Api::parse("
/// openapi: 3.1.0
/// info: { title: Example, version: '1' }
/// paths:
///   /ping: { get: { operationId: ping, responses: { '204': { description: Available } } } }
/// ")?;
/// let mock = MockServer::start(api)?;
/// assert!(mock.url().starts_with("http://127.0.0.1:"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct MockServer {
    pub(crate) state: Arc<ServerState>,
    shutdown: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl fmt::Debug for MockServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockServer").field("url", &self.url()).finish_non_exhaustive()
    }
}

/// The number of connections that may wait to be accepted; some tests open a thousand at once.
const BACKLOG: u32 = 4096;

fn listen(runtime: &Runtime, port: u16) -> io::Result<TcpListener> {
    let _entered = runtime.enter();
    let socket = TcpSocket::new_v4()?;
    // As std does: on Windows the option would let two processes share a port.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind((Ipv4Addr::LOCALHOST, port).into())?;
    socket.listen(BACKLOG)
}

impl MockServer {
    /// Starts a server on a free port.
    ///
    /// # Errors
    ///
    /// If the socket or the thread can't be created.
    pub fn start(api: Api) -> io::Result<Self> {
        Self::start_on(api, 0)
    }

    /// Starts a server on `port` of the loopback interface; 0 picks a free one.
    ///
    /// # Errors
    ///
    /// If the port is in use, or the socket or the thread can't be created.
    pub fn start_on(api: Api, port: u16) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = listen(&runtime, port)?;
        let state = Arc::new(ServerState::new(api, listener.local_addr()?));
        let (shutdown, shutdown_signal) = oneshot::channel();
        let serving = service::serve(state.clone(), listener, shutdown_signal);
        let thread = thread::Builder::new()
            .name("openapi-mock".to_owned())
            .spawn(move || runtime.block_on(serving))?;
        Ok(Self { state, shutdown: Some(shutdown), thread: Some(thread) })
    }

    /// Returns the API that is served.
    pub fn api(&self) -> &Api {
        &self.state.api
    }

    /// Returns the origin, such as `http://127.0.0.1:8080`.
    pub fn origin(&self) -> String {
        format!("http://{}", self.state.address)
    }

    /// Returns the base URL for clients: the origin with the path of the document's server URL.
    pub fn url(&self) -> String {
        format!("{}{}", self.origin(), self.api().base_path())
    }

    /// Sets the seed of generated responses, initially 0.
    pub fn set_seed(&self, seed: u64) {
        self.state.lock().seed = seed;
    }

    /// Sets whether generated responses have optional properties, initially [`Fill::Full`].
    pub fn set_fill(&self, fill: Fill) {
        self.state.lock().fill = fill;
    }

    /// Sends a response to the next request of an operation, once. Several calls queue up.
    ///
    /// The response is sent even if the request violates the document; the violations are recorded.
    ///
    /// # Panics
    ///
    /// If the document has no such operation, since the response could never be sent.
    #[track_caller]
    pub fn respond_once(&self, operation: &str, response: MockResponse) {
        self.assert_operation(operation);
        self.state.lock().queued.entry(operation.to_owned()).or_default().push_back(response);
    }

    /// Builds the responses to all valid requests of an operation from now on.
    ///
    /// It replaces what an earlier call, or a scenario such as [`MockServer::pages`], has set for
    /// the operation.
    ///
    /// # Panics
    ///
    /// If the document has no such operation.
    #[track_caller]
    pub fn respond_with(
        &self,
        operation: &str,
        responder: impl Fn(&Exchange) -> MockResponse + Send + Sync + 'static,
    ) {
        self.assert_operation(operation);
        let mut state = self.state.lock();
        let stubs = state.stubs.entry(operation.to_owned()).or_default();
        stubs.clear();
        stubs.add(Action::Responder(Arc::new(responder)));
    }

    /// Serves a file, for redirects to point to, and returns its URL.
    pub fn serve_file(&self, name: &str, content: impl Into<Bytes>, content_type: &str) -> String {
        let file = (content_type.to_owned(), content.into());
        self.state.lock().files.insert(name.to_owned(), file);
        format!("{}{FILES}{name}", self.origin())
    }

    /// Calls `observer` for every exchange, before the response is sent.
    pub fn observe(&self, observer: impl Fn(&Exchange) + Send + Sync + 'static) {
        self.state.lock().observer = Some(Arc::new(observer));
    }

    /// Returns all recorded exchanges.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.state.lock().exchanges.clone()
    }

    /// Returns all recorded exchanges, and removes them from the record.
    pub fn take_exchanges(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.state.lock().exchanges)
    }

    /// Returns the violations of all recorded exchanges.
    pub fn violations(&self) -> Vec<Violation> {
        let state = self.state.lock();
        state.exchanges.iter().flat_map(|exchange| exchange.violations.clone()).collect()
    }

    /// Panics if the document has no such operation.
    #[track_caller]
    pub(crate) fn assert_operation(&self, operation: &str) {
        let operations = self.api().operations();
        if !operations.iter().any(|one| one.id == operation) {
            let similar = similar_ids(operations, operation);
            panic!("the document has no operation `{operation}`{similar}");
        }
    }
}

/// The ids that may be meant by another one, for a message.
fn similar_ids(operations: &[Operation], id: &str) -> String {
    let letters = |text: &str| {
        text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase()
    };
    let wanted = letters(id);
    let is_similar = |one: &&Operation| {
        let own = letters(&one.id);
        !wanted.is_empty() && (own.contains(&wanted) || wanted.contains(&own))
    };
    let mut similar: Vec<_> = operations.iter().filter(is_similar).collect();
    similar.sort_by_key(|one| one.id.len().abs_diff(id.len()));
    let similar: Vec<_> = similar.iter().take(3).map(|one| format!("`{}`", one.id)).collect();
    match similar.as_slice() {
        [] => String::new(),
        similar => format!("; did you mean {}?", similar.join(" or ")),
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        if let Some(shutdown) = self.shutdown.take() {
            let _ = shutdown.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
