//! The facade, for whatever version of the document is vendored: what is version-bound is derived
//! from the document. What goes over the wire in general is tested in `tests/wire`.

use asteroid_agents::{Client, ErrorKind, types};
use wiremock::{Mock, MockServer, ResponseTemplate, matchers::any};

/// The line `key: value` that the vendored document has below `section`.
fn in_document(section: &str, key: &str) -> String {
    let document = include_str!("../spec/openapi.yaml");
    let section = document.split(&format!("{section}:\n")).nth(1).expect("the section is there");
    let line =
        section.lines().find_map(|line| line.trim().trim_start_matches("- ").strip_prefix(key));
    line.expect("the key is there").trim_start_matches(':').trim().to_owned()
}

async fn answering(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

#[test]
fn the_server_of_the_document_is_the_default() {
    let client = Client::new("k").unwrap();
    let url = in_document("servers", "url");
    assert_eq!(client.base_url().as_str().trim_end_matches('/'), url.trim_end_matches('/'));
}

#[tokio::test]
async fn requests_carry_the_key_and_the_name_of_the_crate() {
    let page = serde_json::json!({ "items": [], "page": 1, "pageSize": 50, "total": 0 });
    let server = answering(ResponseTemplate::new(200).set_body_json(page)).await;
    let client = Client::builder().api_key("the-key").base_url(server.uri()).build().unwrap();
    #[allow(deprecated)]
    let pools = client.agent_profile_pools_list().search_name("a&b").await.unwrap();
    assert_eq!((pools.items.len(), pools.total), (0, 0));

    let request = server.received_requests().await.unwrap().remove(0);
    let header = in_document("ApiKeyAuth", "name").to_lowercase();
    assert_eq!(request.headers[header.as_str()], "the-key");
    assert_eq!(
        request.headers["user-agent"],
        concat!("asteroid-agents/", env!("CARGO_PKG_VERSION"))
    );
    assert!(!request.headers.contains_key("api-version"));
    assert_eq!(request.url.query(), Some("searchName=a%26b"));
}

#[tokio::test]
async fn errors_are_typed() {
    let body = serde_json::json!({ "code": 401, "message": "no such key" });
    let server = answering(ResponseTemplate::new(401).set_body_json(body)).await;
    let client = Client::builder().api_key("the-key").base_url(server.uri()).build().unwrap();
    #[allow(deprecated)]
    let error = client.agent_profile_pools_list().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 401));
    let api = error.api().unwrap();
    let body: &asteroid_agents::types::UnauthorizedErrorBody = api.body().unwrap();
    assert_eq!((body.message.as_str(), api.code()), ("no such key", Some("401")));
    assert_eq!(error.to_string(), "AgentProfilePoolsList: 401 Unauthorized: no such key");
}

#[test]
fn a_missing_key_is_told_with_its_variable() {
    let error = Client::builder().build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("ASTEROID_API_KEY"), "{error}");
}

#[test]
fn debug_shows_no_secret_of_a_profile() {
    let request = serde_json::json!({
        "name": "shop", "description": "", "organizationId": "o",
        "credentials": [{ "name": "login", "data": "s3cret" }],
        "cookies": [{
            "name": "session", "key": "sid", "value": "s3cret", "domain": "shop.example",
            "secure": true, "httpOnly": true, "sameSite": "Strict",
        }],
        "customProxy": { "server": "proxy.example", "username": "u", "password": "s3cret" },
    });
    let profile: types::CreateAgentProfileRequest = read(&request);
    // Each of them by itself, too.
    let credential: types::ProfileCredential = read(&request["credentials"][0]);
    let cookie: types::ProfileCookie = read(&request["cookies"][0]);
    for shown in [format!("{profile:?}"), format!("{credential:?}"), format!("{cookie:?}")] {
        assert!(shown.contains("[redacted]") && !shown.contains("s3cret"), "{shown}");
    }
}

fn read<T: serde::de::DeserializeOwned>(value: &serde_json::Value) -> T {
    serde_json::from_value(value.clone()).unwrap()
}

#[test]
fn the_client_is_a_cheap_shared_handle() {
    fn shared<T: Clone + Send + Sync + std::fmt::Debug + 'static>() {}
    shared::<Client>();
    assert_eq!(size_of::<Client>(), size_of::<usize>());
}
