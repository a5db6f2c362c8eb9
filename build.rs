//! Generates the client from the vendored OpenAPI document with `openapi-lower`, and with the
//! feature `webhooks` the types of notifications from the second one.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    openapi_lower::Config::new("spec/openapi.yaml")
        .client("crate::Client")
        // Methods of `src/`, whose names no operation may have.
        .client_methods_file("spec/methods.toml")?
        // Published Rust names, which never change.
        .names_file("spec/names.toml")?
        // The operations that Cargo's features choose.
        .features_file("spec/features.toml")?
        // Links to the documentation site.
        .pages_file("spec/pages.toml")?
        // What to call instead of deprecated operations.
        .successors_file("spec/successors.toml")?
        // Changes of meaning, for the documentation of fields.
        .notes_file("spec/notes.toml")?
        // Properties that `Debug` redacts.
        .secrets_file("spec/secrets.toml")?
        // Requirements of the hand-written helpers: `cfg(helper = "…")` in `src/`.
        .helpers_file("spec/helpers.toml")?
        // The same for the operations that examples call.
        .helpers_file("spec/examples.toml")?
        .compile()?;
    if std::env::var_os("CARGO_FEATURE_WEBHOOKS").is_some() {
        openapi_lower::Config::new("spec/webhooks.yaml")
            .file_name("webhooks.rs")
            // The operations that the API sends.
            .received_file("spec/received.toml")?
            .names_file("spec/webhooks-names.toml")?
            .helpers_file("spec/webhooks-helpers.toml")?
            .compile()?;
    }
    Ok(())
}
