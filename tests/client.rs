//! Tests of the client with any version of the document: version-bound values are derived from it.
//! Tests of the generated code on the wire are in `tests/wire`.

use asteroid_agents::{Client, DOCUMENT, ErrorKind, types};
use serde_json::json;
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

/// Returns the value of the first line `key: value` below `section` in the vendored document.
fn document_value(section: &str, key: &str) -> String {
    let section =
        DOCUMENT.split(&format!("{section}:\n")).nth(1).expect("the document has the section");
    let line =
        section.lines().find_map(|line| line.trim().trim_start_matches("- ").strip_prefix(key));
    line.expect("the section has the key").trim_start_matches(':').trim().to_owned()
}

#[test]
fn the_server_of_the_document_is_the_default() {
    let client = Client::new("k").unwrap();
    let url = document_value("servers", "url");
    assert_eq!(client.base_url().as_str().trim_end_matches('/'), url.trim_end_matches('/'));
}

/// The path of the server's URL, or else the prefix of the paths in the document.
#[tokio::test]
async fn the_base_url_of_any_version_is_understood_or_named_in_the_error() {
    // Not the mock of the document, which serves its paths only.
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(404)).mount(&server).await;
    let client = |path: &str| {
        let url = format!("{}{path}", server.uri());
        Client::builder().api_key("k").base_url(url).build().unwrap()
    };
    let url = document_value("servers", "url");
    let in_server = url.ends_with("/agents/v2");
    // Right for every version.
    let error = client("/agents/v2").executions_list().await.unwrap_err();
    assert!(!error.to_string().contains("lacks"), "{error}");
    let error = client("").executions_list().await.unwrap_err();
    let hint = "lacks the path /agents/v2 of the API's server";
    assert_eq!(error.to_string().contains(hint), in_server, "{error}");
    let requests = server.received_requests().await.unwrap();
    let paths: Vec<_> = requests.iter().map(|request| request.url.path()).collect();
    let bare = if in_server { "/executions" } else { "/agents/v2/executions" };
    assert_eq!(paths, ["/agents/v2/executions", bare]);
}

#[tokio::test]
async fn requests_carry_the_key_and_the_user_agent() {
    let mock = openapi_mock::start(DOCUMENT).await.unwrap();
    mock.respond("ExecutionsList", json!({ "items": [], "total": 0 }));
    let client = Client::builder().api_key("the-key").base_url(mock.url()).build().unwrap();
    let page = client.executions_list().metadata_key("a&b").await.unwrap();
    assert_eq!((page.items.len(), page.total), (0, 0));

    let request = mock.requests("ExecutionsList").remove(0);
    let header = |name: &str| {
        let mut headers = request.headers.iter();
        headers.find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    };
    let key = document_value("ApiKeyAuth", "name").to_lowercase();
    assert_eq!(header(&key), Some("the-key"));
    let user_agent = concat!("asteroid-agents/", env!("CARGO_PKG_VERSION"));
    assert_eq!(header("user-agent"), Some(user_agent));
    assert_eq!(header("api-version"), None);
    assert_eq!(request.query, "metadataKey=a%26b");
    mock.assert_valid();
}

#[tokio::test]
async fn error_bodies_are_typed() {
    let mock = openapi_mock::start(DOCUMENT).await.unwrap();
    mock.respond_status("ExecutionsList", 401, json!({ "code": 401, "message": "no such key" }));
    let client = Client::builder().api_key("the-key").base_url(mock.url()).build().unwrap();
    let error = client.executions_list().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 401));
    let api = error.api().unwrap();
    let body: &types::UnauthorizedErrorBody = api.body().unwrap();
    assert_eq!((body.message.as_str(), api.code()), ("no such key", Some("401")));
    assert_eq!(error.to_string(), "ExecutionsList: 401 Unauthorized: no such key");
}

#[test]
fn the_error_of_a_missing_key_names_the_variable() {
    let error = Client::builder().build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("ASTEROID_API_KEY"), "{error}");
}

#[test]
fn debug_redacts_the_secrets_of_a_profile() {
    let request = serde_json::json!({
        "name": "shop", "description": "", "organizationId": "o",
        "credentials": [{ "name": "login", "data": "s3cret" }],
        "cookies": [{
            "name": "session", "key": "sid", "value": "s3cret", "domain": "shop.example",
            "secure": true, "httpOnly": true, "sameSite": "Strict",
        }],
        "customProxy": { "server": "proxy.example", "username": "u", "password": "s3cret" },
    });
    let profile: types::CreateAgentProfileRequest = decode(&request);
    // Also outside of the profile.
    let credential: types::ProfileCredential = decode(&request["credentials"][0]);
    let cookie: types::ProfileCookie = decode(&request["cookies"][0]);
    for debug in [format!("{profile:?}"), format!("{credential:?}"), format!("{cookie:?}")] {
        assert!(debug.contains("[redacted]") && !debug.contains("s3cret"), "{debug}");
    }
}

fn decode<T: serde::de::DeserializeOwned>(value: &serde_json::Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn debug_of_a_client_has_host_and_version_and_no_key() {
    let client = Client::builder().api_key("s3cret").base_url("https://api.example/x").build();
    let debug = format!("{:?}", client.unwrap());
    let version = document_value("info", "version");
    assert!(debug.contains("https://api.example/x"), "{debug}");
    assert!(debug.contains(&format!("api_version: \"{version}\"")), "{debug}");
    assert!(!debug.contains("s3cret"), "{debug}");
}

#[test]
fn the_client_is_a_cheap_shared_handle() {
    fn check<T: Clone + Send + Sync + std::fmt::Debug + 'static>() {}
    check::<Client>();
    assert_eq!(size_of::<Client>(), size_of::<usize>());
}
