//! Downloads the recording of an execution.
//!
//! ```sh
//! cargo run --example download_recording -- EXECUTION_ID
//! ```

mod api;

use std::env;

use indicatif::ProgressBar;
use openapi_mock::MockResponse;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = api::connect(|mock| {
        let url = mock.serve_file("recording.mp4", vec![7; 3 << 20], "video/mp4");
        let redirect = move |_: &_| MockResponse::new().header("location", url.clone());
        mock.respond_with("ExecutionRecordingRedirect", redirect);
        Ok(())
    })?;
    let execution = api.client.execution(api.id("an execution")?);
    let path = env::temp_dir().join(format!("{}.mp4", execution.id()));

    let bar = ProgressBar::no_length();
    let progress = bar.clone();
    // The API key isn't sent to the host of the recording. The file appears once it is complete.
    let written = execution
        .recording()
        .limit(2 << 30)
        .on_progress(move |done, total| {
            if let Some(total) = total {
                progress.set_length(total);
            }
            progress.set_position(done);
        })
        .to_path(&path)
        .await?;
    bar.finish();
    let content_type = written.headers().get("content-type");
    println!("{} bytes of {content_type:?} at {}", *written, path.display());
    if api.mock.is_some() {
        std::fs::remove_file(path)?;
    }
    Ok(())
}
