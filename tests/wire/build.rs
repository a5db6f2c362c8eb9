//! Generates the clients of `wire.yaml` and `types.yaml`, as the build script of any crate does,
//! and those of the documents of single constructs.

use std::{error::Error, fs, path::Path};

use openapi_lower::{Config, Warnings};

fn main() -> Result<(), Box<dyn Error>> {
    Config::new("wire.yaml").secrets(["Login.hint"]).compile()?;
    Config::new("types.yaml").file_name("types.rs").compile()?;
    println!("cargo::rerun-if-changed=documents");
    for entry in fs::read_dir("documents")? {
        let name = entry?.file_name();
        let module = Path::new(&name).with_extension("rs").display().to_string();
        let document = Path::new("documents").join(&name);
        // The warnings of these documents are tested in openapi-lower.
        let mut config = Config::new(document).warnings(Warnings::Ignore);
        if module == "paging.rs" {
            config = config.paging_file("paging.toml")?;
        }
        config.file_name(module.replace('-', "_")).compile()?;
    }
    Ok(())
}
