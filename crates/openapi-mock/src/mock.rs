//! The running mock, as tests hold it.

use std::{fmt, io, net::Ipv4Addr, sync::Arc, thread};

use bytes::Bytes;
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
    server,
    state::{FILES, Shared},
    validator::Violation,
};

/// A server of an API's document on loopback, in a thread of its own; dropping it ends it.
///
/// ```
/// use openapi_mock::{Api, MockApi};
///
/// let api = Api::parse("
/// openapi: 3.1.0
/// info: { title: Example, version: '1' }
/// paths:
///   /ping: { get: { operationId: ping, responses: { '204': { description: There } } } }
/// ")?;
/// let mock = MockApi::start(api)?;
/// assert!(mock.url().starts_with("http://127.0.0.1:"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct MockApi {
    pub(crate) shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl fmt::Debug for MockApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockApi").field("url", &self.url()).finish_non_exhaustive()
    }
}

/// How many connections may wait to be accepted: tests call a thousand times at once.
const BACKLOG: u32 = 4096;

fn listen(runtime: &Runtime, port: u16) -> io::Result<TcpListener> {
    let _entered = runtime.enter();
    let socket = TcpSocket::new_v4()?;
    // As the standard library does: elsewhere it would share a port that is in use.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind((Ipv4Addr::LOCALHOST, port).into())?;
    socket.listen(BACKLOG)
}

impl MockApi {
    /// Serves on a free port.
    ///
    /// # Errors
    ///
    /// If no socket or thread can be had.
    pub fn start(api: Api) -> io::Result<Self> {
        Self::start_on(api, 0)
    }

    /// Serves on `port` of the loopback interface; 0 is any free one.
    ///
    /// # Errors
    ///
    /// If the port isn't free.
    pub fn start_on(api: Api, port: u16) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = listen(&runtime, port)?;
        let shared = Shared::new(api, listener.local_addr()?);
        let shared = Arc::new(shared);
        let (stop, stopped) = oneshot::channel();
        let serving = server::serve(shared.clone(), listener, stopped);
        let thread = thread::Builder::new()
            .name("openapi-mock".to_owned())
            .spawn(move || runtime.block_on(serving))?;
        Ok(Self { shared, stop: Some(stop), thread: Some(thread) })
    }

    /// The API it serves.
    pub fn api(&self) -> &Api {
        &self.shared.api
    }

    /// Its origin, without a path.
    pub fn origin(&self) -> String {
        format!("http://{}", self.shared.address)
    }

    /// The base URL for clients: its origin with the path of the document's server.
    pub fn url(&self) -> String {
        format!("{}{}", self.origin(), self.api().base_path())
    }

    /// The seed of all answers from now on; 0 at first.
    pub fn seed(&self, seed: u64) {
        self.shared.state().seed = seed;
    }

    /// How much answers hold from now on; everything at first.
    pub fn fill(&self, fill: Fill) {
        self.shared.state().fill = fill;
    }

    /// Answers the next unanswered request of an operation; calls queue up. What is in the request
    /// isn't looked at before it is answered so, but violations are kept as ever.
    ///
    /// # Panics
    ///
    /// If the document has no such operation: the script of a test would wait for ever.
    #[track_caller]
    pub fn next(&self, operation: &str, answer: MockResponse) {
        self.known(operation);
        self.shared.state().next.entry(operation.to_owned()).or_default().push_back(answer);
    }

    /// Answers every request of an operation from now on, if it breaks nothing.
    ///
    /// # Panics
    ///
    /// If the document has no such operation.
    #[track_caller]
    pub fn always(
        &self,
        operation: &str,
        answer: impl Fn(&Exchange) -> MockResponse + Send + Sync + 'static,
    ) {
        self.known(operation);
        self.shared.state().rules.insert(operation.to_owned(), Arc::new(answer));
    }

    /// A file that answers may redirect to; returns its URL.
    pub fn file(&self, name: &str, content: impl Into<Bytes>, content_type: &str) -> String {
        let file = (content_type.to_owned(), content.into());
        self.shared.state().files.insert(name.to_owned(), file);
        format!("{}{FILES}{name}", self.origin())
    }

    /// Is told of every exchange.
    pub fn observe(&self, observer: impl Fn(&Exchange) + Send + Sync + 'static) {
        self.shared.state().observer = Some(Arc::new(observer));
    }

    /// All exchanges so far.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.shared.state().exchanges.clone()
    }

    /// All exchanges so far, which are forgotten.
    pub fn take_exchanges(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.shared.state().exchanges)
    }

    /// How requests broke the document so far.
    pub fn violations(&self) -> Vec<Violation> {
        let state = self.shared.state();
        state.exchanges.iter().flat_map(|exchange| exchange.violations.clone()).collect()
    }

    /// A script for an operation that isn't there would wait for ever.
    #[track_caller]
    pub(crate) fn known(&self, operation: &str) {
        assert!(
            self.api().operation(operation).is_some(),
            "the document has no operation `{operation}`"
        );
    }
}

impl Drop for MockApi {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
