//! Overhead of a call compared with one written by hand with reqwest and serde: one page of 50
//! items, from a server on loopback that sends a prepared response.
//!
//! ```sh
//! cargo bench --bench overhead
//! ```
//!
//! Calls alternate between the two, so that other load affects both alike. The benchmark prints the
//! medians of many pairs, then criterion's statistics of each.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    thread,
    time::{Duration, Instant},
};

use asteroid_agents::{Client, chrono, reqwest, uuid::Uuid};
use criterion::Criterion;
use serde::Deserialize;
use serde_json::json;
use tokio::runtime::Runtime;

const KEY: &str = "the-key";
const ITEMS: usize = 50;
const PAIRS: u64 = 10_000;

/// A page of profile pools, written by hand.
#[allow(dead_code, reason = "fields are only deserialized")]
mod by_hand {
    use super::*;

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Page {
        pub items: Vec<Pool>,
        pub page: i64,
        pub page_size: i64,
        pub total: i64,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    pub struct Pool {
        pub id: Uuid,
        pub name: String,
        pub organization_id: Uuid,
        pub allow_concurrent_use: bool,
        pub selection_strategy: Strategy,
        pub created_at: chrono::DateTime<chrono::Utc>,
        pub updated_at: chrono::DateTime<chrono::Utc>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Strategy {
        LeastRecentlyUsed,
        MostRecentlyUsed,
    }
}

/// Both clients, on one thread; the server has another thread for each connection.
struct Clients {
    runtime: Runtime,
    sdk: Client,
    http: reqwest::Client,
    url: String,
}

impl Clients {
    fn new() -> Self {
        // reqwest needs a crypto provider, even for plain http.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let origin = serve(page());
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(60))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("by-hand/1.0");
        Self {
            runtime: runtime.expect("a runtime"),
            sdk: Client::builder().api_key(KEY).base_url(&origin).build().expect("a client"),
            http: http.build().expect("a client"),
            url: format!("{origin}/agent-profile-pools"),
        }
    }

    fn call_sdk(&self) -> Duration {
        let begun = Instant::now();
        let page = self.runtime.block_on(async {
            #[cfg(helper = "example-pools.pools")]
            let call = self.sdk.agent_profile_pools_list();
            // The same in later versions of the document.
            #[cfg(helper = "example-pools.groups")]
            let call = self.sdk.profile_groups_list();
            call.page(1).page_size(50).send().await.expect("a page")
        });
        assert_eq!(page.items.len(), ITEMS);
        begun.elapsed()
    }

    fn call_by_hand(&self) -> Duration {
        let begun = Instant::now();
        let page = self.runtime.block_on(async {
            let request = self.http.get(&self.url).header("X-Asteroid-Agents-Api-Key", KEY);
            let response = request.query(&[("page", 1), ("pageSize", 50)]).send().await;
            let response = response.expect("a response").error_for_status().expect("a success");
            response.json::<by_hand::Page>().await.expect("a page")
        });
        assert_eq!(page.items.len(), ITEMS);
        begun.elapsed()
    }

    /// Calls each client `pairs` times; they alternate, also in which one is first.
    fn alternating(&self, pairs: u64, mut each: impl FnMut(Duration, Duration)) {
        for index in 0..pairs {
            if index.is_multiple_of(2) {
                let sdk = self.call_sdk();
                each(sdk, self.call_by_hand());
            } else {
                let by_hand = self.call_by_hand();
                each(self.call_sdk(), by_hand);
            }
        }
    }

    fn medians(&self, pairs: u64) -> (Duration, Duration) {
        let (mut sdk, mut by_hand) = (Vec::new(), Vec::new());
        self.alternating(pairs, |sdk_time, by_hand_time| {
            sdk.push(sdk_time);
            by_hand.push(by_hand_time);
        });
        let median = |times: &mut Vec<Duration>| {
            times.sort();
            times[times.len() / 2]
        };
        (median(&mut sdk), median(&mut by_hand))
    }
}

/// A response with a page of profile pools and the fewest headers that HTTP requires.
fn page() -> Vec<u8> {
    let strategies = ["least_recently_used", "most_recently_used"];
    let pool = |index: usize| {
        json!({
            "id": format!("{index:08x}-1111-4000-8000-000000000000"),
            "name": format!("pool number {index}"),
            "organizationId": "5b1c7d1e-2222-4000-8000-000000000000",
            "allowConcurrentUse": index.is_multiple_of(2),
            "selectionStrategy": strategies[index % 2],
            "createdAt": "2026-11-25T08:00:00Z",
            "updatedAt": "2026-11-25T09:00:00.5Z",
        })
    };
    let items: Vec<_> = (0..ITEMS).map(pool).collect();
    let body = json!({ "items": items, "page": 1, "pageSize": 50, "total": ITEMS }).to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    (head + &body).into_bytes()
}

/// Starts a server that sends the same response to every request, and returns its URL.
fn serve(response: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let response = response.clone();
            thread::spawn(move || respond_to_all(stream, &response));
        }
    });
    format!("http://{address}")
}

fn respond_to_all(mut stream: TcpStream, response: &[u8]) {
    let _ = stream.set_nodelay(true);
    let (mut buffer, mut length) = ([0; 4096], 0);
    while let Ok(read @ 1..) = stream.read(&mut buffer[length..]) {
        length += read;
        if buffer[..length].ends_with(b"\r\n\r\n") {
            length = 0;
            if stream.write_all(response).is_err() {
                return;
            }
        }
    }
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let clients = Clients::new();
    clients.medians(1000);
    let (sdk, by_hand) = clients.medians(PAIRS);
    let ratio = sdk.as_secs_f64() / by_hand.as_secs_f64();
    println!("{PAIRS} pairs, medians: sdk {sdk:?}, by hand {by_hand:?}, ratio {ratio:.3}");

    let mut group = criterion.benchmark_group("a page of 50 items");
    group.bench_function("sdk", |bencher| {
        bencher.iter_custom(|pairs| {
            let mut sum = Duration::ZERO;
            clients.alternating(pairs, |sdk, _| sum += sdk);
            sum
        });
    });
    group.bench_function("by hand", |bencher| {
        bencher.iter_custom(|pairs| {
            let mut sum = Duration::ZERO;
            clients.alternating(pairs, |_, by_hand| sum += by_hand);
            sum
        });
    });
    group.finish();
    criterion.final_summary();
}
