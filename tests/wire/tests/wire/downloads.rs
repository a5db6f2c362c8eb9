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

use crate::{assert_no_request, client, only_request, printed, serve, server};

/// Returns a client whose base URL isn't requested.
fn offline_client() -> Client {
    wire::client("http://127.0.0.1:9").build().unwrap()
}

/// Starts a server that responds with a CSV file.
async fn serve_csv(body: &str) -> MockServer {
    serve(ResponseTemplate::new(200).set_body_raw(body, "text/csv")).await
}

/// Starts a server that responds with a redirect.
async fn serve_redirect(location: &str) -> MockServer {
    serve(ResponseTemplate::new(302).insert_header("location", location)).await
}

/// Returns the names of the files in a directory.
fn file_names(directory: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(directory.path()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.collect()
}

/// Returns two handles on one default value.
fn shared<T: Default>() -> (Arc<Mutex<T>>, Arc<Mutex<T>>) {
    let value = Arc::new(Mutex::new(T::default()));
    (value.clone(), value)
}

#[tokio::test]
async fn a_file_is_returned_as_bytes_at_a_path_or_as_a_stream() {
    let server = serve_csv("a,b\n1,2\n").await;
    let url = format!("{}/table.csv?sig=1", server.uri());
    let whole = offline_client().download(&url).bytes().await.unwrap();
    assert_eq!((&whole[..], whole.status().as_u16()), (&b"a,b\n1,2\n"[..], 200));
    assert_eq!(whole.headers()["content-type"], "text/csv");

    let directory = tempfile::tempdir().unwrap();
    let target = directory.path().join("table.csv");
    fs::write(&target, "the old content").unwrap();
    let written = offline_client().download(&url).to_path(&target).await.unwrap();
    assert_eq!(*written, 8);
    assert_eq!(fs::read_to_string(&target).unwrap(), "a,b\n1,2\n");
    assert_eq!(file_names(&directory), ["table.csv"]);

    let mut chunks = offline_client().download(&url).stream().await.unwrap().into_inner();
    assert_eq!(&chunks.next().await.unwrap().unwrap()[..], b"a,b\n1,2\n");
    assert!(chunks.next().await.is_none());
}

#[tokio::test]
async fn a_download_is_lazy() {
    let server = serve_csv("x").await;
    drop(offline_client().download(server.uri()).limit(3));
    assert_no_request(&server).await;
}

#[tokio::test]
async fn the_key_is_never_sent() {
    let other = serve_csv("x").await;
    let api = serve_redirect(&format!("{}/x?sig=1", other.uri())).await;
    let file = client(&api).download(api.uri()).bytes().await.unwrap();
    assert_eq!(&file[..], b"x");
    for server in [&api, &other] {
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
        let redirect = ResponseTemplate::new(status).insert_header("location", "../files/x?sig=1");
        Mock::given(path("/a/b")).respond_with(redirect).mount(&server).await;
        let file = ResponseTemplate::new(200).set_body_string("content");
        Mock::given(path("/files/x")).respond_with(file).mount(&server).await;
        let file =
            offline_client().download(format!("{}/a/b", server.uri())).bytes().await.unwrap();
        assert_eq!(&file[..], b"content", "{status}");
    }
}

#[tokio::test]
async fn a_redirect_cycle_is_an_error() {
    let server = serve_redirect("/again?sig=s3cret").await;
    let error = offline_client().download(server.uri()).bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert_eq!(error.to_string(), "download: more than 10 redirects");
    assert_eq!(server.received_requests().await.unwrap().len(), 11);
}

#[tokio::test]
async fn redirects_to_other_schemes_are_not_followed() {
    for location in ["file:///etc/passwd", "ftp://127.0.0.1/s3cret", "data:text/plain,s3cret"] {
        let server = serve_redirect(location).await;
        let error = offline_client().download(server.uri()).bytes().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirect, "{location}");
        assert!(!printed(&error).contains("s3cret"), "{error}");
    }
    let server = serve_redirect("http://[not a host").await;
    let error = offline_client().download(server.uri()).bytes().await.unwrap_err();
    assert_eq!(error.to_string(), "download: the redirect's `Location` isn't a URL");
    let error = offline_client().download("file:///etc/passwd").bytes().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0));
    let error = offline_client().download("no url").bytes().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0));
}

#[tokio::test]
async fn an_error_response_writes_no_file() {
    let response =
        ResponseTemplate::new(404).set_body_raw("<Code>NoSuchKey</Code>", "application/xml");
    let server = serve(response).await;
    let directory = tempfile::tempdir().unwrap();
    let url = format!("{}/x?sig=s3cret", server.uri());
    let download = offline_client().download(url).to_path(directory.path().join("x"));
    let error = download.await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 404));
    assert_eq!(error.to_string(), "download: 404 Not Found: <Code>NoSuchKey</Code>");
    assert!(!printed(&error).contains("s3cret"));
    assert!(file_names(&directory).is_empty());
}

#[tokio::test]
async fn an_incomplete_file_does_not_replace_the_old_one() {
    let url = server::serve_raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf").await;
    let directory = tempfile::tempdir().unwrap();
    let target = directory.path().join("x");
    fs::write(&target, "before").unwrap();
    let error = offline_client().download(url).to_path(&target).await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Transport, Some("download")));
    assert_eq!(file_names(&directory), ["x"]);
    assert_eq!(fs::read_to_string(&target).unwrap(), "before");
    let url =
        server::serve_raw(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n")
            .await;
    let error = offline_client().download(url).bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
}

#[tokio::test]
async fn a_stalled_read_times_out() {
    let url = server::serve_stalled(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf").await;
    let client = wire::client(&url).timeout(Duration::from_millis(50)).build().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let error = client.download(&url).to_path(directory.path().join("x")).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert!(file_names(&directory).is_empty());
}

#[tokio::test]
async fn a_dropped_download_removes_its_file() {
    let url = server::serve_stalled(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf").await;
    let directory = tempfile::tempdir().unwrap();
    let (sender, first_chunk) = oneshot::channel();
    let mut sender = Some(sender);
    let download = offline_client().download(&url).on_progress(move |received, total| {
        assert_eq!((received, total), (4, Some(10)));
        sender.take().unwrap().send(()).unwrap();
    });
    let download = download.to_path(directory.path().join("x"));
    tokio::select! {
        _ = download => panic!("the file is incomplete"),
        _ = first_chunk => {}
    }
    assert!(file_names(&directory).is_empty());
}

#[tokio::test]
async fn progress_is_reported_up_to_the_total() {
    let server = serve_csv(&"x".repeat(300_000)).await;
    let (reports, recorder) = shared::<Vec<(u64, Option<u64>)>>();
    let download = offline_client().download(server.uri());
    let download = download
        .on_progress(move |received, total| recorder.lock().unwrap().push((received, total)));
    assert_eq!(download.bytes().await.unwrap().len(), 300_000);
    let reports = reports.lock().unwrap();
    assert!(reports.is_sorted_by(|one, next| one.0 < next.0), "{reports:?}");
    assert_eq!(reports.last(), Some(&(300_000, Some(300_000))));
}

#[tokio::test]
async fn a_file_above_the_limit_is_an_error() {
    let server = serve_csv("12345").await;
    let limited = |bytes| offline_client().download(server.uri()).limit(bytes).bytes();
    assert_eq!(limited(5).await.unwrap().len(), 5);
    let error = limited(4).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert_eq!(error.to_string(), "download: the file is larger than the limit of 4 bytes");
    let url = server::serve_raw(
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n12345\r\n0\r\n\r\n",
    )
    .await;
    let directory = tempfile::tempdir().unwrap();
    let download = offline_client().download(url).limit(4).to_path(directory.path().join("x"));
    assert_eq!(download.await.unwrap_err().kind(), ErrorKind::TooLarge);
    assert!(file_names(&directory).is_empty());
}

#[tokio::test]
async fn the_default_limit_in_memory_is_the_response_limit() {
    let server = serve_csv("12345").await;
    let client = wire::client("http://127.0.0.1:9").response_limit(4).build().unwrap();
    let error = client.download(server.uri()).bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    let directory = tempfile::tempdir().unwrap();
    let written = client.download(server.uri()).to_path(directory.path().join("x")).await;
    assert_eq!(*written.unwrap(), 5);
}

#[tokio::test]
async fn an_unwritable_path_is_an_error() {
    let server = serve_csv("x").await;
    for target in ["no/such/directory/x", "/", ".."] {
        let error =
            offline_client().download(server.uri()).to_path(Path::new(target)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::File);
        assert_eq!(error.to_string(), format!("download: can't write {target}"));
    }
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("x")).unwrap();
    let error = offline_client().download(server.uri()).to_path(directory.path().join("x")).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::File);
    assert_eq!(file_names(&directory), ["x"]);
}

#[test]
fn futures_are_send_and_static() {
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
    let download = offline_client().download(&url);
    assert!(!format!("{download:?}").contains("s3cret"));
    assert!(!printed(&download.bytes().await.unwrap_err()).contains("s3cret"));
    let error =
        offline_client().download("http://127.0.0.1:9/x?sig=s3cret").bytes().await.unwrap_err();
    assert!(error.is_connect() && !printed(&error).contains("s3cret"), "{error:?}");
}

#[tokio::test]
async fn only_a_200_is_the_file() {
    for status in [201, 202, 203, 204, 206, 299] {
        let body = if status == 204 { "" } else { "not yet" };
        let server = serve(ResponseTemplate::new(status).set_body_string(body)).await;
        let directory = tempfile::tempdir().unwrap();
        let target = directory.path().join("file");
        let error = offline_client().download(server.uri()).to_path(&target).await.unwrap_err();
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, status));
        assert_eq!(error.raw().unwrap(), body.as_bytes());
        assert!(file_names(&directory).is_empty());
    }
}

#[tokio::test]
async fn only_a_regular_file_is_replaced() {
    let server = serve_csv("new").await;
    let directory = tempfile::tempdir().unwrap();
    let mut targets = vec![directory.path().to_owned(), directory.path().join("missing/..")];
    // Nothing outside of the directory: root could replace it.
    #[cfg(unix)]
    let _socket = {
        let (pipe, socket) = (directory.path().join("pipe"), directory.path().join("socket"));
        let status = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(status.success());
        targets.extend([pipe, socket.clone()]);
        std::os::unix::net::UnixListener::bind(socket).unwrap()
    };
    for target in targets {
        let error = offline_client().download(server.uri()).to_path(&target).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::File, "{}: {error}", target.display());
        assert!(error.to_string().contains(&*target.to_string_lossy()), "{error}");
    }
    assert_no_request(&server).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_replaced_file_keeps_its_mode_and_its_links() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let server = serve_csv("new").await;
    let directory = tempfile::tempdir().unwrap();
    let (file, link) = (directory.path().join("file"), directory.path().join("link"));
    fs::write(&file, "old").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("file", &link).unwrap();
    offline_client().download(server.uri()).to_path(&link).await.unwrap();
    assert_eq!(fs::read_to_string(&file).unwrap(), "new");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_link(&link).unwrap(), Path::new("file"));

    // A link to a file that doesn't exist yet.
    let (created, link) = (directory.path().join("created"), directory.path().join("link-2"));
    symlink(&created, &link).unwrap();
    offline_client().download(server.uri()).to_path(&link).await.unwrap();
    assert_eq!(fs::read_to_string(&created).unwrap(), "new");
    let plain = directory.path().join("plain");
    fs::write(&plain, "").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(&created), mode(&plain));
}
