//! `sync-spec --verify`: compilation of the crate with its facade, helpers and names.

use std::{fs, path::Path};

use crate::support::{UPSTREAM, WorkingCopy, fixture, path};

/// A working copy with the whole package, and the document of version 1.8.7.
fn package_copy() -> WorkingCopy {
    let copy = WorkingCopy::without_names();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let names = ["Cargo.toml", "Cargo.lock", "README.md", "build.rs"];
    for name in names {
        fs::copy(from.join(name), copy.root().join(name)).unwrap();
    }
    // The configuration of the generator; the document and its record are those of the copy.
    for entry in fs::read_dir(from.join("spec")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.ends_with(".toml") && name != "source.toml" {
            fs::copy(&path, copy.spec(&name)).unwrap();
        }
    }
    copy_folder(&from.join("src"), &copy.root().join("src"));
    for name in ["crates", "tests", "xtask"] {
        std::os::unix::fs::symlink(from.join(name), copy.root().join(name)).unwrap();
    }
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy_folder(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}

/// Writes an edited document of version 1.8.7 and returns its path.
fn edited(copy: &WorkingCopy, edit: impl Fn(&str) -> String) -> String {
    let document = copy.root().join("edited.yaml");
    let text = fs::read_to_string(fixture("1.8.7")).unwrap();
    let edited = edit(&text);
    assert!(edited != text, "the edit changes the document");
    fs::write(&document, edited).unwrap();
    path(&document).to_owned()
}

#[test]
fn a_renamed_schema_keeps_its_published_names() {
    let copy = package_copy();
    let rename = |text: &str| {
        text.replace("Agents.Execution.ListItem", "Agents.Execution.Entry")
            .replace("Agents.Execution.Status'", "Agents.Execution.Standing'")
            .replace("Agents.Execution.Status:", "Agents.Execution.Standing:")
    };
    let renamed = edited(&copy, rename);
    let output = copy.run(&["sync-spec", "--from", &renamed, "--verify", "--format", "json"]);
    assert_eq!(output.code, 0, "{output:?}");
    // Only the docs of the Rust API change.
    assert_eq!(output.json()["rust"], "patch", "{output:?}");
    let names = copy.read("names.toml");
    for name in [
        "\"Agents.Execution.Entry\" = \"ExecutionListItem\"\n",
        "\"Agents.Execution.Standing\" = \"ExecutionStatus\"\n",
        "\"Agents.Execution.Standing::awaiting_confirmation\" = \"AwaitingConfirmation\"\n",
    ] {
        assert!(names.contains(name), "{name}: {names}");
    }
    assert!(!names.contains("Agents.Execution.ListItem"), "{names}");
    assert!(!names.contains("Agents.Execution.Status::"), "{names}");
    // And in reverse.
    let output = copy.run(&["sync-spec", "--from", path(&fixture("1.8.7"))]);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(
        copy.read("names.toml").contains("\"Agents.Execution.ListItem\" = \"ExecutionListItem\"")
    );
}

#[test]
fn a_document_that_breaks_a_helper_is_refused() {
    let copy = package_copy();
    let before = copy.files();
    let assert_refused = |edit: &dyn Fn(&str) -> String, reason: &str| {
        let document = edited(&copy, edit);
        let output = copy.run(&["sync-spec", "--from", &document, "--verify"]);
        assert_eq!((output.code, output.out.as_str()), (2, ""), "{output:?}");
        assert!(output.err.contains(reason), "{reason}: {output:?}");
        assert_eq!(copy.files(), before, "nothing is written");
    };
    assert_refused(
        &|text| {
            text.replace("operationId: ExecutionRecordingRedirect", "operationId: RecordingGet")
        },
        "helper `recording` skipped: operation `ExecutionRecordingRedirect` not found",
    );
    // A property that the helper uses has another type.
    let output = {
        let document = edited(&copy, |text| {
            let (head, tail) = text.split_once("operationId: ExecutionActivitiesGet").unwrap();
            let tail =
                tail.replacen("format: int32\n            type: integer", "type: boolean", 1);
            format!("{head}operationId: ExecutionActivitiesGet{tail}")
        });
        copy.run(&["sync-spec", "--from", &document, "--verify"])
    };
    assert_eq!((output.code, output.out.as_str()), (2, ""), "{output:?}");
    assert!(output.err.contains("the crate doesn't compile with the document"), "{output:?}");
    assert!(output.err.contains("src/execution/handle.rs"), "{output:?}");
    assert_eq!(copy.files(), before, "nothing is written");
}

#[test]
fn other_and_deprecated_operations_of_helpers_are_reported() {
    let copy = package_copy();
    // A deprecated operation that has no alternative yet.
    let deprecated = edited(&copy, |text| {
        let id = "      operationId: AgentExecutePost\n";
        text.replace(id, &format!("{id}      deprecated: true\n"))
    });
    let sync = |document: &str, format: &str| {
        let output = copy.run(&["sync-spec", "--from", document, "--check", "--format", format]);
        assert_eq!(output.code, 1, "{output:?}");
        output
    };
    let sentence = "helper `run` calls `AgentExecutePost`, which is deprecated";
    assert_eq!(sync(&deprecated, "json").json()["helpers"], serde_json::json!([sentence]));

    let newest = path(&fixture("1.9.167")).to_owned();
    let text = sync(&newest, "text").out;
    for sentence in [
        "\nhelper `run` now calls `WorkflowExecutePost` instead of `AgentExecutePost`: The vendor \
         doesn't say whether the id of an agent is that of its workflow",
        "\nhelper `cancel` now calls `ExecutionCancel` instead of `ExecutionStatusUpdate`\n",
        "\nhelper `run_files` now calls `TempFilesUpload` instead of `TempFilesStage`\n",
    ] {
        assert!(text.contains(sentence), "{sentence}: {text}");
    }
    assert!(!text.contains("which is deprecated"), "{text}");
    let markdown = sync(&newest, "markdown").out;
    let item = "\n- helper `run` now calls `WorkflowExecutePost` instead of `AgentExecutePost`: ";
    assert!(markdown.contains(item), "{markdown}");
}

#[test]
fn a_document_of_webhooks_is_verified_with_its_feature() {
    let copy = package_copy();
    let document = include_str!("webhooks.yaml");
    fs::write(copy.spec("webhooks.yaml"), document).unwrap();
    copy.write_source(
        UPSTREAM,
        "[documents.webhooks]\nurl = \"https://api.example/b.json\"\ndocs = \"https://docs.example\"\n\
         title = \"Asteroid Webhook Notifications\"\nversion = \"0\"\nsha256 = \"0\"\ndate = \"2026-01-01\"\n\
         obtained = \"served\"\n",
    );
    let edited = copy.root().join("webhooks.yaml");
    let sync = |from: &str, to: &str| {
        let text = document.replace(from, to);
        assert_ne!(text, document);
        fs::write(&edited, text).unwrap();
        copy.run(&["sync-spec", "--document", "webhooks", "--from", path(&edited), "--verify"])
    };
    let output = sync("agent_id", "agent_ref");
    assert_eq!(output.code, 2, "{output:?}");
    let lost = "a helper would become unavailable: helper `webhook_events`";
    assert!(output.err.contains(lost), "{output:?}");
    // The same name, but another type: it doesn't compile with the feature.
    let output = sync("execution_id: {type: string}", "execution_id: {type: integer}");
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.err.contains("the crate doesn't compile with the document"), "{output:?}");
    assert_eq!(fs::read_to_string(copy.spec("webhooks.yaml")).unwrap(), document);
    let output = sync("- EXECUTION_STARTED", "- EXECUTION_STARTED\n        - EXECUTION_QUEUED");
    assert_eq!(output.code, 0, "{output:?}");
}
