//! A server for answers that no HTTP library would write.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// Gives the first request these bytes and closes the connection.
pub(crate) async fn answering_raw(answer: &'static [u8]) -> String {
    serving_raw(answer, true).await
}

/// Gives the first request these bytes, and then nothing more.
pub(crate) async fn stalling(answer: &'static [u8]) -> String {
    serving_raw(answer, false).await
}

async fn serving_raw(answer: &'static [u8], ends: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let mut request = [0; 8192];
        let mut length = 0;
        while !request[..length].windows(4).any(|end| end == b"\r\n\r\n") {
            length += connection.read(&mut request[length..]).await.unwrap();
        }
        connection.write_all(answer).await.unwrap();
        if ends {
            connection.shutdown().await.unwrap();
        } else {
            // Until the client leaves.
            let _ = connection.read(&mut request).await;
        }
    });
    format!("http://{address}")
}
