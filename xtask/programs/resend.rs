//! Resend: a multipart upload with values beside the file, and a request that is repeated once.

include!("client.rs");

use std::{env, error::Error};

use openapi_lower_runtime::{Part, RetryPolicy};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = env::args().nth(1).ok_or("the base URL is missing")?;
    // Emails have an idempotency key, so that a repeated request is safe.
    let retry = RetryPolicy::default().any_method();
    let client = Client::builder().base_url(url).api_key("key").retry(retry).build()?;

    // The file is sent from a reader, whose length isn't known before.
    let contacts = "Email,First Name\na@example.com,A\nb@example.com,B\n";
    let import = client
        .contacts_create_import()
        .file(
            Part::reader(contacts.as_bytes(), None)
                .file_name("contacts.csv")
                .content_type("text/csv"),
        )
        .column_map(r#"{"email":"Email","first_name":"First Name"}"#)
        .on_conflict(types::CreateContactImportOptionsOnConflict::Upsert)
        .await?;
    let id = import.id.ok_or("an import without an id")?;
    println!("import: {} {id}", import.status());

    let import = client.contacts_get_import().id(id).await?;
    println!("import: {:?}", import.status);

    let email = types::SendEmailRequest::new("from@example.com", "Hello", "to@example.com");
    let sent = client.emails_send().idempotency_key("once").body(email).await?;
    println!("email: {}", sent.status());
    Ok(())
}
