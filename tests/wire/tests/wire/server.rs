//! Servers for answers that no HTTP library would write.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Gives the first request these bytes and closes the connection.
pub(crate) async fn answering_raw(answer: &'static [u8]) -> String {
    scripted([Step::Respond(String::from_utf8_lossy(answer).into_owned())]).await.url
}

/// Gives the first request these bytes, and then nothing more.
pub(crate) async fn stalling(answer: &'static [u8]) -> String {
    scripted([Step::Stall(String::from_utf8_lossy(answer).into_owned())]).await.url
}

/// What becomes of one connection, once its request has arrived.
pub(crate) enum Step {
    /// These bytes, and the end.
    Respond(String),
    /// These bytes, and then nothing more; the connection stays.
    Stall(String),
    /// The end.
    Close,
}

/// A server that plays a script, and is gone at its end.
pub(crate) struct Scripted {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    /// The requests that arrived, as they came.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// Plays a step per connection.
pub(crate) async fn scripted(steps: impl IntoIterator<Item = Step>) -> Scripted {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests: Arc<Mutex<Vec<String>>> = Arc::default();
    let (steps, arrived): (Vec<_>, _) = (steps.into_iter().collect(), requests.clone());
    tokio::spawn(async move {
        let mut stalled = Vec::new();
        for step in steps {
            let (mut connection, _) = listener.accept().await.unwrap();
            let request = request(&mut connection).await;
            arrived.lock().unwrap().push(request);
            match step {
                Step::Respond(answer) => {
                    connection.write_all(answer.as_bytes()).await.unwrap();
                    connection.shutdown().await.unwrap();
                }
                Step::Stall(answer) => {
                    connection.write_all(answer.as_bytes()).await.unwrap();
                    stalled.push(connection);
                }
                Step::Close => {}
            }
        }
        // What stalls does so for as long as the test runs.
        drop(listener);
        std::future::pending::<()>().await;
    });
    Scripted { url, requests }
}

/// Answers every request with 204, and counts the connections.
pub(crate) async fn counting() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections: Arc<AtomicUsize> = Arc::default();
    let counted = connections.clone();
    tokio::spawn(async move {
        loop {
            let (mut connection, _) = listener.accept().await.unwrap();
            counted.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(async move {
                while !request(&mut connection).await.is_empty() {
                    let answer = b"HTTP/1.1 204 No Content\r\n\r\n";
                    connection.write_all(answer).await.unwrap();
                }
            });
        }
    });
    (url, connections)
}

/// Reads a request whose length is declared.
async fn request(connection: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut chunk = [0; 8192];
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok()
            });
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match connection.read(&mut chunk).await.unwrap() {
            0 => return text,
            read => request.extend_from_slice(&chunk[..read]),
        }
    }
}
