//! Uploads files and runs an agent that works with them.
//!
//! ```sh
//! cargo run --example upload_and_run -- AGENT_ID ORGANIZATION_ID
//! ```

mod api;

use asteroid_agents::{Part, types::ExecuteAgentRequest, uuid::Uuid};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = api::connect(|mock| {
        mock.sequence("ExecutionGet", "/status", ["running", "completed"]);
        Ok(())
    })?;
    let agent = api.id("an agent")?;
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
    // Later versions of the document deprecate this operation.
    #[allow(deprecated)]
    let staged = api.client.temp_files_stage().organization_id(organization).files(files).await?;
    for file in &staged.temp_files {
        println!("{} {}", file.id, file.name);
    }

    let request = ExecuteAgentRequest::new().with_temp_files(staged.into_inner().temp_files);
    let outcome = api.client.run(agent, request).await?;
    println!("{}", outcome.execution().status);
    Ok(())
}
