//! Uploads: the stall timeout and progress.
//!
//! tokio's clock is paused and only advanced by the tests: a blocking task keeps tokio from
//! advancing it when all other tasks are idle.

use std::{
    convert::Infallible,
    future,
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use bytes::Bytes;
use futures::stream;
use wire::{Part, RetryPolicy};

use crate::serve_no_content;

/// Keeps tokio's clock paused until it is dropped.
struct PausedClock(
    #[allow(dead_code, reason = "its drop ends the blocking task")] mpsc::Sender<()>,
);

/// Pauses tokio's clock.
fn pause_clock() -> PausedClock {
    let (sender, receiver) = mpsc::channel::<()>();
    tokio::task::spawn_blocking(move || receiver.recv());
    tokio::time::pause();
    PausedClock(sender)
}

/// Returns a part whose chunks follow each other after 40 s. If it `stalls`, it never ends.
fn slow_part(chunks: u32, stalls: bool) -> Part {
    let slow = stream::unfold(0, move |chunk| async move {
        tokio::time::advance(Duration::from_secs(40)).await;
        if chunk == chunks && stalls {
            for _ in 0..3 {
                tokio::time::advance(Duration::from_secs(40)).await;
            }
            future::pending::<()>().await;
        }
        (chunk < chunks).then(|| (Ok::<_, Infallible>(Bytes::from_static(b"chunk")), chunk + 1))
    });
    Part::stream(reqwest::Body::wrap_stream(slow), None)
}

#[tokio::test]
async fn an_upload_may_exceed_the_timeout_while_it_moves() {
    let server = serve_no_content().await;
    // The timeout is 60 s, and the upload takes 240 s.
    let client = wire::client(&server.uri()).build().unwrap();
    let _clock = pause_clock();
    client.files_upload().files([slow_part(5, false)]).send().await.unwrap();
    let body = server.received_requests().await.unwrap().remove(0).body;
    assert_eq!(String::from_utf8_lossy(&body).matches("chunk").count(), 5);
}

#[tokio::test]
async fn a_stalled_upload_times_out() {
    let server = serve_no_content().await;
    let client = wire::client(&server.uri()).build().unwrap();
    let _clock = pause_clock();
    let error = client.files_upload().files([slow_part(2, true)]).send().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn an_upload_ends_at_the_deadline() {
    let server = serve_no_content().await;
    let policy = RetryPolicy::new().deadline(Duration::from_secs(100));
    let client = wire::client(&server.uri()).retry(policy).build().unwrap();
    let _clock = pause_clock();
    let error = client.files_upload().files([slow_part(50, false)]).send().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn progress_is_reported_for_each_chunk() {
    let server = serve_no_content().await;
    let client = wire::client(&server.uri()).build().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("report.bin");
    let content = vec![7; 200_000];
    std::fs::write(&path, &content).unwrap();
    for (part, total) in [
        (Part::bytes(content.clone()), Some(200_000)),
        (Part::file(&path), Some(200_000)),
        (Part::reader(std::io::Cursor::new(content.clone()), None), None),
    ] {
        let reports = Arc::new(Mutex::new(Vec::new()));
        let recorder = reports.clone();
        let part = part.on_progress(move |sent, total| {
            recorder.lock().unwrap().push((sent, total));
        });
        client.files_upload().files([part]).send().await.unwrap();
        let reports = reports.lock().unwrap();
        assert!(reports.len() > 2, "{reports:?}");
        assert!(reports.is_sorted_by(|one, next| one.0 < next.0), "{reports:?}");
        assert_eq!(reports.last(), Some(&(200_000, total)));
        assert!(reports.iter().all(|(_, reported)| *reported == total), "{reports:?}");
    }
    for request in server.received_requests().await.unwrap() {
        assert!(request.body.windows(content.len()).any(|window| window == content));
    }
}

#[tokio::test]
async fn a_growing_file_is_sent_with_its_initial_length() {
    let server = serve_no_content().await;
    let client = wire::client(&server.uri()).build().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("log.txt");
    std::fs::write(&path, vec![b'x'; 100_000]).unwrap();
    // The file grows while it is read.
    let grown = path.clone();
    let part = Part::file(&path).on_progress(move |_, _| {
        let mut content = std::fs::read(&grown).unwrap();
        content.extend([b'y'; 1_000]);
        std::fs::write(&grown, content).unwrap();
    });
    client.files_upload().files([part]).send().await.unwrap();
    let body = server.received_requests().await.unwrap().remove(0).body;
    let text = String::from_utf8_lossy(&body);
    assert_eq!((text.matches('x').count() >= 100_000, text.contains("yyyy")), (true, false));

    let error = client.files_upload().files([Part::file(directory.path())]).send().await;
    let error = error.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (wire::ErrorKind::Request, 0), "{error:?}");
}

/// A body that is cut inside a part, or goes on after it, must not look complete.
#[tokio::test]
async fn a_stream_of_another_length_is_an_error() {
    for (length, found) in [(5, "4 bytes"), (3, "more than 3 bytes")] {
        let server = serve_no_content().await;
        let part = Part::reader(&b"four"[..], Some(length));
        let error = crate::client(&server).files_upload().files([part]).send().await.unwrap_err();
        assert_eq!(error.kind(), wire::ErrorKind::Request, "{error}");
        let text = error.to_string();
        assert!(text.contains("`files`") && text.contains(found), "{text}");
        assert_eq!(error.attempts(), 1);
        let complete = server.received_requests().await.unwrap();
        assert!(complete.is_empty(), "{complete:?}");
    }
}

#[tokio::test]
async fn an_unreadable_file_is_an_error_that_names_it() {
    let server = serve_no_content().await;
    struct Broken;
    impl tokio::io::AsyncRead for Broken {
        fn poll_read(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
            _: &mut tokio::io::ReadBuf<'_>,
        ) -> std::task::Poll<std::io::Result<()>> {
            std::task::Poll::Ready(Err(std::io::Error::other("the disk is on fire")))
        }
    }
    let part = Part::reader(Broken, None);
    let error = crate::client(&server).files_upload().files([part]).send().await.unwrap_err();
    assert_eq!(error.kind(), wire::ErrorKind::Request, "{error:?}");
    assert!(error.to_string().contains("`files`: the disk is on fire"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_is_opened_and_read_within_the_timeout() {
    let directory = tempfile::tempdir().unwrap();
    let pipe = |name: &str| {
        let path = directory.path().join(name);
        let status = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
        assert!(status.success());
        path
    };
    let server = serve_no_content().await;
    let client = wire::client(&server.uri()).timeout(Duration::from_millis(200)).build().unwrap();
    // Nobody writes: opening must not block for ever, nor the end of the program.
    let silent = pipe("silent");
    let error = client.files_upload().files([Part::file(&silent)]).send().await.unwrap_err();
    assert!(error.is_timeout(), "{error}");
    // Nobody reads it any more.
    let closed = async {
        let open = || tokio::net::unix::pipe::OpenOptions::new().open_sender(&silent);
        while open().is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), closed).await.unwrap();

    let path = pipe("written");
    let writer = path.clone();
    let writer = std::thread::spawn(move || std::fs::write(writer, "from a pipe"));
    client.files_upload().files([Part::file(&path)]).send().await.unwrap();
    writer.join().unwrap().unwrap();
    let request = crate::only_request(&server).await;
    assert!(String::from_utf8_lossy(&request.body).contains("\r\n\r\nfrom a pipe\r\n"));
}
