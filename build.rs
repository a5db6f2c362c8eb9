//! Generates the client from the vendored document; `openapi-lower` does the work.

use std::error::Error;

use openapi_lower::Config;

const SPEC: &str = "spec/openapi.yaml";

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

fn main() -> Result<(), Box<dyn Error>> {
    Config::new(SPEC)
        .client("crate::Client")
        .names_file("spec/names.toml")?
        .pages_file("spec/pages.toml")?
        .secrets_file("spec/secrets.toml")?
        .compile_with(|generated| choose_helpers(&generated.operations))
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
