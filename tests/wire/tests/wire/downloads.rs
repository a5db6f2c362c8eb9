use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use futures::StreamExt;
use tempfile::TempDir;
use tokio::sync::oneshot;
use wire::{Client, ErrorKind, KEY};
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{any, path},
};

use crate::{answering, client, no_request, only_request, printed, server};

/// A client of an API that isn't asked.
fn own() -> Client {
    wire::client("http://127.0.0.1:9").build().unwrap()
}

async fn serving(body: &str) -> MockServer {
    answering(ResponseTemplate::new(200).set_body_raw(body, "text/csv")).await
}

async fn redirecting(location: &str) -> MockServer {
    answering(ResponseTemplate::new(302).insert_header("location", location)).await
}

/// What is in a directory.
fn listed(directory: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(directory.path()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

fn shared<T: Default>() -> (Arc<Mutex<T>>, Arc<Mutex<T>>) {
    let value = Arc::new(Mutex::new(T::default()));
    (value.clone(), value)
}

#[tokio::test]
async fn a_file_comes_as_bytes_at_a_path_and_as_a_stream() {
    let server = serving("a,b\n1,2\n").await;
    let url = format!("{}/table.csv?sig=1", server.uri());
    let whole = own().download(&url).bytes().await.unwrap();
    assert_eq!((&whole[..], whole.status().as_u16()), (&b"a,b\n1,2\n"[..], 200));
    assert_eq!(whole.headers()["content-type"], "text/csv");

    let directory = tempfile::tempdir().unwrap();
    let target = directory.path().join("table.csv");
    fs::write(&target, "what was there before").unwrap();
    let written = own().download(&url).to_path(&target).await.unwrap();
    assert_eq!(*written, 8);
    assert_eq!(fs::read_to_string(&target).unwrap(), "a,b\n1,2\n");
    assert_eq!(listed(&directory), ["table.csv"]);

    let mut chunks = own().download(&url).stream().await.unwrap().into_inner();
    assert_eq!(&chunks.next().await.unwrap().unwrap()[..], b"a,b\n1,2\n");
    assert!(chunks.next().await.is_none());
}

#[tokio::test]
async fn nothing_is_sent_before_it_is_read() {
    let server = serving("x").await;
    drop(own().download(server.uri()).limit(3));
    no_request(&server).await;
}

#[tokio::test]
async fn the_key_goes_nowhere_not_even_home() {
    let elsewhere = serving("x").await;
    let home = redirecting(&format!("{}/x?sig=1", elsewhere.uri())).await;
    let file = client(&home).download(home.uri()).bytes().await.unwrap();
    assert_eq!(&file[..], b"x");
    for server in [&home, &elsewhere] {
        let request = only_request(server).await;
        let mut headers = request.headers.values().map(|value| value.to_str().unwrap());
        assert!(headers.all(|value| !value.contains(KEY)), "{:?}", request.headers);
        assert!(!request.url.as_str().contains(KEY));
        assert!(!request.headers.contains_key("referer"));
        assert_eq!(request.headers["accept-encoding"], "identity");
    }
}

#[tokio::test]
async fn relative_redirects_of_every_status_are_followed() {
    for status in [301, 302, 303, 307, 308] {
        let server = MockServer::start().await;
        let away = ResponseTemplate::new(status).insert_header("location", "../files/x?sig=1");
        Mock::given(path("/a/b")).respond_with(away).mount(&server).await;
        let there = ResponseTemplate::new(200).set_body_string("there");
        Mock::given(path("/files/x")).respond_with(there).mount(&server).await;
        let file = own().download(format!("{}/a/b", server.uri())).bytes().await.unwrap();
        assert_eq!(&file[..], b"there", "{status}");
    }
}

#[tokio::test]
async fn redirects_in_a_circle_end() {
    let server = redirecting("/again?sig=s3cret").await;
    let error = own().download(server.uri()).bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert_eq!(error.to_string(), "download: more than 10 redirects");
    assert_eq!(server.received_requests().await.unwrap().len(), 11);
}

#[tokio::test]
async fn redirects_to_anything_but_http_are_not_followed() {
    for location in ["file:///etc/passwd", "ftp://127.0.0.1/s3cret", "data:text/plain,s3cret"] {
        let server = redirecting(location).await;
        let error = own().download(server.uri()).bytes().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirect, "{location}");
        assert!(!printed(&error).contains("s3cret"), "{error}");
    }
    let server = redirecting("http://[not a host").await;
    let error = own().download(server.uri()).bytes().await.unwrap_err();
    assert_eq!(error.to_string(), "download: a redirect to what isn't a URL");
    let error = own().download("file:///etc/passwd").bytes().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0));
    let error = own().download("no url").bytes().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0));
}

#[tokio::test]
async fn a_file_that_is_not_there_is_an_error_and_no_file() {
    let answer = ResponseTemplate::new(404).set_body_raw("<Code>Gone</Code>", "application/xml");
    let server = answering(answer).await;
    let directory = tempfile::tempdir().unwrap();
    let url = format!("{}/x?sig=s3cret", server.uri());
    let download = own().download(url).to_path(directory.path().join("x"));
    let error = download.await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 404));
    assert_eq!(error.to_string(), "download: 404 Not Found: <Code>Gone</Code>");
    assert!(!printed(&error).contains("s3cret"));
    assert!(listed(&directory).is_empty());
}

#[tokio::test]
async fn a_file_that_ends_too_soon_is_an_error_and_leaves_what_was_there() {
    let url = server::answering_raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf").await;
    let directory = tempfile::tempdir().unwrap();
    let target = directory.path().join("x");
    fs::write(&target, "before").unwrap();
    let error = own().download(url).to_path(&target).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Transport, Some("download")));
    assert_eq!(listed(&directory), ["x"]);
    assert_eq!(fs::read_to_string(&target).unwrap(), "before");
    let url = server::answering_raw(
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    )
    .await;
    let error = own().download(url).bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
}

#[tokio::test]
async fn a_read_that_takes_too_long_is_a_timeout() {
    let url = server::stalling(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf").await;
    let impatient = wire::client(&url).timeout(Duration::from_millis(50)).build().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let error = impatient.download(&url).to_path(directory.path().join("x")).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert!(listed(&directory).is_empty());
}

#[tokio::test]
async fn a_download_that_is_dropped_leaves_nothing() {
    let url = server::stalling(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf").await;
    let directory = tempfile::tempdir().unwrap();
    let (begun, arrived) = oneshot::channel();
    let mut begun = Some(begun);
    let download = own().download(&url).on_progress(move |done, total| {
        assert_eq!((done, total), (4, Some(10)));
        begun.take().unwrap().send(()).unwrap();
    });
    let download = download.to_path(directory.path().join("x"));
    tokio::select! {
        _ = download => panic!("it can't be whole"),
        _ = arrived => {}
    }
    assert!(listed(&directory).is_empty());
}

#[tokio::test]
async fn progress_is_told_and_ends_at_the_total() {
    let server = serving(&"x".repeat(300_000)).await;
    let (seen, told) = shared::<Vec<(u64, Option<u64>)>>();
    let download = own().download(server.uri());
    let download =
        download.on_progress(move |done, total| told.lock().unwrap().push((done, total)));
    assert_eq!(download.bytes().await.unwrap().len(), 300_000);
    let seen = seen.lock().unwrap();
    assert!(seen.is_sorted_by(|one, next| one.0 < next.0), "{seen:?}");
    assert_eq!(seen.last(), Some(&(300_000, Some(300_000))));
}

#[tokio::test]
async fn a_file_above_the_limit_is_an_error_however_its_length_is_said() {
    let server = serving("12345").await;
    let limited = |bytes| own().download(server.uri()).limit(bytes).bytes();
    assert_eq!(limited(5).await.unwrap().len(), 5);
    let error = limited(4).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(error.to_string(), "download: the file is larger than the limit of 4 bytes");
    let url = server::answering_raw(
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n",
    )
    .await;
    let directory = tempfile::tempdir().unwrap();
    let download = own().download(url).limit(4).to_path(directory.path().join("x"));
    assert_eq!(download.await.unwrap_err().kind(), ErrorKind::TooLarge);
    assert!(listed(&directory).is_empty());
}

#[tokio::test]
async fn in_memory_the_limit_is_that_of_the_client() {
    let server = serving("12345").await;
    let client = wire::client("http://127.0.0.1:9").response_limit(4).build().unwrap();
    let error = client.download(server.uri()).bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let directory = tempfile::tempdir().unwrap();
    let written = client.download(server.uri()).to_path(directory.path().join("x")).await;
    assert_eq!(*written.unwrap(), 5);
}

#[tokio::test]
async fn a_path_that_can_not_be_written_is_an_error_that_names_it() {
    let server = serving("x").await;
    for target in ["no/such/directory/x", "/", ".."] {
        let error = own().download(server.uri()).to_path(Path::new(target)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::File);
        assert_eq!(error.to_string(), format!("download: {target} can't be written"));
    }
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("x")).unwrap();
    let error = own().download(server.uri()).to_path(directory.path().join("x")).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::File);
    assert_eq!(listed(&directory), ["x"]);
}

#[test]
fn futures_are_send_and_owned() {
    fn check<F: Future + Send + 'static>(_: impl Fn(&Client) -> F) {}
    check(|client| client.download("http://x.example").bytes());
    check(|client| client.download("http://x.example").stream());
    check(|client| client.download("http://x.example").to_path("x"));
}

#[tokio::test]
async fn a_signed_url_is_not_shown() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(500)).mount(&server).await;
    let url = format!("{}/x?sig=s3cret", server.uri());
    let download = own().download(&url);
    assert!(!format!("{download:?}").contains("s3cret"));
    assert!(!printed(&download.bytes().await.unwrap_err()).contains("s3cret"));
    let error = own().download("http://127.0.0.1:9/x?sig=s3cret").bytes().await.unwrap_err();
    assert!(error.is_connect() && !printed(&error).contains("s3cret"), "{error:?}");
}
