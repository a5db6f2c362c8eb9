//! Together: a chat as server-sent events, and two multipart uploads.

include!("client.rs");

use std::{env, error::Error};

use futures::StreamExt;
use openapi_lower_runtime::Part;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = env::args().nth(1).ok_or("the base URL is missing")?;
    let client = Client::builder().base_url(url).api_key("key").build()?;

    let question = types::ChatCompletionUserMessageParam::new("Why is the sky blue?");
    let request = types::ChatCompletionRequest::new([question], "a-model").with_stream(true);
    let mut events =
        client.chat_completions().body(request).send_event_stream().await?.into_inner();
    let (mut reply, mut count, mut done) = (String::new(), 0, false);
    while let Some(event) = events.next().await {
        match event? {
            types::ChatCompletionStream::ChatCompletionEvent(event) => {
                for choice in event.data.choices {
                    reply.push_str(&choice.delta.content.flatten().unwrap_or_default());
                }
                count += 1;
            }
            types::ChatCompletionStream::StreamSentinel(_) => done = true,
            other => return Err(format!("unexpected: {other:?}").into()),
        }
    }
    assert!(reply.starts_with("The sky is blue."), "{reply}");
    assert!(done, "the sentinel is an item");
    println!("chat: {reply:?} in {count} events, then [DONE]");

    let file = client
        .post_files_upload()
        .purpose(types::FilePurpose::FineTune)
        .file_name("train.jsonl")
        .file(Part::bytes("{\"text\":\"a\"}\n{\"text\":\"b\"}\n").file_name("train.jsonl"))
        .await?;
    println!("upload: {} for {}", file.status(), file.purpose);

    let text = client
        .audio_transcriptions()
        .file(Part::bytes(vec![0; 100_000]).file_name("speech.wav").content_type("audio/wav"))
        .language("en")
        .temperature(0.5)
        .await?;
    match &*text {
        types::AudioTranscriptionResponse::Unrecognized(value) => {
            return Err(format!("unexpected: {value}").into());
        }
        _ => println!("transcription: {}", text.status()),
    }
    Ok(())
}
