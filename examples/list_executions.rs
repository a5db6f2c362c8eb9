//! Lists the executions that failed or were cancelled in a year, item by item and page by page.
//!
//! ```sh
//! cargo run --example list_executions
//! ```

mod api;

use asteroid_agents::{
    chrono::{DateTime, Utc},
    types::ExecutionStatus,
};
use futures::{StreamExt, TryStreamExt};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = api::connect(|mock| Ok(mock.pages("ExecutionsList", 120)?))?;
    let since: DateTime<Utc> = "2026-01-01T00:00:00Z".parse()?;
    let failed = api
        .client
        .executions_list()
        .status([ExecutionStatus::Failed, ExecutionStatus::Cancelled])
        .created_after(since)
        .sort_direction("desc")
        .page_size(50);

    // Item by item: the next page is requested when it is needed.
    let mut newest = failed.clone().stream().take(3);
    while let Some(execution) = newest.try_next().await? {
        println!("{} {} {}", execution.created_at, execution.status, execution.agent_name);
    }

    // Page by page, with the total of the response.
    let mut pages = failed.pages();
    let mut count = 0;
    while let Some(page) = pages.try_next().await? {
        count += page.items.len();
        println!("{count} of {}", page.total);
    }
    Ok(())
}
