//! `--verify`: what is checked is the crate, with its facade, helpers and names.

use std::{fs, path::Path};

use crate::support::{Copy, fixture, path};

/// A working copy with the whole package, and the document of version 1.8.7.
fn whole() -> Copy {
    let copy = Copy::without_names();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let names = ["Cargo.toml", "Cargo.lock", "README.md", "build.rs"];
    for name in names {
        fs::copy(from.join(name), copy.root().join(name)).unwrap();
    }
    for name in ["names.toml", "pages.toml", "secrets.toml", "helpers.toml"] {
        fs::copy(from.join("spec").join(name), copy.spec(name)).unwrap();
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

fn edited(copy: &Copy, edit: impl Fn(&str) -> String) -> String {
    let document = copy.root().join("edited.yaml");
    let text = fs::read_to_string(fixture("1.8.7")).unwrap();
    let edited = edit(&text);
    assert!(edited != text, "the document has what is edited");
    fs::write(&document, edited).unwrap();
    path(&document).to_owned()
}

#[test]
fn a_renamed_schema_keeps_its_published_names() {
    let copy = whole();
    let rename = |text: &str| {
        text.replace("Agents.Execution.ListItem", "Agents.Execution.Entry")
            .replace("Agents.Execution.Status'", "Agents.Execution.Standing'")
            .replace("Agents.Execution.Status:", "Agents.Execution.Standing:")
    };
    let renamed = edited(&copy, rename);
    let said = copy.run(&["sync-spec", "--from", &renamed, "--verify", "--format", "json"]);
    assert_eq!(said.code, 0, "{said:?}");
    // To source code nothing but the docs has changed.
    assert_eq!(said.json()["rust"], "patch", "{said:?}");
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
    // And back again.
    let said = copy.run(&["sync-spec", "--from", path(&fixture("1.8.7"))]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(
        copy.read("names.toml").contains("\"Agents.Execution.ListItem\" = \"ExecutionListItem\"")
    );
}

#[test]
fn a_document_that_breaks_a_helper_is_refused() {
    let copy = whole();
    let before = copy.files();
    let refused = |edit: &dyn Fn(&str) -> String, reason: &str| {
        let document = edited(&copy, edit);
        let said = copy.run(&["sync-spec", "--from", &document, "--verify"]);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{said:?}");
        assert!(said.err.contains(reason), "{reason}: {said:?}");
        assert_eq!(copy.files(), before, "nothing is written");
    };
    refused(
        &|text| {
            text.replace("operationId: ExecutionRecordingRedirect", "operationId: RecordingGet")
        },
        "there is no operation `ExecutionRecordingRedirect`: the helper `recording` is left out",
    );
    // What it needs is there, but of a type that the helper doesn't take.
    let said = {
        let document = edited(&copy, |text| {
            let (head, tail) = text.split_once("operationId: ExecutionActivitiesGet").unwrap();
            let tail =
                tail.replacen("format: int32\n            type: integer", "type: boolean", 1);
            format!("{head}operationId: ExecutionActivitiesGet{tail}")
        });
        copy.run(&["sync-spec", "--from", &document, "--verify"])
    };
    assert_eq!((said.code, said.out.as_str()), (2, ""), "{said:?}");
    assert!(said.err.contains("the crate doesn't compile with it"), "{said:?}");
    assert!(said.err.contains("src/execution/handle.rs"), "{said:?}");
    assert_eq!(copy.files(), before, "nothing is written");
}
