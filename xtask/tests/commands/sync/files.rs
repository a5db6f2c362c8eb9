//! Atomicity of writes and recovery from interruptions.

use std::{fs, process::Command};

use crate::support::{CommandOutput, UPSTREAM, WorkingCopy, fixture, path, sha256};

/// Aborts the process at each step of the three writes, as `kill -9` would.
#[test]
fn an_interrupted_update_leaves_whole_files_and_is_completed_by_the_next_run() {
    let (old, new) = (fs::read(fixture("1.8.7")).unwrap(), fs::read(fixture("1.8.77")).unwrap());
    let newer = fixture("1.8.77");
    let finished = {
        let copy = WorkingCopy::new();
        assert_eq!(copy.run(&["sync-spec", "--from", path(&newer)]).code, 0);
        copy.files()
    };
    let mut steps = 0;
    loop {
        let copy = WorkingCopy::new();
        let before = copy.files();
        let mut command = copy.command(&["sync-spec", "--from", path(&newer)]);
        let output = command.env("XTASK_ABORT_AT_STEP", steps.to_string()).output().unwrap();
        if output.status.success() {
            break;
        }
        // Each file is the old one or the new one; temporary files aren't part of spec/.
        for (name, content) in copy.files() {
            if name.ends_with(".new") {
                continue;
            }
            let is = |files: &[(String, Vec<u8>)]| {
                files.iter().any(|(other, bytes)| *other == name && *bytes == content)
            };
            assert!(is(&before) || is(&finished), "step {steps}: {name}");
        }
        let document = fs::read(copy.spec("openapi.yaml")).unwrap();
        assert!(document == old || document == new, "step {steps}");
        let recorded = copy.read("source.toml").contains(&sha256(&copy.spec("openapi.yaml")));
        let output = copy.run(&["names", "--check"]);
        assert_eq!(
            output.err.contains("cargo xtask sync-spec"),
            !recorded,
            "step {steps}: {output:?}"
        );
        let output = copy.run(&["sync-spec", "--check", "--from", path(&newer)]);
        assert_eq!(
            output.code,
            i32::from(copy.files_without_temporary() != finished),
            "step {steps}: {output:?}"
        );
        let output = copy.run(&["sync-spec", "--from", path(&newer)]);
        assert_eq!(output.code, 0, "step {steps}: {output:?}");
        assert_eq!(copy.files_without_temporary(), finished, "step {steps}");
        steps += 1;
    }
    // Created, written, flushed, renamed: three times.
    assert_eq!(steps, 12);
}

impl WorkingCopy {
    fn files_without_temporary(&self) -> Vec<(String, Vec<u8>)> {
        self.files().into_iter().filter(|(name, _)| !name.ends_with(".new")).collect()
    }
}

/// A limit on the file size makes writes fail as a full disk does.
#[test]
#[cfg(unix)]
fn a_failed_write_changes_no_files() {
    let copy = WorkingCopy::new();
    let before = copy.files();
    let run = copy.command(&["sync-spec", "--from", path(&fixture("1.8.201"))]);
    let mut limited = Command::new("bash");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 100; exec \"$0\" \"$@\""]);
    limited.arg(run.get_program()).args(run.get_args());
    let output = CommandOutput::new(limited.output().unwrap());
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.err.contains("openapi.yaml"), "{output:?}");
    assert_eq!(copy.files(), before);
}

#[test]
fn a_file_may_be_given_by_its_name_alone() {
    let copy = WorkingCopy::new();
    let mut command = copy.command(&["generate", "--out", "client.rs"]);
    let output = CommandOutput::new(command.current_dir(copy.root()).output().unwrap());
    assert_eq!(output.code, 0, "{output:?}");
    assert!(copy.root().join("client.rs").exists());
}

#[test]
fn every_command_warns_of_a_document_that_does_not_match_its_hash() {
    let copy = WorkingCopy::new();
    let (old, new) = (fixture("1.8.7"), fixture("1.8.77"));
    let commands: [&[&str]; 5] = [
        &["names", "--check"],
        &["generate"],
        &["diff-spec", path(&old), path(&old)],
        &["sync-spec", "--check", "--from", path(&new)],
        &["sync-spec", "--from", path(&new)],
    ];
    for command in commands {
        copy.write_source(UPSTREAM, "");
        assert_eq!(copy.run(command).err, "", "{command:?}");
        let copy = WorkingCopy::new();
        let mut text = copy.read("openapi.yaml");
        text.push_str("\n# edited\n");
        fs::write(copy.spec("openapi.yaml"), text).unwrap();
        let output = copy.run(command);
        assert!(
            output.err.contains("`cargo xtask sync-spec --from spec/openapi.yaml`"),
            "{command:?}"
        );
    }
    // The command in the warning completes the update.
    fs::write(copy.spec("openapi.yaml"), copy.read("openapi.yaml") + "\n# edited\n").unwrap();
    let document = copy.spec("openapi.yaml");
    let output = copy.run(&["sync-spec", "--from", path(&document)]);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(output.out.starts_with("finished an interrupted update"), "{output:?}");
    assert_eq!(copy.run(&["names", "--check"]).err, "");
}

#[test]
fn an_update_and_its_reversal_change_names_and_source_only() {
    let copy = WorkingCopy::new();
    let before = copy.files();
    for version in ["1.8.77", "1.8.201", "1.8.7"] {
        let document = fixture(version);
        assert_eq!(copy.run(&["sync-spec", "--from", path(&document)]).code, 0);
    }
    let changed: Vec<_> = copy
        .files()
        .into_iter()
        .zip(before)
        .filter(|(after, before)| after != before)
        .map(|((name, _), _)| name)
        .collect();
    // Published names are retained, and the origin is another file.
    assert_eq!(changed, ["names.toml", "source.toml"]);
}
