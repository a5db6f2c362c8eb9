//! What the server and the holder of a mock share.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;

use crate::{api::Api, exchange::Exchange, instances::Fill, mock_response::MockResponse};

/// Where files are served that answers redirect to.
pub(crate) const FILES: &str = "/-/files/";

/// What answers an operation until further notice.
pub(crate) type Rule = Arc<dyn Fn(&Exchange) -> MockResponse + Send + Sync>;
/// What is told of every exchange.
pub(crate) type Observer = Arc<dyn Fn(&Exchange) + Send + Sync>;

/// What changes while the mock runs.
pub(crate) struct State {
    pub(crate) seed: u64,
    pub(crate) fill: Fill,
    pub(crate) next: HashMap<String, VecDeque<MockResponse>>,
    pub(crate) rules: HashMap<String, Rule>,
    pub(crate) files: BTreeMap<String, (String, Bytes)>,
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) observer: Option<Observer>,
}

/// What the server and its holder share.
pub(crate) struct Shared {
    pub(crate) api: Api,
    pub(crate) address: SocketAddr,
    state: Mutex<State>,
}

impl Shared {
    pub(crate) fn new(api: Api, address: SocketAddr) -> Self {
        let state = State {
            seed: 0,
            fill: Fill::Full,
            next: HashMap::new(),
            rules: HashMap::new(),
            files: BTreeMap::new(),
            exchanges: Vec::new(),
            observer: None,
        };
        Self { api, address, state: Mutex::new(state) }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
