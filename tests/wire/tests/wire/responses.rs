use bytes::Bytes;
use futures::StreamExt;
use wire::{ErrorKind, operations::RunsStartSuccess, types};
use wiremock::ResponseTemplate;

use crate::{client, document_client, only_request, serve, server};

fn item(name: &str) -> serde_json::Value {
    serde_json::json!({ "id": "1", "name": name, "status": "open" })
}

#[tokio::test]
async fn a_json_response_is_typed_and_has_status_and_headers() {
    let body = serde_json::json!({ "items": [item("a"), item("b")], "total": 2 });
    let response =
        ResponseTemplate::new(200).set_body_json(body).insert_header("x-request-id", "r-1");
    let server = serve(response).await;
    let page = client(&server).items_list().send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert_eq!(page.request_id(), Some("r-1"));
    assert_eq!(page.headers()["x-request-id"], "r-1");
    assert_eq!(page.items[1].name, "b");
    assert_eq!(page.items[1].status, types::ItemStatus::Open);
    assert_eq!(page.into_inner().total, 2);
    let request = only_request(&server).await;
    assert_eq!(request.method, "GET");
    assert_eq!(request.headers["accept"], "application/json, application/problem+json;q=0.9");
}

#[tokio::test]
async fn a_builder_can_be_awaited() {
    let server = serve(ResponseTemplate::new(200).set_body_json(item("a"))).await;
    let item = client(&server).items_get().item_id("1").await.unwrap();
    assert_eq!(item.name, "a");
}

#[tokio::test]
async fn an_undocumented_2xx_that_decodes_is_a_success() {
    let server = serve(ResponseTemplate::new(203).set_body_json(item("a"))).await;
    let item = client(&server).items_get().item_id("1").send().await.unwrap();
    assert_eq!(
        (item.status.clone(), item.status()),
        (types::ItemStatus::Open, 203.try_into().unwrap())
    );

    let server = serve(ResponseTemplate::new(200).set_body_string("ignored")).await;
    let body = types::ItemsDeleteBody::new("old");
    client(&server).items_delete().item_id("1").body(body).send().await.unwrap();
}

#[tokio::test]
async fn an_undocumented_2xx_that_does_not_decode_is_an_error() {
    let server = serve(ResponseTemplate::new(202).set_body_json(serde_json::json!({}))).await;
    let error = client(&server).items_get().item_id("1").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.status().unwrap(), 202);
    assert_eq!(error.raw().unwrap(), b"{}");
}

#[tokio::test]
async fn text_is_a_string_and_no_content_is_unit() {
    let server = serve(ResponseTemplate::new(201).set_body_string("no\u{e9}l")).await;
    let note = client(&server).notes_add().body("x").send().await.unwrap();
    assert_eq!(note.as_str(), "no\u{e9}l");

    let server = serve(ResponseTemplate::new(204)).await;
    let () = client(&server).auth_none().send().await.unwrap().into_inner();
}

#[tokio::test]
async fn several_successes_are_an_enum() {
    let call = async |response| {
        let server = serve(response).await;
        client(&server).runs_start().send().await.unwrap().into_inner()
    };
    let queued_at = |position: i64| -> types::RunQueued {
        serde_json::from_value(serde_json::json!({ "position": position })).unwrap()
    };
    let done = ResponseTemplate::new(200).set_body_json(serde_json::json!({ "result": "x" }));
    assert!(matches!(call(done).await, RunsStartSuccess::Ok(done) if done.result == "x"));
    let queued = ResponseTemplate::new(202).set_body_json(serde_json::json!({ "position": 3 }));
    assert_eq!(call(queued).await, RunsStartSuccess::Accepted(queued_at(3)));
    assert_eq!(call(ResponseTemplate::new(204)).await, RunsStartSuccess::NoContent);
    let elsewhere = ResponseTemplate::new(303).insert_header("location", "https://x.example/a");
    let url = "https://x.example/a".parse().unwrap();
    assert_eq!(call(elsewhere).await, RunsStartSuccess::SeeOther(url));
    // An undocumented status with the body of a documented one.
    let created = ResponseTemplate::new(201).set_body_json(serde_json::json!({ "position": 4 }));
    assert_eq!(call(created).await, RunsStartSuccess::Accepted(queued_at(4)));
}

#[tokio::test]
async fn bytes_are_a_stream() {
    let server = serve(ResponseTemplate::new(200).set_body_bytes(vec![7; 100_000])).await;
    let download = client(&server).files_download().send().await.unwrap();
    let mut stream = download.into_inner();
    let mut length = 0;
    while let Some(chunk) = stream.next().await {
        length += chunk.unwrap().len();
    }
    assert_eq!(length, 100_000);
    let all = client(&server).files_download().send().await.unwrap().into_inner().bytes().await;
    assert_eq!(all.unwrap(), Bytes::from(vec![7; 100_000]));
}

#[tokio::test]
async fn a_broken_stream_ends_with_an_error() {
    let url = server::serve_raw(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf").await;
    let client = wire::client(&url).build().unwrap();
    let download = client.files_download().send().await.unwrap();
    let error = download.into_inner().bytes().await.unwrap_err();
    assert_eq!((error.kind(), error.operation()), (ErrorKind::Transport, Some("filesDownload")));
}

#[tokio::test]
async fn a_gzip_body_is_decompressed() {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(item("zipped").to_string().as_bytes()).unwrap();
    let response = ResponseTemplate::new(200)
        .insert_header("content-encoding", "gzip")
        .set_body_raw(encoder.finish().unwrap(), "application/json");
    let server = serve(response).await;
    let item = client(&server).items_get().item_id("1").send().await.unwrap();
    assert_eq!(item.name, "zipped");
    assert_eq!(only_request(&server).await.headers["accept-encoding"], "gzip");
}

#[tokio::test]
async fn an_invalid_gzip_body_is_a_decode_error() {
    let response = ResponseTemplate::new(200)
        .insert_header("content-encoding", "gzip")
        .set_body_raw(vec![1; 100], "application/json");
    let server = serve(response).await;
    let error = client(&server).items_get().item_id("1").send().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Decode, 200));
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn an_unknown_enum_value_is_preserved() {
    let body = serde_json::json!({ "id": "1", "name": "a", "status": "paused" });
    let server = serve(ResponseTemplate::new(200).set_body_json(&body)).await;
    let item = client(&server).items_get().item_id("1").send().await.unwrap().into_inner();
    assert_eq!(item.status, types::ItemStatus::Unrecognized("paused".to_owned()));
    assert_eq!(item.status.to_string(), "paused");
    assert_eq!(serde_json::to_value(&item).unwrap(), body);
    assert_eq!("closed".parse(), Ok(types::ItemStatus::Closed));
    assert_eq!(types::ItemStatus::from("open").as_str(), "open");
}

/// RFC 9110, section 12.5.1: a server may refuse to send an error in a media type that isn't named.
#[tokio::test]
async fn accept_names_all_media_types_successes_first() {
    let server = serve(ResponseTemplate::new(500).set_body_string("no")).await;
    let _ = client(&server).notes_add().body("n").send().await;
    let accept = only_request(&server).await.headers["accept"].clone();
    assert_eq!(accept, "text/plain, application/problem+json;q=0.9");
    let server = serve(ResponseTemplate::new(500).set_body_string("no")).await;
    let _ = client(&server).recording_open().send().await;
    assert_eq!(only_request(&server).await.headers["accept"], "text/plain;q=0.9, */*;q=0.8");
}

/// RFC 9110, section 9.3.2: the documented content is that of the response to GET.
#[tokio::test]
async fn a_response_to_head_is_unit_with_headers() {
    let response = ResponseTemplate::new(200)
        .insert_header("x-total", "7")
        .insert_header("content-encoding", "gzip")
        .set_body_raw(vec![0; 20], "application/json");
    let server = serve(response).await;
    let response = document_client!(head, server.uri()).thing_head().send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["x-total"]),
        (200, &"7".parse().unwrap())
    );
    assert_eq!(response.headers()["content-type"], "application/json");
    let () = response.into_inner();
    let request = only_request(&server).await;
    assert_eq!(
        (request.method.as_str(), &request.headers["accept"]),
        ("HEAD", &"application/json".parse().unwrap())
    );

    let server = serve(ResponseTemplate::new(404).set_body_json(item("a"))).await;
    let error = document_client!(head, server.uri()).thing_head().send().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 404));
}
