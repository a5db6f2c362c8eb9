//! Documents with mistakes: text without quotes, null in place of a member, misspelt members.

use serde_json::json;
use wire::documents::{unquoted_enum_values, unquoted_version};
use wiremock::ResponseTemplate;

use crate::{document_client, only_request, serve, serve_no_content};

#[tokio::test]
async fn a_document_with_nulls_and_a_version_without_quotes_has_a_client() {
    let server = serve(ResponseTemplate::new(200).set_body_json(json!({ "a": "x" }))).await;
    let thing = document_client!(unquoted_version, server.uri()).v().send().await.unwrap();
    assert_eq!(thing.a.as_deref(), Some("x"));
    let request = only_request(&server).await;
    assert_eq!((request.url.path(), request.url.query()), ("/v", None));
    // The property isn't nullable: null counts as absent.
    let thing: unquoted_version::types::E = serde_json::from_value(json!({ "a": null })).unwrap();
    assert_eq!(thing.a, None);
}

#[tokio::test]
async fn values_of_a_text_enum_without_quotes_are_text() {
    use unquoted_enum_values::types::{AResponseS, AResponseT, ASize, AVer};

    let body = json!({ "s": "1.0", "t": "1.1" });
    let server = serve(ResponseTemplate::new(200).set_body_json(body)).await;
    let call = document_client!(unquoted_enum_values, server.uri()).a();
    let call = call.size(ASize::X3).mix("1").ver(AVer::X2);
    let response = call.send().await.unwrap().into_inner();
    assert_eq!(response.s, Some(AResponseS::X10));
    assert_eq!(response.t, Some(AResponseT::X11));
    assert_eq!(only_request(&server).await.url.query(), Some("mix=1&size=3&ver=2"));
}

#[tokio::test]
async fn misspelt_members_are_not_part_of_the_client() {
    let server = serve(ResponseTemplate::new(200).set_body_json(json!(["a"]))).await;
    let pets = document_client!(misspelt_members, server.uri()).pets().send().await.unwrap();
    assert_eq!(*pets, ["a"], "the media type is a reference, as in OpenAPI 3.2");
    let request = only_request(&server).await;
    assert_eq!((request.method.as_str(), request.url.query()), ("GET", None));

    let server = serve_no_content().await;
    document_client!(misspelt_members, server.uri()).addpet().send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.method, "POST");
    assert!(request.body.is_empty() && !request.headers.contains_key("content-type"));
}
