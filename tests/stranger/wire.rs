//! Calls of the first client in the external crate of `.ci/stranger`.

use stranger::{Client, types};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::var("STRANGER_URL")?;
    let client = Client::builder().api_key("key").base_url(url).build()?;

    let items = client.items_list().limit(3).send().await?;
    println!("{} items of {}", items.items.len(), items.total);

    let item: types::Item = client.items_get().item_id("a/b").await?.into_inner();
    assert_eq!(item, client.items_get().item_id("a/b").await?.into_inner());

    client.items_delete().item_id("a/b").body(types::ItemsDeleteBody::new("outdated")).await?;
    println!("3 operations of a client");
    Ok(())
}
