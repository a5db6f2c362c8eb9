//! Ollama: a text as lines of JSON, one item after the other.

include!("client.rs");

use std::{env, error::Error, time::Instant};

use futures::StreamExt;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = env::args().nth(1).ok_or("the base URL is missing")?;
    let client = Client::builder().base_url(url).build()?;

    let request = types::GenerateRequest::new("gemma").with_prompt("Why is the sky blue?");
    let started = Instant::now();
    let mut events = client.generate().body(request.clone()).send_ndjson().await?.into_inner();
    let (mut text, mut count, mut first) = (String::new(), 0, None);
    while let Some(event) = events.next().await {
        let event: types::GenerateStreamEvent = event?;
        first.get_or_insert_with(|| started.elapsed());
        text.push_str(event.response.as_deref().unwrap_or_default());
        count += 1;
        if event.done == Some(true) {
            break;
        }
    }
    assert_eq!((text.as_str(), count), ("The sky is blue.", 5));
    assert!(first.unwrap() * 2 < started.elapsed(), "items come when they are sent");
    println!("generate: {text:?} in {count} items, as they came");

    // The same operation, with the whole text in one response.
    let whole = client.generate().body(request.with_stream(false)).send().await?;
    println!("generate: a response of {:?}", whole.model);

    let mut progress =
        client.pull().body(types::PullRequest::new("gemma")).send_ndjson().await?.into_inner();
    let mut count = 0;
    while let Some(event) = progress.next().await {
        let _: types::StatusEvent = event?;
        count += 1;
    }
    assert!(count > 0);
    println!("pull: {count} items of progress");
    Ok(())
}
