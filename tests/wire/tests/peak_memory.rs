//! Memory use of one large body. This test has its own process, whose memory it measures.
#![cfg(target_os = "linux")]

mod process;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use self::process::status;

/// The size of the body in bytes: the default limit.
const BODY: usize = 64 << 20;

#[tokio::test]
async fn a_large_body_takes_three_times_its_size_beyond_the_value() {
    for declares_length in [true, false] {
        let client = wire::client(&serve(declares_length).await).build().unwrap();
        let before = status("VmHWM");
        let page = client.records_list().page_size(1).send().await.unwrap();
        let (peak, value) = (status("VmHWM"), status("VmRSS").saturating_sub(before));
        let beyond = peak - before - value;
        println!("{} items: peak {} MiB beyond the value", page.items.len(), beyond >> 20);
        assert!(beyond < 3 * BODY, "{} MiB", beyond >> 20);
    }
}

/// Starts a server of one large page of objects of 200 bytes. It generates the page while it sends
/// it, so that its memory doesn't count.
async fn serve(declares_length: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let _ = connection.read(&mut [0; 8192]).await.unwrap();
        let item = format!(r#"{{"id":"1","name":"{}","status":"open"}},"#, "x".repeat(163));
        assert_eq!(item.len(), 200);
        let (start, end) = (r#"{"items":["#, format!(r#"{}],"total":1}}"#, &item[..199]));
        let count = (BODY - start.len() - end.len()) / item.len();
        let length = start.len() + count * item.len() + end.len();
        let mut head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n".to_owned();
        if declares_length {
            head += &format!("content-length: {length}\r\n");
        }
        connection.write_all(format!("{head}\r\n{start}").as_bytes()).await.unwrap();
        let hundred = item.repeat(100);
        for _ in 0..count / 100 {
            connection.write_all(hundred.as_bytes()).await.unwrap();
        }
        for _ in 0..count % 100 {
            connection.write_all(item.as_bytes()).await.unwrap();
        }
        connection.write_all(end.as_bytes()).await.unwrap();
        connection.shutdown().await.unwrap();
    });
    format!("http://{address}")
}
