//! Generates the client from the vendored document; `openapi-lower` does the work.

use std::{collections::BTreeMap, env, error::Error, fs, path::Path, process::ExitCode};

use openapi_lower::{Document, Options};

const SPEC: &str = "spec/openapi.yaml";
const NAMES: &str = "spec/names.toml";
const PAGES: &str = "spec/pages.toml";
const SECRETS: &str = "spec/secrets.toml";

/// The hand-written helpers, each with the operations that it calls; a document that lacks one of
/// them gets a client without that helper. `helper = "…"` is their `cfg` in `src/`.
const HELPERS: [(&str, &[&str]); 7] = [
    ("executions", &["ExecutionGet"]),
    ("activities", &["ExecutionGet", "ExecutionActivitiesGet"]),
    ("messages", &["ExecutionGet", "ExecutionUserMessagesAdd"]),
    ("status", &["ExecutionGet", "ExecutionStatusUpdate"]),
    (
        "files",
        &[
            "ExecutionGet",
            "ExecutionFilesGet",
            "ExecutionFileDownloadRedirect",
            "ExecutionContextFilesUpload",
        ],
    ),
    ("recording", &["ExecutionGet", "ExecutionRecordingRedirect"]),
    ("run", &["ExecutionGet", "AgentExecutePost"]),
];

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
    choose_helpers(&generated.operations);
    Ok(())
}

/// Tells the compiler which helpers can be had, and the user which can't.
fn choose_helpers(operations: &[String]) {
    for (helper, needed) in HELPERS {
        println!("cargo::rustc-check-cfg=cfg(helper, values({helper:?}))");
        let missing = needed.iter().find(|needed| !operations.iter().any(|id| id == *needed));
        match missing {
            None => println!("cargo::rustc-cfg=helper={helper:?}"),
            Some(missing) => println!(
                "cargo::warning={SPEC} has no operation `{missing}`: the helper `{helper}` is left out"
            ),
        }
    }
}

fn table(path: &str) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    Ok(basic_toml::from_str(&text).map_err(|error| format!("{path}: {error}"))?)
}
