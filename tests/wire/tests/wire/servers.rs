//! Servers of single operations: another path at the host of the base URL, or another host.

use openapi_lower_runtime::{ClientBuilder, ErrorKind};
use wire::documents::servers::Client;
use wiremock::MockServer;

use crate::{only_request, serve_no_content};

/// The name of the other host.
const FILES: &str = "eu.files.example:8443";

fn builder(base_url: &str) -> ClientBuilder<Client> {
    Client::builder().api_key("secret-key").base_url(base_url)
}

/// Sends a request to the operation of the other host.
async fn upload(client: Client) -> Result<(), openapi_lower_runtime::Error> {
    client.other_host().id("a/b").q("x y").body("text").await.map(drop)
}

async fn requests(server: &MockServer) -> usize {
    server.received_requests().await.unwrap().len()
}

#[tokio::test]
async fn another_path_is_at_the_host_of_the_base_url() {
    let server = serve_no_content().await;
    let client = builder(&format!("{}/gateway/v1", server.uri())).build().unwrap();
    client.same().id("a b").await.unwrap();
    client.same_host().id("a b").q("c/d").await.unwrap();
    client.relative().await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let urls: Vec<_> = requests
        .iter()
        .map(|request| (request.url.path(), request.url.query().unwrap_or_default()))
        .collect();
    assert_eq!(
        urls,
        [("/gateway/v1/same/a%20b", ""), ("/v2/beta/new/a%20b", "q=c%2Fd"), ("/v3/relative", "")]
    );
    for request in &requests {
        assert_eq!(request.headers["authorization"], "Bearer secret-key");
    }
}

#[tokio::test]
async fn another_host_is_called_only_if_it_is_set() {
    let server = serve_no_content().await;
    for builder in
        [builder(&server.uri()), builder(&server.uri()).server("files.example", server.uri())]
    {
        let error = upload(builder.build().unwrap()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        let expected = "its server is https://eu.files.example:8443/store, which isn't that of the \
                        base URL: call `server(\"eu.files.example:8443\", …)` on the builder";
        assert!(error.to_string().contains(expected), "{error}");
    }
    assert_eq!(requests(&server).await, 0);
}

#[tokio::test]
async fn another_host_gets_no_key_unless_it_is_allowed() {
    for is_allowed in [false, true] {
        let (api, files) = (serve_no_content().await, serve_no_content().await);
        let client = builder(&api.uri()).server(FILES, format!("{}/mirror/", files.uri()));
        let client = if is_allowed { client.allow_api_key(FILES) } else { client };
        let client = client.build().unwrap();
        upload(client.clone()).await.unwrap();
        let request = only_request(&files).await;
        assert_eq!(request.url.path(), "/mirror/files/a%2Fb");
        assert_eq!(request.url.query(), Some("q=x%20y"));
        assert_eq!(request.body, b"\"text\"");
        let key = request.headers.get("authorization").map(|key| key.to_str().unwrap());
        assert_eq!(key, is_allowed.then_some("Bearer secret-key"));
        assert_eq!(requests(&api).await, 0);
        // The other operations stay where they are.
        client.relative().await.unwrap();
        assert_eq!(only_request(&api).await.headers["authorization"], "Bearer secret-key");
        assert_eq!(requests(&files).await, 1);
    }
}

#[test]
fn urls_of_servers_are_checked_as_the_base_url_is() {
    for (url, reason) in [
        ("http://files.example", "http would send the key unencrypted"),
        ("https://user:secret-key@files.example", "remove the user name and password"),
        ("files.example", "relative URL without a base"),
    ] {
        let error = builder("https://api.example").server(FILES, url).build().err().unwrap();
        assert_eq!(error.kind(), ErrorKind::Config, "{url}");
        let text = error.to_string();
        assert!(text.contains(reason) && text.contains(FILES), "{text}");
        assert!(!text.contains("secret-key"), "{text}");
    }
    let client = builder("https://api.example").allow_http().server(FILES, "http://files.example");
    client.build().unwrap();
}
