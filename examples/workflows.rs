//! Lists workflows with their versions, and runs the published version of the first one.
//!
//! ```sh
//! cargo run --example workflows
//! ```

#[cfg(helper = "example-workflows")]
mod api;

#[cfg(helper = "example-workflows")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    use asteroid_agents::VersionExecuteRequest;
    use futures::{StreamExt, TryStreamExt};
    use openapi_mock::MockResponse;
    use serde_json::json;

    let api = api::connect(|mock| {
        mock.pages("WorkflowList", 3)?;
        let version = |number: u32| {
            json!({
                "id": format!("version-{number}"), "version": number, "isPublished": number == 2,
                "isDeletable": false, "createdAt": "2026-11-01T12:00:00Z",
            })
        };
        let versions = json!([version(3), version(2), version(1)]);
        mock.respond_with("WorkflowVersionsList", move |_| {
            MockResponse::new().with_value("", versions.clone())
        });
        mock.sequence("ExecutionGet", "/status", ["completed"]);
        Ok(())
    })?;
    let client = &api.client;

    let mut workflows = client.workflow_list().stream().take(10);
    while let Some(workflow) = workflows.try_next().await? {
        let versions = client.workflow_versions_list().workflow_id(&workflow.id).await?;
        println!("{}: {} versions", workflow.name, versions.len());
        let Some(published) = versions.iter().find(|version| version.is_published) else {
            continue;
        };
        let inputs = client.workflow_versions_get_inputs().workflow_id(&workflow.id);
        let inputs = inputs.version_id(&published.id).await?.into_inner().inputs;
        println!("version {} has {} inputs", published.version, inputs.len());

        // `client.run(…)` runs the workflow as it is; this runs one version of it.
        let run = client.run_version(&workflow.id, &published.id, VersionExecuteRequest::new());
        let outcome = run.await?;
        println!("{}", outcome.execution().status);
        break;
    }
    Ok(())
}

#[cfg(not(helper = "example-workflows"))]
fn main() {
    println!("left out: the OpenAPI document has no workflows");
}
