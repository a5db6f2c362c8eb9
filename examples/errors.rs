//! Tells what can go wrong, and what a program may do about it.
//!
//! ```sh
//! cargo run --example errors
//! ```

mod api;

use std::time::Duration;

use asteroid_agents::{Client, Error, ErrorKind, types::NotFoundErrorBody, uuid::Uuid};
use openapi_mock::MockResponse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = api::connect(|mock| {
        mock.next("ExecutionGet", MockResponse::status(404).with("/message", "no such execution"));
        mock.next("ExecutionGet", MockResponse::new().with("/status", 3));
        Ok(())
    })?;
    let client = &api.client;

    // The API says no. With the mock, the second answer isn't what the document says.
    for _ in 0..2 {
        if let Err(error) = client.execution_get().execution_id(Uuid::from_u128(7)).await {
            explain(&error);
        }
    }
    // What is required isn't there: nothing is sent.
    if let Err(error) = client.execution_get().await {
        explain(&error);
    }
    // Nobody is there.
    let nobody = Client::builder().api_key("k").base_url("http://127.0.0.1:9");
    let nobody = nobody.connect_timeout(Duration::from_secs(1)).build()?;
    if let Err(error) = nobody.execution_get().execution_id(Uuid::from_u128(7)).await {
        explain(&error);
    }
    // This isn't a key.
    if let Err(error) = Client::builder().api_key("two\nlines").build() {
        explain(&error);
    }
    Ok(())
}

fn explain(error: &Error) {
    println!("\n{error}");
    match error.kind() {
        ErrorKind::Api => {
            let Some(api) = error.api() else { return };
            println!("  the API said {} {:?}", api.status(), api.message());
            // The body has the type that the document gives this status.
            if let Some(body) = api.body::<NotFoundErrorBody>() {
                println!("  it isn't there: {}", body.message);
            }
        }
        ErrorKind::Decode => println!("  a newer API? It answered {:?}", error.status()),
        ErrorKind::Request => println!("  nothing was sent: fix the call"),
        ErrorKind::Connect => println!("  nothing was sent: try again later"),
        ErrorKind::Timeout | ErrorKind::Transport => {
            println!("  it may have had an effect; again: {}", error.is_retryable());
        }
        ErrorKind::Config => println!("  fix the client's settings"),
        other => println!("  {other:?}"),
    }
}
