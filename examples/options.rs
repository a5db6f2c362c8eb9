//! Sets options and headers for some calls, reads a response undecoded, and calls a path that the
//! document doesn't declare.
//!
//! ```sh
//! cargo run --example options
//! ```

mod api;

use std::time::Duration;

use asteroid_agents::{CallOptions, RetryPolicy, reqwest::Method};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = api::connect(|_| Ok(()))?;
    let client = &api.client;

    // A client with other options for its calls, on the same connections.
    let nightly = client.with_options(
        CallOptions::new()
            .timeout(Duration::from_secs(120))
            .retry(RetryPolicy::new().max_retries(4).deadline(Duration::from_secs(300)))
            .header("x-request-source", "nightly"),
    );
    let page = nightly.executions_list().page_size(5).await?;
    println!("{} executions", page.total);

    // A header for one call, added to those before.
    let traced = nightly.with_options(CallOptions::new().header("x-trace", "42"));
    println!("{} in the first page", traced.executions_list().page_size(1).await?.items.len());

    // Status, headers and bytes, undecoded, whatever the status.
    let raw = client.executions_list().send_raw().await?;
    println!("{} {:?}", raw.status(), raw.headers().get("content-type"));
    println!("{} bytes", raw.into_inner().bytes().await?.len());

    // A path that the document doesn't declare: same key, retries and errors. The mock lacks it.
    let call = client.request(Method::GET, "/not-yet/{id}").path("id", "a/b");
    match call.send::<()>().await {
        Ok(_) => println!("found"),
        Err(error) => println!("not found: {:?}", error.status()),
    }
    if let Some(mock) = &api.mock {
        let exchanges = mock.exchanges();
        let nightly = exchanges.iter().filter(|one| one.header("x-request-source").is_some());
        println!("{} requests with the header `x-request-source`", nightly.count());
    }
    Ok(())
}
