//! Generates the client from the vendored document; `openapi-lower` does the work.

use std::{env, error::Error, fs, path::Path, process::ExitCode};

use openapi_lower::{Document, Options};

const SPEC: &str = "spec/openapi.yaml";

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed={SPEC}");
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            for line in error.to_string().lines() {
                println!("cargo::error={SPEC}: {line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn generate() -> Result<(), Box<dyn Error>> {
    let document = Document::parse(&fs::read_to_string(SPEC)?)?;
    let generated = openapi_lower::generate(&document, &Options::new("crate::runtime"))?;
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR isn't set: Cargo runs this file")?;
    fs::write(Path::new(&out).join("client.rs"), generated.code)?;
    Ok(())
}
