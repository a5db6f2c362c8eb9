//! Runs an agent, or a workflow, with files.
//!
//! ```sh
//! cargo run --example upload_and_run -- ID ORGANIZATION_ID
//! ```

mod api;

use asteroid_agents::{ExecuteRequest, Part, uuid::Uuid};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = api::connect(|mock| {
        mock.sequence("ExecutionGet", "/status", ["running", "completed"]);
        Ok(())
    })?;
    let id = api.id("an agent or a workflow")?;
    let organization = match std::env::args().nth(2) {
        Some(id) => id.parse()?,
        None => Uuid::from_u128(8),
    };

    // The name of a file sets its content type. The content of a file or reader is read while it is
    // sent.
    let reader: &[u8] = b"name,city\nAda,London\n";
    let files = [
        Part::file(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")),
        Part::bytes("a,b\n1,2\n").file_name("table.csv"),
        Part::reader(reader, Some(reader.len() as u64)).file_name("people.csv"),
    ];
    // The files are uploaded first; then the run is started with them.
    let run = api.client.run(id, ExecuteRequest::new()).organization(organization).files(files);
    let outcome = run.await?;
    println!("{}", outcome.execution().status);
    Ok(())
}
