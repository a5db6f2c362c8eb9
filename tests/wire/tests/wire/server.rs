//! Servers for responses that HTTP libraries don't send: raw, incomplete and stalled ones.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Starts a server that responds to one request with these bytes and closes the connection.
pub(crate) async fn serve_raw(response: &'static [u8]) -> String {
    serve_script([Step::Respond(String::from_utf8_lossy(response).into_owned())]).await.url
}

/// Starts a server that responds to one request with these bytes and keeps the connection open.
pub(crate) async fn serve_stalled(response: &'static [u8]) -> String {
    serve_script([Step::Stall(String::from_utf8_lossy(response).into_owned())]).await.url
}

/// The reaction to the request of one connection.
pub(crate) enum Step {
    /// Sends these bytes and closes the connection.
    Respond(String),
    /// Sends these bytes and keeps the connection open.
    Stall(String),
    /// Closes the connection.
    Close,
}

/// A server that runs a script, and stops listening at its end.
pub(crate) struct ScriptedServer {
    pub(crate) url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl ScriptedServer {
    /// Returns the requests that were received, as text.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// Starts a server that runs one step for each connection.
pub(crate) async fn serve_script(steps: impl IntoIterator<Item = Step>) -> ScriptedServer {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests: Arc<Mutex<Vec<String>>> = Arc::default();
    let (steps, received): (Vec<_>, _) = (steps.into_iter().collect(), requests.clone());
    tokio::spawn(async move {
        let mut stalled = Vec::new();
        for step in steps {
            let (mut connection, _) = listener.accept().await.unwrap();
            let request = read_request(&mut connection).await;
            received.lock().unwrap().push(request);
            match step {
                Step::Respond(response) => {
                    connection.write_all(response.as_bytes()).await.unwrap();
                    connection.shutdown().await.unwrap();
                }
                Step::Stall(response) => {
                    connection.write_all(response.as_bytes()).await.unwrap();
                    stalled.push(connection);
                }
                Step::Close => {}
            }
        }
        // Stalled connections stay open until the end of the test.
        drop(listener);
        std::future::pending::<()>().await;
    });
    ScriptedServer { url, requests }
}

/// Starts a server that responds to every request with 204, and counts the connections.
pub(crate) async fn serve_counting() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections: Arc<AtomicUsize> = Arc::default();
    let counter = connections.clone();
    tokio::spawn(async move {
        loop {
            let (mut connection, _) = listener.accept().await.unwrap();
            counter.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(async move {
                while !read_request(&mut connection).await.is_empty() {
                    let response = b"HTTP/1.1 204 No Content\r\n\r\n";
                    connection.write_all(response).await.unwrap();
                }
            });
        }
    });
    (url, connections)
}

/// Reads a request up to its `Content-Length`.
async fn read_request(connection: &mut TcpStream) -> String {
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
