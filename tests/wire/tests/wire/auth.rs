use wire::{KEY, builder};

use crate::{answering_no_content, client, no_request, only_request};

#[tokio::test]
async fn the_key_goes_into_the_header_of_the_scheme() {
    let server = answering_no_content().await;
    client(&server).versioned_get().send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.headers["x-wire-key"], KEY);
    assert!(!request.headers.contains_key("authorization"));
}

#[tokio::test]
async fn bearer_and_basic_go_into_authorization() {
    let server = answering_no_content().await;
    client(&server).auth_bearer().send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.headers["authorization"], format!("Bearer {KEY}").as_str());
    assert!(!request.headers.contains_key("x-wire-key"));

    let server = answering_no_content().await;
    let client = wire::client(&server.uri()).api_key("Aladdin:open sesame").build().unwrap();
    client.auth_basic().send().await.unwrap();
    // The example of RFC 7617, section 2.
    let expected = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
    assert_eq!(only_request(&server).await.headers["authorization"], expected);
}

#[tokio::test]
async fn a_key_in_the_query_stays_out_of_errors() {
    let server = answering_no_content().await;
    client(&server).auth_query().send().await.unwrap();
    assert_eq!(only_request(&server).await.url.query(), Some(format!("key={KEY}").as_str()));

    let nobody = wire::client("http://127.0.0.1:1").build().unwrap();
    let error = nobody.auth_query().send().await.unwrap_err();
    assert!(error.is_connect());
    assert!(!crate::printed(&error).contains(KEY), "{}", crate::printed(&error));
}

#[tokio::test]
async fn an_open_operation_gets_no_key() {
    let server = answering_no_content().await;
    client(&server).auth_none().send().await.unwrap();
    let request = only_request(&server).await;
    assert!(!format!("{request:?}").contains(KEY));
}

#[tokio::test]
async fn debug_shows_no_key() {
    let server = answering_no_content().await;
    let client = client(&server);
    assert!(format!("{client:?}").contains("[redacted]"));
    for text in [
        format!("{:?}", wire::client("https://x.example")),
        format!("{client:?}"),
        format!("{:?}", client.items_list()),
        format!("{:?}", client.auth_query()),
    ] {
        assert!(!text.contains(KEY), "{text}");
    }
    no_request(&server).await;
}

#[test]
fn a_key_that_no_header_can_carry_is_refused_and_not_repeated() {
    for key in ["line\nbreak", "", "  ", "caf\u{e9}", "nul\0"] {
        let error = builder().api_key(key).build().unwrap_err();
        let text = crate::printed(&error);
        assert!(text.contains("API key"), "{text}");
        assert!(key.trim().is_empty() || !text.contains(key), "{text}");
    }
    let error = builder().build().unwrap_err();
    assert!(error.to_string().contains("no API key"), "{error}");
}
