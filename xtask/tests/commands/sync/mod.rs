//! `sync-spec` on a copy of `spec/` and with a server on loopback.

mod files;
mod several;
mod sources;
#[cfg(unix)]
mod verify;

use std::io::Write;

use crate::support::server;

impl server::Server {
    /// A server that sends the same response to all requests.
    fn with_response(status: &str, headers: &str, body: impl Into<Vec<u8>>) -> Self {
        let (head, body) = (format!("HTTP/1.1 {status}\r\n{headers}"), body.into());
        Self::start(move |_, stream| {
            write!(stream, "{head}content-length: {}\r\nconnection: close\r\n\r\n", body.len())?;
            stream.write_all(&body)
        })
    }
}
