//! Lists the agent profile pools of your organization.
//!
//! With ASTEROID_API_KEY set it asks the real API, otherwise a mock in this process:
//!
//! ```sh
//! cargo run --example quickstart
//! ```

use asteroid_agents::{API_KEY_VARIABLE, Client};
use serde_json::json;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{header_exists, method, path_regex},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The mock has to live as long as the client calls it.
    let mut _mock = None;
    let client = if std::env::var_os(API_KEY_VARIABLE).is_some() {
        println!("Asking the real API, since {API_KEY_VARIABLE} is set.");
        Client::from_env()?
    } else {
        println!("{API_KEY_VARIABLE} isn't set: asking a mock API in this process.");
        let mock = mock_api().await;
        let client = Client::builder().api_key("any key will do").base_url(mock.uri()).build()?;
        _mock = Some(mock);
        client
    };

    // Later versions of the document deprecate profile pools.
    #[allow(deprecated)]
    let page = client.agent_profile_pools_list().page(1).page_size(10).send().await?;

    println!("{} of {} agent profile pools:", page.items.len(), page.total);
    for pool in &page.items {
        println!("  {:<12} {}", pool.name, pool.id);
    }
    Ok(())
}

/// Answers the one request of this example.
async fn mock_api() -> MockServer {
    let server = MockServer::start().await;
    let pool = |id: &str, name: &str| {
        json!({
            "id": id,
            "name": name,
            "organizationId": "0b9d0e4c-5a3e-4b7a-9d5a-2a2f4f9f7a10",
            "selectionStrategy": "least_recently_used",
            "allowConcurrentUse": false,
            "createdAt": "2026-01-15T09:30:00Z",
            "updatedAt": "2026-01-15T09:30:00Z",
        })
    };
    let pools = json!({
        "items": [
            pool("7f1b6a52-6f0e-4a3b-8f57-0f2b1d9c3a01", "checkout"),
            pool("c2d4f3b8-1e5a-4c6d-9b7f-5a8e6d4c2b02", "back-office"),
        ],
        "page": 1,
        "pageSize": 10,
        "total": 2,
    });
    Mock::given(method("GET"))
        .and(path_regex("/agent-profile-pools$"))
        .and(header_exists("user-agent"))
        .respond_with(ResponseTemplate::new(200).set_body_json(pools))
        .mount(&server)
        .await;
    server
}
