//! A long list takes no more memory than a short one. In a process of its own, since it measures that
//! process.
#![cfg(target_os = "linux")]

use std::{
    fmt::Write,
    fs,
    sync::atomic::{AtomicU64, Ordering},
};

use futures::StreamExt;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

const ITEMS: u64 = 100_000;
const SIZE: u64 = 100;

/// The number of the page that was asked for last.
static ASKED: AtomicU64 = AtomicU64::new(0);

#[tokio::test]
async fn a_long_list_takes_constant_memory() {
    let client = wire::client(&serve().await).build().unwrap();
    let mut items = client.records_list().page_size(100).stream();
    let (mut read, mut before, mut most) = (0_u64, 0, 0);
    while let Some(item) = items.next().await {
        read += 1;
        assert_eq!(item.unwrap().id, read.to_string());
        assert_eq!(ASKED.load(Ordering::Relaxed), read.div_ceil(SIZE), "it reads ahead");
        if read == ITEMS / 10 {
            before = resident();
        }
        if read > ITEMS / 10 && read % 1_000 == 0 {
            most = most.max(resident());
        }
    }
    assert_eq!(read, ITEMS);
    let grown = most.saturating_sub(before);
    println!("{ITEMS} items: at the most {} KiB more than after a tenth of them", grown >> 10);
    assert!(grown < 4 << 20, "it grew by {grown} bytes");
}

/// Resident memory of this process in bytes (proc(5)), pages taken for 4 KiB.
fn resident() -> usize {
    let statm = fs::read_to_string("/proc/self/statm").unwrap();
    statm.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

/// A server that keeps nothing of what it is asked.
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
            let body = page(number(&String::from_utf8(std::mem::take(&mut request)).unwrap()));
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length:";
            let answer = format!("{head} {}\r\n\r\n{body}", body.len());
            connection.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    format!("http://{address}")
}

/// The page that a request asks for.
fn number(request: &str) -> u64 {
    let number = request.split("page=").nth(1).map_or(1, |rest| {
        rest.split(|end: char| !end.is_ascii_digit()).next().unwrap().parse().unwrap()
    });
    ASKED.store(number, Ordering::Relaxed);
    number
}

fn page(number: u64) -> String {
    let mut items = String::new();
    for id in (number - 1) * SIZE + 1..=number * SIZE {
        let separator = if items.is_empty() { "" } else { "," };
        let _ = write!(items, r#"{separator}{{"id":"{id}","name":"x","status":"open"}}"#);
    }
    format!(r#"{{"items":[{items}],"page":{number},"pageSize":{SIZE},"total":{ITEMS}}}"#)
}
