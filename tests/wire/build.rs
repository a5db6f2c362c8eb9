//! Generates the client of `wire.yaml`, as the root package does for its document.

use std::{env, error::Error, fs, path::Path};

use openapi_lower::{Document, Options};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=wire.yaml");
    let document = Document::parse(&fs::read_to_string("wire.yaml")?)?;
    let mut options = Options::new("crate::runtime");
    options.secrets.insert("Login.answer".to_owned());
    let generated = openapi_lower::generate(&document, &options)?;
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR isn't set: Cargo runs this file")?;
    fs::write(Path::new(&out).join("client.rs"), generated.code)?;
    Ok(())
}
