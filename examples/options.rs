//! Headers and options for some calls, the answer as it came, and a path that the document doesn't
//! have.
//!
//! ```sh
//! cargo run --example options
//! ```

mod api;

use std::time::Duration;

use asteroid_agents::{CallOptions, Error, RetryPolicy, reqwest::Method};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = api::connect(|_| Ok(()))?;
    let client = &api.client;

    // A handle on the same connections: cheap, for one call or for many.
    let patient = client.with_options(
        CallOptions::new()
            .timeout(Duration::from_secs(120))
            .retry(RetryPolicy::new().max_retries(4).deadline(Duration::from_secs(300)))
            .header("x-request-source", "nightly"),
    );
    let agents = patient.agent_list().page_size(5).await?;
    println!("{} agents", agents.total);

    // A header for one call; the handle before it doesn't have it.
    let once = patient.with_options(CallOptions::new().header("x-trace", "42"));
    println!("{} executions", once.executions_list().page_size(1).await?.total);

    // Status, headers and bytes, whatever the status is.
    let raw = client.agent_list().send_raw().await?;
    println!("{} {:?}", raw.status(), raw.headers().get("content-type"));
    println!("{} bytes", raw.into_inner().bytes().await?.len());

    // A path of one's own: the same key, retries and errors. The mock knows the document only.
    let own = client.request(Method::GET, "/not-yet/{id}").path("id", "a/b").send::<()>().await;
    match own.as_ref().map_err(Error::status) {
        Ok(_) => println!("it is there by now"),
        Err(status) => println!("not yet: {status:?}"),
    }
    if let Some(mock) = &api.mock {
        let exchanges = mock.exchanges();
        let named = exchanges.iter().filter(|one| one.header("x-request-source").is_some());
        println!("{} requests said where they come from", named.count());
    }
    Ok(())
}
