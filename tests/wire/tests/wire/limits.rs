use wire::ErrorKind;
use wiremock::ResponseTemplate;

use crate::serve;

const LIMIT: usize = 1_000;

/// Returns a client with a response limit, and a server whose body has this many bytes.
async fn limited(status: u16, bytes: usize) -> (wire::Client, wiremock::MockServer) {
    let server = serve(ResponseTemplate::new(status).set_body_string("x".repeat(bytes))).await;
    let client = wire::client(&server.uri()).response_limit(LIMIT).build().unwrap();
    (client, server)
}

#[tokio::test]
async fn a_body_within_the_limit_is_read() {
    let (client, _server) = limited(201, LIMIT).await;
    assert_eq!(client.notes_add().body("x").send().await.unwrap().len(), LIMIT);
}

#[tokio::test]
async fn a_body_above_the_limit_is_an_error() {
    let (client, _server) = limited(201, LIMIT + 1).await;
    let error = client.notes_add().body("x").send().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::TooLarge, 201));
    assert!(error.to_string().contains("1000 bytes (`response_limit`)"), "{error}");
    assert_eq!(error.raw().unwrap().len(), LIMIT);
}

#[tokio::test]
async fn the_limit_applies_after_decompression() {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b'x'; 1_000_000]).unwrap();
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 2 * LIMIT);
    let response = ResponseTemplate::new(201)
        .insert_header("content-encoding", "gzip")
        .set_body_raw(bomb, "text/plain");
    let server = serve(response).await;
    let client = wire::client(&server.uri()).response_limit(LIMIT).build().unwrap();
    let error = client.notes_add().body("x").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn a_large_error_body_is_truncated() {
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

/// A body with such a number is decoded twice, and counted once.
#[tokio::test]
async fn a_body_with_an_integral_number_has_the_same_limit() {
    let send = async |length: usize| {
        let undeclared = "x".repeat(length);
        let body = format!(
            r#"{{ "shapes": [], "bag": {{ "undeclared": "{undeclared}", "size": 5.0 }} }}"#
        );
        let response = ResponseTemplate::new(200).set_body_raw(body, "application/json");
        let server = serve(response).await;
        let client = wire::client(&server.uri()).undeclared_limit(LIMIT).build().unwrap();
        let drawing = serde_json::from_value(serde_json::json!({
            "shape": { "kind": "square", "side": 1 }, "colour": null,
        }));
        let drawing: wire::types::Drawing = drawing.unwrap();
        client.shapes_draw().body(drawing).send().await
    };
    let drawn = send(800).await.unwrap();
    assert_eq!(drawn.bag.as_ref().unwrap().size, 5);
    assert_eq!(send(LIMIT).await.unwrap_err().kind(), ErrorKind::TooLarge);
}
