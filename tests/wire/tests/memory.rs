//! Memory use of long lists. This test has its own process, whose memory it measures.
#![cfg(target_os = "linux")]

mod process;

use std::{
    fmt::Write,
    sync::atomic::{AtomicU64, Ordering},
};

use futures::StreamExt;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use self::process::status;

/// The number of items in the list.
const ITEMS: u64 = 100_000;
/// The number of items on a page.
const SIZE: u64 = 100;

/// The number of the page that was requested last.
static REQUESTED_PAGE: AtomicU64 = AtomicU64::new(0);

#[tokio::test]
async fn a_long_list_takes_constant_memory() {
    let client = wire::client(&serve().await).build().unwrap();
    let mut items = client.records_list().page_size(100).stream();
    let (mut read, mut initial, mut peak) = (0_u64, 0, 0);
    while let Some(item) = items.next().await {
        read += 1;
        assert_eq!(item.unwrap().id, read.to_string());
        assert_eq!(REQUESTED_PAGE.load(Ordering::Relaxed), read.div_ceil(SIZE), "it reads ahead");
        if read == ITEMS / 10 {
            initial = status("VmRSS");
        }
        if read > ITEMS / 10 && read % 1_000 == 0 {
            peak = peak.max(status("VmRSS"));
        }
    }
    assert_eq!(read, ITEMS);
    let grown = peak.saturating_sub(initial);
    println!("{ITEMS} items: at most {} KiB more than after a tenth of them", grown >> 10);
    assert!(grown < 4 << 20, "it grew by {grown} bytes");
}

/// Starts a server that doesn't record requests.
async fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while connection.read_buf(&mut request).await.unwrap() > 0 {
            if !request.ends_with(b"\r\n\r\n") {
                continue;
            }
            let body =
                page(requested_page(&String::from_utf8(std::mem::take(&mut request)).unwrap()));
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length:";
            let response = format!("{head} {}\r\n\r\n{body}", body.len());
            connection.write_all(response.as_bytes()).await.unwrap();
        }
    });
    format!("http://{address}")
}

/// Returns and records the number of the requested page.
fn requested_page(request: &str) -> u64 {
    let number = request.split("page=").nth(1).map_or(1, |rest| {
        rest.split(|end: char| !end.is_ascii_digit()).next().unwrap().parse().unwrap()
    });
    REQUESTED_PAGE.store(number, Ordering::Relaxed);
    number
}

/// Returns a page as JSON.
fn page(number: u64) -> String {
    let mut items = String::new();
    for id in (number - 1) * SIZE + 1..=number * SIZE {
        let separator = if items.is_empty() { "" } else { "," };
        let _ = write!(items, r#"{separator}{{"id":"{id}","name":"x","status":"open"}}"#);
    }
    format!(r#"{{"items":[{items}],"page":{number},"pageSize":{SIZE},"total":{ITEMS}}}"#)
}
