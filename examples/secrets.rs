//! Stores a secret, rotates it, and deletes it.
//!
//! ```sh
//! cargo run --example secrets
//! ```

#[cfg(helper = "example-secrets")]
mod api;

#[cfg(helper = "example-secrets")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    use asteroid_agents::types::{CreateVaultItemRequest, FieldValue, RotateVaultItemRequest};

    let api = api::connect(|mock| Ok(mock.pages("SecretsList", 2)?))?;
    let client = &api.client;

    let values = [FieldValue::new("USERNAME", "ada"), FieldValue::new("PASSWORD", "correct horse")];
    let request = CreateVaultItemRequest::new("shop", values).with_item_key("SHOP_LOGIN");
    // `Debug` shows the names of the values, but not the values.
    println!("{:?}", request.values);
    // With the same key, the request is carried out once, however often it is sent.
    let call = client.secrets_create().idempotency_key("shop-2026-11-29");
    let secret = call.body(request).await?;
    println!("{} {}: {} fields", secret.id, secret.item_key, secret.fields.len());

    let rotated = RotateVaultItemRequest::new([FieldValue::new("PASSWORD", "battery staple")]);
    client.secret_rotate_post().secret_id(&secret.id).body(rotated).await?;
    for version in client.secret_versions_list().secret_id(&secret.id).await?.iter() {
        let current = if version.current { ", current" } else { "" };
        println!("version of {}{current}", version.created_at);
    }

    println!("{} secrets", client.secrets_list().await?.total);
    client.secret_delete().secret_id(&secret.id).await?;
    println!("deleted");
    Ok(())
}

#[cfg(not(helper = "example-secrets"))]
fn main() {
    println!("left out: the OpenAPI document has no secrets");
}
