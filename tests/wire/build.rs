//! Generates the client of `wire.yaml`, as anyone does.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    openapi_lower::Config::new("wire.yaml").secrets(["Login.answer"]).compile()
}
