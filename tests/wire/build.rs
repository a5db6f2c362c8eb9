//! Generates the client of `wire.yaml`, as the build script of any crate does.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    openapi_lower::Config::new("wire.yaml").secrets(["Login.hint"]).compile()
}
