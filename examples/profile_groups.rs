//! Creates a group of profiles, adds profiles, and lists them.
//!
//! ```sh
//! cargo run --example profile_groups
//! ```

#[cfg(helper = "example-profile-groups")]
mod api;

#[cfg(helper = "example-profile-groups")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    use asteroid_agents::types::{AddProfilesToPoolRequest, CreateAgentProfilePoolRequest};
    use futures::{StreamExt, TryStreamExt};

    let api = api::connect(|mock| {
        mock.pages("ProfilesList", 30)?;
        mock.pages("ProfileGroupMembersList", 3)?;
        Ok(())
    })?;
    let client = &api.client;

    let profiles = client.profiles_list().stream().take(3);
    let profiles: Vec<_> = profiles.map_ok(|profile| profile.id.to_string()).try_collect().await?;

    let request = CreateAgentProfilePoolRequest::new("night shift")
        .with_selection_strategy("least_recently_used");
    let group = client.profile_groups_create().body(request).await?;
    println!("{}: {}", group.name, group.selection_strategy);

    let members = AddProfilesToPoolRequest::new(profiles);
    client.profile_group_members_add().group_id(group.id).body(members).await?;
    let mut members = client.profile_group_members_list().group_id(group.id).stream();
    while let Some(member) = members.try_next().await? {
        println!("  {} {}", member.id, member.name);
    }

    client.profile_group_delete().group_id(group.id).await?;
    println!("deleted");
    Ok(())
}

#[cfg(not(helper = "example-profile-groups"))]
fn main() {
    println!("left out: the OpenAPI document has no profile groups");
}
