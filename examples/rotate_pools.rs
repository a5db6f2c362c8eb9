//! Runs an agent, or a workflow, once with each profile pool; the pool's strategy selects the
//! profile. (Later versions of the OpenAPI document have profile groups, which are the same.)
//!
//! ```sh
//! cargo run --example rotate_pools -- ID
//! ```

mod api;

use asteroid_agents::ExecuteRequest;
use futures::{StreamExt, TryStreamExt};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = api::connect(|mock| {
        let (pools, members) = match cfg!(helper = "example-pools.groups") {
            true => ("ProfileGroupsList", "ProfileGroupMembersList"),
            false => ("AgentProfilePoolsList", "AgentProfilePoolMembersList"),
        };
        mock.pages(pools, 3)?;
        mock.pages(members, 4)?;
        mock.sequence("ExecutionGet", "/status", ["completed"]);
        Ok(())
    })?;
    let (client, id) = (&api.client, api.id("an agent or a workflow")?);

    #[cfg(helper = "example-pools.pools")]
    let pools = client.agent_profile_pools_list();
    #[cfg(helper = "example-pools.groups")]
    let pools = client.profile_groups_list();
    let mut pools = pools.stream().take(5);
    while let Some(pool) = pools.try_next().await? {
        #[cfg(helper = "example-pools.pools")]
        let members = client.agent_profile_pool_members_list().pool_id(pool.id);
        #[cfg(helper = "example-pools.groups")]
        let members = client.profile_group_members_list().group_id(pool.id);
        let members: Vec<_> = members.stream().map_ok(|member| member.name).try_collect().await?;
        if members.is_empty() {
            println!("{}: no profiles", pool.name);
            continue;
        }
        let request = ExecuteRequest::new();
        #[cfg(helper = "example-pools.pools")]
        let request = request.with_agent_profile_pool_id(pool.id.to_string());
        #[cfg(helper = "example-pools.groups")]
        let request = request.with_profile_group_id(pool.id.to_string());
        let outcome = client.run(id, request).await?;
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
