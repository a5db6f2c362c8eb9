//! Runs an agent and follows what it does, with a progress bar.
//!
//! ```sh
//! cargo run --example run_agent -- AGENT_ID
//! ```

mod api;

use asteroid_agents::{WaitOutcome, types::ExecuteAgentRequest};
use futures::TryStreamExt;
use indicatif::{ProgressBar, ProgressStyle};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = api::connect(|mock| {
        mock.steps("ExecutionGet", "/status", ["running", "completed"]);
        mock.growing("ExecutionActivitiesGet", 3, 12)?;
        Ok(())
    })?;
    let run = api.client.run(api.id("an agent")?, ExecuteAgentRequest::new());
    let execution = run.start().await?;
    println!("Execution {} has begun.", execution.id());

    // How many activities there will be, nobody knows.
    let style = ProgressStyle::with_template("{spinner} {pos} activities, {elapsed}: {wide_msg}")?;
    let bar = ProgressBar::new_spinner().with_style(style);
    let mut activities = execution.activities();
    while let Some(activity) = activities.try_next().await? {
        let payload = serde_json::to_value(&activity.payload)?;
        let said = payload["message"].as_str().or(payload["activityType"].as_str());
        bar.set_message(said.unwrap_or_default().to_owned());
        bar.inc(1);
    }
    bar.finish();
    println!("{} activities.", bar.position());

    match execution.wait().await? {
        WaitOutcome::Finished(state) => println!("{}: {:?}", state.status, state.execution_result),
        other => println!("It waits for someone: {}", other.execution().status),
    }
    Ok(())
}
