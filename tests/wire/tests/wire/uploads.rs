//! Uploads that take their time: as long as something moves, they may.
//!
//! The clock stands still but for what the tests let pass: a blocking task that waits keeps tokio
//! from moving it on when nothing else is to do.

use std::{
    convert::Infallible,
    future,
    sync::{Arc, Mutex, mpsc},
    time::Duration,
};

use bytes::Bytes;
use futures::stream;
use wire::{Part, RetryPolicy};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

async fn server() -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    server
}

/// Keeps the clock where it is until it is dropped.
struct StandStill(#[allow(dead_code, reason = "it is dropped")] mpsc::Sender<()>);

fn stand_still() -> StandStill {
    let (keep, kept) = mpsc::channel::<()>();
    tokio::task::spawn_blocking(move || kept.recv());
    tokio::time::pause();
    StandStill(keep)
}

/// Pieces that come 40 s after each other; `stalls`: the last one never does.
fn slowly(pieces: u32, stalls: bool) -> Part {
    let slow = stream::unfold(0, move |piece| async move {
        tokio::time::advance(Duration::from_secs(40)).await;
        if piece == pieces && stalls {
            for _ in 0..3 {
                tokio::time::advance(Duration::from_secs(40)).await;
            }
            future::pending::<()>().await;
        }
        (piece < pieces).then(|| (Ok::<_, Infallible>(Bytes::from_static(b"piece")), piece + 1))
    });
    Part::stream(reqwest::Body::wrap_stream(slow), None)
}

#[tokio::test]
async fn an_upload_may_take_longer_than_the_timeout_while_it_moves() {
    let server = server().await;
    // 60 s, and this takes 240 s.
    let client = wire::client(&server.uri()).build().unwrap();
    let _clock = stand_still();
    client.files_upload().files([slowly(5, false)]).send().await.unwrap();
    let body = server.received_requests().await.unwrap().remove(0).body;
    assert_eq!(String::from_utf8_lossy(&body).matches("piece").count(), 5);
}

#[tokio::test]
async fn an_upload_that_stands_still_is_given_up() {
    let server = server().await;
    let client = wire::client(&server.uri()).build().unwrap();
    let _clock = stand_still();
    let error = client.files_upload().files([slowly(2, true)]).send().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn a_deadline_is_for_uploads_too() {
    let server = server().await;
    let policy = RetryPolicy::new().deadline(Duration::from_secs(100));
    let client = wire::client(&server.uri()).retry(policy).build().unwrap();
    let _clock = stand_still();
    let error = client.files_upload().files([slowly(50, false)]).send().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
}

#[tokio::test]
async fn progress_is_told_piece_by_piece() {
    let server = server().await;
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
        let told = Arc::new(Mutex::new(Vec::new()));
        let kept = told.clone();
        let part = part.on_progress(move |done, total| kept.lock().unwrap().push((done, total)));
        client.files_upload().files([part]).send().await.unwrap();
        let told = told.lock().unwrap();
        assert!(told.len() > 2, "{told:?}");
        assert!(told.windows(2).all(|pair| pair[0].0 < pair[1].0), "{told:?}");
        assert_eq!(told.last(), Some(&(200_000, total)));
        assert!(told.iter().all(|(_, said)| *said == total), "{told:?}");
    }
    for request in server.received_requests().await.unwrap() {
        assert!(request.body.windows(content.len()).any(|window| window == content));
    }
}

#[tokio::test]
async fn a_file_is_as_long_as_it_is_when_it_is_opened() {
    let server = server().await;
    let client = wire::client(&server.uri()).build().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("log.txt");
    std::fs::write(&path, vec![b'x'; 100_000]).unwrap();
    // It grows as it is read.
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
