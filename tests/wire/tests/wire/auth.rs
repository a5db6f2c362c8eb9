use wire::{KEY, builder};

use crate::{assert_no_request, client, only_request, serve_no_content};

#[tokio::test]
async fn an_api_key_is_sent_in_the_header_of_its_scheme() {
    let server = serve_no_content().await;
    client(&server).versioned_get().send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.headers["x-wire-key"], KEY);
    assert!(!request.headers.contains_key("authorization"));
}

#[tokio::test]
async fn bearer_and_basic_credentials_are_sent_in_authorization() {
    let server = serve_no_content().await;
    client(&server).auth_bearer().send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.headers["authorization"], format!("Bearer {KEY}").as_str());
    assert!(!request.headers.contains_key("x-wire-key"));

    let server = serve_no_content().await;
    let client = wire::client(&server.uri()).api_key("Aladdin:open sesame").build().unwrap();
    client.auth_basic().send().await.unwrap();
    // The example of RFC 7617, section 2.
    let expected = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
    assert_eq!(only_request(&server).await.headers["authorization"], expected);
}

#[tokio::test]
async fn an_api_key_in_the_query_is_not_in_errors() {
    let server = serve_no_content().await;
    client(&server).auth_query().send().await.unwrap();
    assert_eq!(only_request(&server).await.url.query(), Some(format!("key={KEY}").as_str()));

    let offline = wire::client("http://127.0.0.1:1").build().unwrap();
    let error = offline.auth_query().send().await.unwrap_err();
    assert!(error.is_connect());
    assert!(!crate::printed(&error).contains(KEY), "{}", crate::printed(&error));
}

#[tokio::test]
async fn an_api_key_in_a_cookie_is_beside_others() {
    let server = serve_no_content().await;
    client(&server).auth_cookie().send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.headers["cookie"], format!("session={KEY}").as_str());

    let server = serve_no_content().await;
    client(&server).auth_cookie().theme("dark; session=x").send().await.unwrap();
    let request = only_request(&server).await;
    let expected = format!("theme=dark%3B%20session%3Dx; session={KEY}");
    assert_eq!(request.headers["cookie"], expected.as_str());

    // Nothing of the key ends the cookie or begins another one.
    for key in ["a; admin=1", "a b", "a\"b", "a\\b", "a,b"] {
        let server = serve_no_content().await;
        let client = wire::client(&server.uri()).api_key(key).build().unwrap();
        let error = client.auth_cookie().send().await.unwrap_err();
        let text = crate::printed(&error);
        assert!(text.contains("characters that a cookie can't carry"), "{text}");
        assert!(!text.contains(key), "{text}");
        assert_no_request(&server).await;
    }
}

#[tokio::test]
async fn an_operation_without_security_is_sent_without_credential() {
    let server = serve_no_content().await;
    client(&server).auth_none().send().await.unwrap();
    let request = only_request(&server).await;
    assert!(!format!("{request:?}").contains(KEY));
}

#[tokio::test]
async fn debug_output_does_not_show_the_key() {
    let server = serve_no_content().await;
    let client = client(&server);
    let shown = format!("{client:?}");
    for expected in ["[redacted]", &server.uri(), "api_version: \"2026-11-25\""] {
        assert!(shown.contains(expected), "{shown}");
    }
    for text in [
        format!("{:?}", wire::client("https://x.example")),
        format!("{client:?}"),
        format!("{:?}", client.items_list()),
        format!("{:?}", client.auth_query()),
    ] {
        assert!(!text.contains(KEY), "{text}");
    }
    assert_no_request(&server).await;
}

#[test]
fn a_key_that_is_no_header_value_is_an_error_without_it() {
    for key in ["line\nbreak", "", "  ", "caf\u{e9}", "nul\0"] {
        let error = builder().api_key(key).build().unwrap_err();
        let text = crate::printed(&error);
        assert!(text.contains("API key"), "{text}");
        assert!(key.trim().is_empty() || !text.contains(key), "{text}");
    }
    let error = builder().build().unwrap_err();
    assert!(error.to_string().contains("missing API key"), "{error}");
}

/// Generated code has valid names only; a caller may have others.
#[tokio::test]
async fn a_key_in_a_header_of_any_name_is_sent_or_an_error() {
    use openapi_lower_runtime::{Auth, Client, ClientBuilder};
    for (name, is_valid) in [("X-Upper-Key", true), ("X Key", false), ("", false)] {
        let server = serve_no_content().await;
        let builder = ClientBuilder::new(&server.uri(), Auth::Header(name), "test/1");
        let client: Client = builder.api_key(KEY).build().unwrap();
        let result = client.request(reqwest::Method::GET, "/a").send::<()>().await;
        if is_valid {
            assert_eq!(only_request(&server).await.headers[name], KEY);
        } else {
            let error = result.unwrap_err();
            let message = format!("GET /a: the API key can't be sent in the header `{name}`");
            assert_eq!((error.kind(), error.to_string()), (wire::ErrorKind::Config, message));
            assert_no_request(&server).await;
        }
    }
}
