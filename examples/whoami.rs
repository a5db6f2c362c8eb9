//! Shows whose API key it is, and the organizations of its user.
//!
//! ```sh
//! cargo run --example whoami
//! ```

#[cfg(helper = "example-whoami")]
mod api;

#[cfg(helper = "example-whoami")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = api::connect(|_| Ok(()))?;

    let caller = api.client.whoami_get().await?;
    println!("{} {}, by {}", caller.kind, caller.id, caller.credential);
    if let Some(person) = &caller.person {
        println!("{} {}", person.id, person.email);
    }

    let context = api.client.context_get().await?;
    for organization in &context.organizations {
        println!("organization {} {}", organization.id, organization.name);
    }
    Ok(())
}

#[cfg(not(helper = "example-whoami"))]
fn main() {
    println!("left out: the OpenAPI document has no whoami");
}
