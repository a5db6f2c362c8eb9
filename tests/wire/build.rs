//! Generates the clients of `wire.yaml` and `types.yaml`, as the build script of any crate does.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    openapi_lower::Config::new("wire.yaml").secrets(["Login.hint"]).compile()?;
    openapi_lower::Config::new("types.yaml").file_name("types.rs").compile()
}
