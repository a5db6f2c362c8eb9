//! Generates the client from the vendored document; `openapi-lower` does the work.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    openapi_lower::Config::new("spec/openapi.yaml")
        .client("crate::Client")
        // Published names, which stay.
        .names_file("spec/names.toml")?
        // Pages of the documentation site.
        .pages_file("spec/pages.toml")?
        // Properties that `Debug` must not show.
        .secrets_file("spec/secrets.toml")?
        // What the hand-written helpers need: `cfg(helper = "…")` in `src/`.
        .helpers_file("spec/helpers.toml")?
        .compile()
}
