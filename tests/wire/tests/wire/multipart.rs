use std::collections::HashMap;

use bytes::Bytes;
use wire::Part;
use wiremock::Request;

use crate::{assert_no_request, client, only_request, serve_no_content};

/// Returns head and content of each part of a request.
pub(crate) fn parts(request: &Request) -> Vec<(String, Vec<u8>)> {
    let content_type = request.headers["content-type"].to_str().unwrap();
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    let mut parts = Vec::new();
    let body = &request.body;
    let delimiter = format!("--{boundary}");
    let mut rest =
        find(body, delimiter.as_bytes()).map(|start| &body[start + delimiter.len()..]).unwrap();
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let end = find(part, format!("\r\n{delimiter}").as_bytes()).unwrap();
        let head = find(part, b"\r\n\r\n").unwrap();
        let text = String::from_utf8(part[..head].to_vec()).unwrap();
        parts.push((text.to_lowercase(), part[head + 4..end].to_vec()));
        rest = &part[end + 2 + delimiter.len()..];
    }
    assert_eq!(rest, b"--\r\n");
    parts
}

/// Returns the position of `needle` in `haystack`.
fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[tokio::test]
async fn a_field_may_have_several_files() {
    let server = serve_no_content().await;
    let call = client(&server)
        .files_upload()
        .files([
            Part::bytes("one").file_name("a.txt").content_type("text/plain"),
            Part::bytes(Bytes::from_static(&[0, 255])).file_name("b \"x\".bin"),
        ])
        .files([Part::bytes(vec![3])]);
    call.send().await.unwrap();
    let request = only_request(&server).await;
    let parts = parts(&request);
    assert_eq!(parts.len(), 3);
    assert!(parts[0].0.contains("name=\"files\"; filename=\"a.txt\""), "{}", parts[0].0);
    assert!(parts[0].0.contains("content-type: text/plain"), "{}", parts[0].0);
    assert_eq!(parts[0].1, b"one");
    assert!(parts[1].0.contains("name=\"files\""));
    assert_eq!(parts[1].1, [0, 255]);
    assert!(parts[2].0.contains("name=\"files\"; filename=\"files\""), "{}", parts[2].0);
}

#[tokio::test]
async fn files_are_sent_from_paths_and_streams() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("report.pdf");
    std::fs::write(&path, b"%PDF").unwrap();
    let chunks = futures::stream::iter(["strea", "med"].map(Ok::<_, std::io::Error>));
    let server = serve_no_content().await;
    let call = client(&server).files_upload().files([
        Part::file(&path),
        Part::file(&path).file_name("other.bin").content_type("application/x-other"),
        Part::stream(reqwest::Body::wrap_stream(chunks), None).file_name("s.txt"),
    ]);
    call.send().await.unwrap();
    let request = only_request(&server).await;
    let parts = parts(&request);
    assert!(parts[0].0.contains("filename=\"report.pdf\""), "{}", parts[0].0);
    assert!(parts[0].0.contains("content-type: application/pdf"), "{}", parts[0].0);
    assert_eq!(parts[0].1, b"%PDF");
    assert!(parts[1].0.contains("filename=\"other.bin\""), "{}", parts[1].0);
    assert!(parts[1].0.contains("content-type: application/x-other"), "{}", parts[1].0);
    assert_eq!(parts[2].1, b"streamed");
}

#[tokio::test]
async fn values_are_text_and_objects_are_json() {
    let server = serve_no_content().await;
    let labels: HashMap<_, _> = [("a".to_owned(), "b".to_owned())].into();
    let call = client(&server).files_upload().files([vec![1]]).title("first").title("second");
    call.cover(vec![9]).labels(labels).send().await.unwrap();
    let request = only_request(&server).await;
    let parts = parts(&request);
    let part = |name: &str| {
        let name = format!("name=\"{name}\"");
        let matching: Vec<_> = parts.iter().filter(|(head, _)| head.contains(&name)).collect();
        assert_eq!(matching.len(), 1);
        matching[0]
    };
    assert_eq!(part("title").1, b"second");
    assert!(!part("title").0.contains("filename"));
    assert_eq!(part("cover").1, [9]);
    assert_eq!(part("labels").1, br#"{"a":"b"}"#);
    assert!(part("labels").0.contains("content-type: application/json"));
}

#[tokio::test]
async fn an_invalid_form_is_an_error_before_anything_is_sent() {
    let server = serve_no_content().await;
    let client = client(&server);
    let error = client.files_upload().title("t").send().await.unwrap_err();
    assert_eq!(error.to_string(), "filesUpload: `files` is required and wasn't set");
    let error = client.files_upload().files([Part::file("no/such/file")]).send().await.unwrap_err();
    assert!(error.to_string().starts_with("filesUpload: `files`: no/such/file: "), "{error}");
    let part = Part::bytes("x").content_type("not a media type");
    let error = client.files_upload().files([part]).send().await.unwrap_err();
    assert!(error.to_string().contains("`not a media type` isn't a valid media type"), "{error}");
    assert_no_request(&server).await;
}

#[tokio::test]
async fn the_default_media_type_is_that_of_the_file_name() {
    let server = serve_no_content().await;
    let reader = std::io::Cursor::new(b"a,b".to_vec());
    let call = client(&server).files_upload().files([
        Part::bytes("{}").file_name("a.json"),
        Part::reader(reader, None).file_name("table.CSV"),
        Part::bytes("x").file_name("a.json").content_type("text/x-own"),
        Part::bytes("x").file_name("unknown.qqqq"),
        Part::bytes("x"),
    ]);
    call.title("page.html").send().await.unwrap();
    let request = only_request(&server).await;
    let types: Vec<_> = parts(&request)
        .into_iter()
        .map(|(head, _)| head.split("content-type: ").nth(1).unwrap_or("-").trim().to_owned())
        .collect();
    assert_eq!(
        types,
        [
            "application/json",
            "text/csv",
            "text/x-own",
            "application/octet-stream",
            "application/octet-stream",
            "-",
        ]
    );
    assert_eq!(parts(&request)[1].1, b"a,b");
}

#[tokio::test]
async fn a_known_length_is_sent() {
    let server = serve_no_content().await;
    let part = Part::reader(&b"12345"[..], Some(5));
    client(&server).files_upload().files([part]).send().await.unwrap();
    let request = only_request(&server).await;
    assert!(request.headers.contains_key("content-length"));
    assert_eq!(parts(&request)[0].1, b"12345");
}

/// WHATWG HTML, multipart/form-data encoding algorithm: CR, LF and quotes are percent-encoded, and
/// nothing else is.
#[tokio::test]
async fn names_cannot_leave_their_quotes() {
    let server = serve_no_content().await;
    let name = "a\r\nx-injected: 1\r\n\r\n\"b\" \\ é.txt";
    let call = client(&server).files_upload().files([Part::bytes("1").file_name(name)]);
    call.send().await.unwrap();
    let request = only_request(&server).await;
    let parts = parts(&request);
    assert_eq!(
        parts[0].0.lines().next().unwrap(),
        "content-disposition: form-data; name=\"files\"; \
         filename=\"a%0d%0ax-injected: 1%0d%0a%0d%0a%22b%22 \\ é.txt\""
    );
    assert_eq!(parts[0].1, b"1");
}

#[tokio::test]
async fn a_file_name_with_nul_is_an_error() {
    let server = serve_no_content().await;
    let call = client(&server).files_upload().files([Part::bytes("1").file_name("a\0b")]);
    let error = call.send().await.unwrap_err();
    assert_eq!(error.kind(), wire::ErrorKind::Request);
    assert!(error.to_string().contains("NUL"), "{error}");
    assert_no_request(&server).await;
}

/// RFC 7578, section 4.4.
#[tokio::test]
async fn a_file_of_an_unknown_type_is_an_octet_stream() {
    let server = serve_no_content().await;
    client(&server).files_upload().files([Part::bytes("1")]).title("t").send().await.unwrap();
    let request = only_request(&server).await;
    let parts = parts(&request);
    assert!(parts[0].0.contains("content-type: application/octet-stream"), "{}", parts[0].0);
    // A value isn't a file: its default is text/plain, and needs no label.
    assert!(!parts[1].0.contains("content-type"), "{}", parts[1].0);
}
