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

#[tokio::test]
async fn variables_of_the_server_are_settable() {
    let server = serve_no_content().await;
    let port = server.address().port().to_string();
    let builder = || wire::documents::server_variables::Client::builder();
    let client = builder().server_variable("port", &port).build().unwrap();
    client.a().send().await.unwrap();
    let client = builder().server_variable("port", &port).server_variable("version", "v2/beta");
    client.build().unwrap().a().send().await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let paths: Vec<_> = requests.iter().map(|request| request.url.path()).collect();
    assert_eq!(paths, ["/v1/x/a", "/v2/beta/x/a"]);
}

#[test]
fn a_variable_changes_nothing_but_its_place() {
    let refused = |name: &str, value: &str| {
        let builder = wire::documents::server_variables::Client::builder();
        builder.server_variable(name, value).build().unwrap_err().to_string()
    };
    let not_listed = "server variable `version`: it must be one of v1, v2/beta";
    assert_eq!(refused("version", "v3"), not_listed);
    for host in ["evil.example/x", "a@evil.example", "a#", "a?b", "a:b", "a\\b", "", "é", ".."] {
        let message = "server variable `host`: the value isn't a part of a host name";
        assert_eq!(refused("host", host), message, "{host}");
    }
    let unknown = "the server has no variable `unused`: it has `host`, `port`, `version`";
    assert_eq!(refused("unused", "y"), unknown);
    let builder =
        wire::documents::server_variables::Client::builder().base_url("https://a.example");
    let both = builder.server_variable("port", "1").build().unwrap_err().to_string();
    assert!(both.contains("it has no effect beside `base_url`"), "{both}");
    let none = wire::client("https://a.example");
    assert!(none.build().is_ok());
    let none = wire::documents::credentials::Client::builder().server_variable("port", "1");
    let none = none.api_key("k").build();
    assert_eq!(none.unwrap_err().to_string(), "the server has no variable `port`: it has none");
}
