//! Prints the spans of calls to stdout, and continues their trace at the server.
//!
//! ```sh
//! cargo run --example telemetry --features tracing
//! ```
//!
//! The fields are those of OpenTelemetry's conventions: with the layer of tracing-opentelemetry in
//! place of the subscriber here, the spans go to a collector.

mod api;

use std::{
    env,
    error::Error,
    hash::{BuildHasher, RandomState},
};

use asteroid_agents::{API_KEY_VARIABLE, Client, reqwest::header::HeaderMap};
use openapi_mock::MockResponse;
use tracing_subscriber::fmt::format::FmtSpan;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    // A line for each span that ends, with its fields and how long it took.
    tracing_subscriber::fmt().with_span_events(FmtSpan::CLOSE).with_ansi(false).init();

    // The mock fails once, so that there is a second attempt.
    let api = api::connect(|mock| {
        mock.respond_once("ExecutionsList", MockResponse::status(503));
        Ok(())
    })?;
    let key = env::var(API_KEY_VARIABLE).unwrap_or_else(|_| "any key will do".to_owned());
    let builder = Client::builder().api_key(key).base_url(api.client.base_url().as_str());
    let trace = (random(), random());
    let client = builder.propagate(move |headers| add_traceparent(headers, trace)).build()?;

    let page = client.executions_list().page_size(5).await?;
    println!("{} executions", page.total);

    if let Some(mock) = &api.mock {
        for exchange in mock.exchanges() {
            println!("sent with traceparent {:?}", exchange.header("traceparent"));
        }
    }
    Ok(())
}

/// Adds the header of W3C Trace Context: the ids of the trace and of the span of the attempt.
///
/// A program with OpenTelemetry calls its propagator instead.
fn add_traceparent(headers: &mut HeaderMap, (high, low): (u64, u64)) {
    let span = tracing::Span::current().id().map_or(1, |id| id.into_u64());
    if let Ok(value) = format!("00-{high:016x}{low:016x}-{span:016x}-01").parse() {
        headers.insert("traceparent", value);
    }
}

/// Returns a random number, which is not 0.
fn random() -> u64 {
    RandomState::new().hash_one(0) | 1
}
