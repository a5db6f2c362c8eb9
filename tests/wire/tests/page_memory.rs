//! Memory use of a list with many pages. This test has its own process, whose memory it measures.
#![cfg(target_os = "linux")]

mod process;

use futures::StreamExt;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use self::process::status;

/// The number of pages of the list.
const PAGES: usize = 10_000;

#[tokio::test]
async fn a_long_list_takes_constant_memory() {
    let builder = wire::documents::paging::Client::builder().base_url(serve().await);
    let client = builder.api_key("secret").build().unwrap();
    let mut nodes = client.cursors_list().stream();
    let (mut read, mut initial, mut peak) = (0_usize, 0, 0);
    while let Some(node) = nodes.next().await {
        read += 1;
        assert!(node.unwrap().id.starts_with(&format!("{read} ")));
        if read == PAGES / 10 {
            initial = status("VmRSS");
        }
        if read > PAGES / 10 && read % 100 == 0 {
            peak = peak.max(status("VmRSS"));
        }
    }
    assert_eq!(read, PAGES);
    let growth = peak.saturating_sub(initial);
    assert!(growth < 4 << 20, "{growth} bytes after the first tenth");
}

/// Starts a server of pages with an item and a token of about 1 kB each, which keeps none of them.
async fn serve() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let filling = "x".repeat(1_000);
        let mut request = Vec::new();
        for number in 1..=PAGES {
            while !request.ends_with(b"\r\n\r\n") {
                let mut part = [0; 8192];
                let length = connection.read(&mut part).await.unwrap();
                request.extend_from_slice(&part[..length]);
            }
            request.clear();
            let next = match number {
                PAGES => "null".to_owned(),
                _ => format!("\"{number}{filling}\""),
            };
            let body = format!(
                "{{\"data\":[{{\"id\":\"{number} {filling}\"}}],\"meta\":{{\"next_cursor\":{next}}}}}"
            );
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            connection.write_all((head + &body).as_bytes()).await.unwrap();
        }
    });
    format!("http://{address}")
}
