//! Runs an agent, or a workflow, and shows its activities with a progress bar.
//!
//! ```sh
//! cargo run --example run_agent -- ID
//! ```

mod api;

use asteroid_agents::{ExecuteRequest, WaitOutcome};
use futures::TryStreamExt;
use indicatif::{ProgressBar, ProgressStyle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = api::connect(|mock| {
        mock.sequence("ExecutionGet", "/status", ["running", "completed"]);
        mock.growing_list("ExecutionActivitiesGet", 3, 12)?;
        Ok(())
    })?;
    let run = api.client.run(api.id("an agent or a workflow")?, ExecuteRequest::new());
    let execution = run.start().await?;
    println!("Execution {} started.", execution.id());

    // A spinner: the number of activities isn't known in advance.
    let style = ProgressStyle::with_template("{spinner} {pos} activities, {elapsed}: {wide_msg}")?;
    let bar = ProgressBar::new_spinner().with_style(style);
    let mut activities = execution.activities();
    while let Some(activity) = activities.try_next().await? {
        let payload = serde_json::to_value(&activity.payload)?;
        let message = payload["message"].as_str().or(payload["activityType"].as_str());
        bar.set_message(message.unwrap_or_default().to_owned());
        bar.inc(1);
    }
    bar.finish();
    println!("{} activities.", bar.position());

    match execution.wait().await? {
        WaitOutcome::Finished(state) => println!("{}: {:?}", state.status, state.execution_result),
        other => println!("action required: {}", other.execution().status),
    }
    Ok(())
}
