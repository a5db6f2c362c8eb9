//! Memory use of a long stream. This test has its own process, whose memory it measures.
#![cfg(target_os = "linux")]

mod process;

use futures::StreamExt;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use self::process::status;

/// The number of items in the stream.
const ITEMS: usize = 100_000;

#[tokio::test]
async fn a_long_stream_takes_constant_memory() {
    let client =
        wire::documents::streams::Client::builder().base_url(serve().await).build().unwrap();
    let mut events = client.data().send().await.unwrap().into_inner();
    let (mut read, mut initial, mut peak) = (0_usize, 0, 0);
    while let Some(item) = events.next().await {
        read += 1;
        assert!(item.unwrap().text.starts_with(&format!("{read} ")));
        if read == ITEMS / 10 {
            initial = status("VmRSS");
        }
        if read > ITEMS / 10 && read % 1_000 == 0 {
            peak = peak.max(status("VmRSS"));
        }
    }
    assert_eq!(read, ITEMS);
    let growth = peak.saturating_sub(initial);
    assert!(growth < 4 << 20, "{growth} bytes after the first tenth");
}

/// Starts a server of one stream of events of about 500 bytes, which it generates while it sends
/// them.
async fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let _ = connection.read(&mut [0; 8192]).await.unwrap();
        let head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
        connection.write_all(head).await.unwrap();
        let filling = "x".repeat(480);
        for number in 1..=ITEMS {
            let event = format!("id: {number}\ndata: {{\"text\":\"{number} {filling}\"}}\n\n");
            connection.write_all(event.as_bytes()).await.unwrap();
        }
        connection.shutdown().await.unwrap();
    });
    format!("http://{address}")
}
