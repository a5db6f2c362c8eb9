//! Calls of the second client in the external crate of `.ci/stranger`.

use stranger::other1::{Client, types};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::var("STRANGER_URL")?;
    let client = Client::builder().api_key("token").base_url(url).build()?;

    let page = client.list_pets().page_size(2).kind(["cat", "dog"]).await?;
    assert_eq!(page.status(), 200);

    let added = client.add_pet().body(types::Pet::new(types::Kind::Cat, "Tom")).await?;
    assert_eq!(added.status(), 201);

    let id: openapi_lower_runtime::uuid::Uuid = "6f1b6a52-6f0e-4a3b-8f57-0f2b1d9c3a01".parse()?;
    let photo = openapi_lower_runtime::Part::bytes("jpg").file_name("tom.jpg");
    client.put_photo().pet_id(id).photo(photo).await?;

    println!("3 operations of a second client, {} pets", page.total);
    Ok(())
}
