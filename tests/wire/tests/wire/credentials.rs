//! Alternatives and combinations of credentials.

use wire::{ErrorKind, documents::credentials::Client};
use wiremock::{MockServer, ResponseTemplate};

use super::serve;

/// A client with these credentials of schemes; that without a name is the API key.
fn client(url: &str, credentials: &[(&str, &str)]) -> Client {
    let builder = Client::builder().base_url(url);
    let builder = credentials.iter().fold(builder, |builder, (scheme, value)| match *scheme {
        "" => builder.api_key(*value),
        scheme => builder.credential(scheme, *value),
    });
    builder.build().unwrap()
}

/// The credentials of each request: X-Key, Authorization, Cookie, query.
async fn received(server: &MockServer) -> Vec<[String; 4]> {
    let requests = server.received_requests().await.unwrap();
    let shown = requests.iter().map(|request| {
        let header = |name: &str| {
            let value = request.headers.get(name).map(|value| value.to_str().unwrap());
            value.unwrap_or_default().to_owned()
        };
        let query = request.url.query().unwrap_or_default().to_owned();
        [header("x-key"), header("authorization"), header("cookie"), query]
    });
    shown.collect()
}

#[tokio::test]
async fn the_first_requirement_that_can_be_satisfied_is_used() {
    let server = serve(ResponseTemplate::new(204)).await;
    let url = server.uri();
    client(&url, &[("key", "k1"), ("token", "t1")]).both().send().await.unwrap();
    client(&url, &[("token", "t1")]).both().send().await.unwrap();
    // The API key stands for a scheme that is required alone.
    client(&url, &[("", "d1")]).both().send().await.unwrap();
    client(&url, &[("", "d1"), ("key", "k1")]).both().send().await.unwrap();
    client(&url, &[("session", "s1")]).scopes().send().await.unwrap();
    client(&url, &[("", "d1"), ("session", "s1")]).scopes().send().await.unwrap();
    client(&url, &[("query", "q1")]).optional().send().await.unwrap();
    client(&url, &[("key", "k1")]).optional().send().await.unwrap();
    client(&url, &[("", "d1"), ("key", "k1")]).open().send().await.unwrap();
    client(&url, &[("", "d1")]).undefined().send().await.unwrap();
    client(&url, &[("key", "k1")]).certificate().send().await.unwrap();
    let line = |key: &str, authorization: &str, cookie: &str, query: &str| {
        [key, authorization, cookie, query].map(str::to_owned)
    };
    assert_eq!(
        received(&server).await,
        [
            line("k1", "Bearer t1", "", ""),
            line("", "Bearer t1", "", ""),
            line("", "Bearer d1", "", ""),
            line("", "Bearer d1", "", ""),
            line("", "", "sid=s1", ""),
            line("", "Bearer d1", "", ""),
            line("", "", "", "api_key=q1"),
            line("", "", "", ""),
            line("", "", "", ""),
            line("", "", "", ""),
            line("k1", "", "", ""),
        ]
    );
}

#[tokio::test]
async fn a_call_whose_credentials_are_missing_is_an_error_that_names_them() {
    let server = serve(ResponseTemplate::new(204)).await;
    let error = client(&server.uri(), &[("key", "k1")]).both().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert_eq!(
        error.to_string(),
        "both: it requires a credential: call `credential(\"key\", …)` and \
         `credential(\"token\", …)`, or `credential(\"token\", …)` on the builder"
    );
    assert!(received(&server).await.is_empty());
    let missing = Client::builder().base_url(server.uri()).build().unwrap_err();
    assert!(missing.to_string().contains("missing API key"), "{missing}");
}

#[tokio::test]
async fn named_credentials_are_secret() {
    let body = "<p>the token t0p-secret and the key k0y-secret are unknown</p>";
    let server = serve(ResponseTemplate::new(401).set_body_string(body)).await;
    let builder = Client::builder().base_url(server.uri());
    let builder = builder.credential("token", "t0p-secret").credential("key", "k0y-secret");
    assert!(!format!("{builder:?}").contains("secret"));
    let client = builder.build().unwrap();
    assert!(!format!("{client:?}").contains("-secret"));
    let error = client.both().send().await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains("-secret"), "{shown}");
    let invalid = Client::builder().credential("token", "a\nb").build().unwrap_err();
    assert_eq!(
        invalid.to_string(),
        "the credential of `token` has characters that a header can't carry, for example a line break"
    );
}

#[tokio::test]
async fn a_request_without_an_operation_needs_the_api_key() {
    let server = serve(ResponseTemplate::new(204)).await;
    let request = |client: &Client| client.request(reqwest::Method::GET, "/x");
    let named = client(&server.uri(), &[("token", "t1")]);
    let error = request(&named).send_raw().await.unwrap_err();
    assert!(error.to_string().contains("call `api_key` on the builder"), "{error}");
    request(&client(&server.uri(), &[("", "d1")])).send_raw().await.unwrap();
    assert_eq!(received(&server).await, [["", "Bearer d1", "", ""].map(str::to_owned)]);
}
