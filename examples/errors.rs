//! Handles each kind of error.
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
        mock.respond_once(
            "ExecutionGet",
            MockResponse::status(404).with_value("/message", "no such execution"),
        );
        mock.respond_once("ExecutionGet", MockResponse::new().with_value("/status", 3));
        Ok(())
    })?;
    let client = &api.client;

    // An error response. With the mock, the second response doesn't match its schema.
    for _ in 0..2 {
        if let Err(error) = client.execution_get().execution_id(Uuid::from_u128(7)).await {
            explain(&error);
        }
    }
    // A required parameter is missing: nothing is sent.
    if let Err(error) = client.execution_get().await {
        explain(&error);
    }
    // No connection.
    let unreachable = Client::builder().api_key("k").base_url("http://127.0.0.1:9");
    let unreachable = unreachable.connect_timeout(Duration::from_secs(1)).build()?;
    if let Err(error) = unreachable.execution_get().execution_id(Uuid::from_u128(7)).await {
        explain(&error);
    }
    // An invalid key.
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
            println!("  error response: {} {:?}", api.status(), api.message());
            // The body has the type that the document declares for this status.
            if let Some(body) = api.body::<NotFoundErrorBody>() {
                println!("  not found: {}", body.message);
            }
        }
        ErrorKind::Decode => println!("  a newer API? Its status is {:?}", error.status()),
        ErrorKind::Request => println!("  nothing was sent: fix the call"),
        ErrorKind::Connect => println!("  nothing was sent: try again later"),
        ErrorKind::Timeout | ErrorKind::Transport => {
            println!("  it may have had an effect; retryable: {}", error.is_retryable());
        }
        ErrorKind::Config => println!("  fix the client's settings"),
        other => println!("  {other:?}"),
    }
}
