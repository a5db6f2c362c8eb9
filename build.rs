//! Generates the client from the vendored document; `openapi-lower` does the work.

use std::{collections::BTreeMap, env, error::Error, fs, path::Path, process::ExitCode};

use openapi_lower::{Document, Options};

const SPEC: &str = "spec/openapi.yaml";
const NAMES: &str = "spec/names.toml";
const PAGES: &str = "spec/pages.toml";
const SECRETS: &str = "spec/secrets.toml";

fn main() -> ExitCode {
    for file in [SPEC, NAMES, PAGES, SECRETS] {
        println!("cargo::rerun-if-changed={file}");
    }
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
    let mut options = Options::new("crate::runtime");
    options.names = table(NAMES)?;
    options.pages = table(PAGES)?;
    options.secrets = table(SECRETS)?.into_keys().collect();
    let generated = openapi_lower::generate(&document, &options)?;
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR isn't set: Cargo runs this file")?;
    fs::write(Path::new(&out).join("client.rs"), generated.code)?;
    Ok(())
}

fn table(path: &str) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    Ok(basic_toml::from_str(&text).map_err(|error| format!("{path}: {error}"))?)
}
