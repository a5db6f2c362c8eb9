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
        let url = mock.file("recording.mp4", vec![7; 3 << 20], "video/mp4");
        let answer = move |_: &_| MockResponse::new().header("location", url.clone());
        mock.always("ExecutionRecordingRedirect", answer);
        Ok(())
    })?;
    let execution = api.client.execution(api.id("an execution")?);
    let path = env::temp_dir().join(format!("{}.mp4", execution.id()));

    let bar = ProgressBar::no_length();
    let shown = bar.clone();
    // The key stays with the API, wherever the recording is. The file is there when it is whole.
    let written = execution
        .recording()
        .limit(2 << 30)
        .on_progress(move |done, total| {
            if let Some(total) = total {
                shown.set_length(total);
            }
            shown.set_position(done);
        })
        .to_path(&path)
        .await?;
    bar.finish();
    let kind = written.headers().get("content-type");
    println!("{} bytes of {kind:?} at {}", *written, path.display());
    if api.mock.is_some() {
        std::fs::remove_file(path)?;
    }
    Ok(())
}
