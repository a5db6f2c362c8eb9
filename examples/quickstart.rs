//! Lists the profile pools of your organization.
//!
//! Uses the real API if ASTEROID_API_KEY is set, otherwise a mock in this process:
//!
//! ```sh
//! cargo run --example quickstart
//! ```

use asteroid_agents::{API_KEY_VARIABLE, Client, DOCUMENT};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The mock has to live as long as the client is used.
    let mut _mock = None;
    let client = if std::env::var_os(API_KEY_VARIABLE).is_some() {
        println!("{API_KEY_VARIABLE} is set: using the real API.");
        Client::from_env()?
    } else {
        println!("{API_KEY_VARIABLE} isn't set: using a mock API in this process.");
        let mock = openapi_mock::start(DOCUMENT).await?;
        #[cfg(helper = "example-pools.pools")]
        mock.pages("AgentProfilePoolsList", 25)?;
        #[cfg(helper = "example-pools.groups")]
        mock.pages("ProfileGroupsList", 25)?;
        let client = Client::builder().api_key("any key will do").base_url(mock.url()).build()?;
        _mock = Some(mock);
        client
    };

    #[cfg(helper = "example-pools.pools")]
    let list = client.agent_profile_pools_list();
    // The same in later versions of the OpenAPI document.
    #[cfg(helper = "example-pools.groups")]
    let list = client.profile_groups_list();
    let page = list.page(1).page_size(10).send().await?;

    println!("{} of {} profile pools:", page.items.len(), page.total);
    for pool in &page.items {
        println!("  {} {}", pool.id, pool.name);
    }
    Ok(())
}
