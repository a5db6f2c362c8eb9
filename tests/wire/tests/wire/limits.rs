use wire::ErrorKind;
use wiremock::ResponseTemplate;

use crate::answering;

const LIMIT: usize = 1_000;

async fn limited(status: u16, bytes: usize) -> (wire::Client, wiremock::MockServer) {
    let server = answering(ResponseTemplate::new(status).set_body_string("x".repeat(bytes))).await;
    let client = wire::client(&server.uri()).response_limit(LIMIT).build().unwrap();
    (client, server)
}

#[tokio::test]
async fn a_body_within_the_limit_is_read() {
    let (client, _server) = limited(201, LIMIT).await;
    assert_eq!(client.notes_add().body("x").send().await.unwrap().len(), LIMIT);
}

#[tokio::test]
async fn a_larger_one_is_an_error_that_names_the_limit() {
    let (client, _server) = limited(201, LIMIT + 1).await;
    let error = client.notes_add().body("x").send().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::TooLarge, 201));
    assert!(error.to_string().contains("1000 bytes (`response_limit`)"), "{error}");
    assert_eq!(error.raw().unwrap().len(), LIMIT);
}

#[tokio::test]
async fn the_limit_counts_what_was_compressed() {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b'x'; 1_000_000]).unwrap();
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 2 * LIMIT);
    let answer = ResponseTemplate::new(201)
        .insert_header("content-encoding", "gzip")
        .set_body_raw(bomb, "text/plain");
    let server = answering(answer).await;
    let client = wire::client(&server.uri()).response_limit(LIMIT).build().unwrap();
    let error = client.notes_add().body("x").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn an_error_keeps_its_status_however_large_its_body() {
    let (client, _server) = limited(500, 50 * LIMIT).await;
    let error = client.notes_add().body("x").send().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 500));
    assert_eq!(error.raw().unwrap().len(), LIMIT);
}

#[tokio::test]
async fn a_stream_has_no_limit() {
    let (client, _server) = limited(200, 50 * LIMIT).await;
    let download = client.files_download().send().await.unwrap();
    assert_eq!(download.into_inner().bytes().await.unwrap().len(), 50 * LIMIT);
}
