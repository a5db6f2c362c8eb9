//! State shared between the server thread and the [`MockServer`](crate::MockServer) handle.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;

use crate::{
    api::Api, exchange::Exchange, instances::Fill, mock_response::MockResponse, stubs::Stubs,
};

/// The path prefix of the files that redirects point to.
pub(crate) const FILES: &str = "/-/files/";

/// Called after every exchange.
pub(crate) type Observer = Arc<dyn Fn(&Exchange) + Send + Sync>;

/// The state that changes while the mock runs.
pub(crate) struct MutableState {
    pub(crate) seed: u64,
    pub(crate) fill: Fill,
    /// Responses to send once, by operation.
    pub(crate) queued: HashMap<String, VecDeque<MockResponse>>,
    /// Responses to valid requests, by operation.
    pub(crate) stubs: HashMap<String, Stubs>,
    /// The time before each response to an operation.
    pub(crate) latency: Duration,
    /// Media type and content of each stored file, by name.
    pub(crate) files: BTreeMap<String, (String, Bytes)>,
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) observer: Option<Observer>,
}

/// The state of a running mock.
pub(crate) struct ServerState {
    pub(crate) api: Api,
    pub(crate) address: SocketAddr,
    mutable: Mutex<MutableState>,
}

impl ServerState {
    pub(crate) fn new(api: Api, address: SocketAddr) -> Self {
        let mutable = MutableState {
            seed: 0,
            fill: Fill::Full,
            queued: HashMap::new(),
            stubs: HashMap::new(),
            latency: Duration::ZERO,
            files: BTreeMap::new(),
            exchanges: Vec::new(),
            observer: None,
        };
        Self { api, address, mutable: Mutex::new(mutable) }
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, MutableState> {
        self.mutable.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
