//! Runs an agent once with each profile pool; the pool's strategy selects the profile.
//!
//! ```sh
//! cargo run --example rotate_pools -- AGENT_ID
//! ```

mod api;

use asteroid_agents::types::ExecuteAgentRequest;
use futures::{StreamExt, TryStreamExt};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = api::connect(|mock| {
        mock.pages("AgentProfilePoolsList", 3)?;
        mock.pages("AgentProfilePoolMembersList", 4)?;
        mock.sequence("ExecutionGet", "/status", ["completed"]);
        Ok(())
    })?;
    let (client, agent) = (&api.client, api.id("an agent")?);

    // Later versions of the document deprecate profile pools.
    #[allow(deprecated)]
    let mut pools = client.agent_profile_pools_list().stream().take(5);
    while let Some(pool) = pools.try_next().await? {
        #[allow(deprecated)]
        let members = client.agent_profile_pool_members_list().pool_id(pool.id).stream();
        let members: Vec<_> = members.map_ok(|member| member.name).try_collect().await?;
        if members.is_empty() {
            println!("{}: no profiles", pool.name);
            continue;
        }
        let request = ExecuteAgentRequest::new().with_agent_profile_pool_id(pool.id.to_string());
        let outcome = client.run(agent, request).await?;
        let execution = outcome.execution();
        println!(
            "{} ({}, {} profiles): {} as {:?}",
            pool.name,
            pool.selection_strategy,
            members.len(),
            execution.status,
            execution.agent_profile_name
        );
    }
    Ok(())
}
