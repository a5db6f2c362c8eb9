//! Files are whole whatever happens, and what wasn't finished is seen and finished.

use std::{fs, process::Command};

use crate::support::{Copy, Said, UPSTREAM, fixture, path, sha256};

/// Ends the process at each step of the three writes, as `kill -9` would.
#[test]
fn interrupted_anywhere_every_file_is_whole_and_the_next_run_finishes() {
    let (old, new) = (fs::read(fixture("1.8.7")).unwrap(), fs::read(fixture("1.8.77")).unwrap());
    let newer = fixture("1.8.77");
    let finished = {
        let copy = Copy::new();
        assert_eq!(copy.run(&["sync-spec", "--from", path(&newer)]).code, 0);
        copy.files()
    };
    let mut steps = 0;
    loop {
        let copy = Copy::new();
        let before = copy.files();
        let mut command = copy.command(&["sync-spec", "--from", path(&newer)]);
        let output = command.env("XTASK_ABORT_AT_STEP", steps.to_string()).output().unwrap();
        if output.status.success() {
            break;
        }
        // Each file is the old one or the new one; what was written beside it is no part of spec/.
        for (name, content) in copy.files() {
            if name.ends_with(".new") {
                continue;
            }
            let is = |files: &[(String, Vec<u8>)]| {
                files.iter().any(|(known, bytes)| *known == name && *bytes == content)
            };
            assert!(is(&before) || is(&finished), "step {steps}: {name}");
        }
        let document = fs::read(copy.spec("openapi.yaml")).unwrap();
        assert!(document == old || document == new, "step {steps}");
        let recorded = copy.read("source.toml").contains(&sha256(&copy.spec("openapi.yaml")));
        let said = copy.run(&["names", "--check"]);
        assert_eq!(said.err.contains("cargo xtask sync-spec"), !recorded, "step {steps}: {said:?}");
        let said = copy.run(&["sync-spec", "--check", "--from", path(&newer)]);
        assert_eq!(
            said.code,
            i32::from(copy.files_without_rests() != finished),
            "step {steps}: {said:?}"
        );
        let said = copy.run(&["sync-spec", "--from", path(&newer)]);
        assert_eq!(said.code, 0, "step {steps}: {said:?}");
        assert_eq!(copy.files_without_rests(), finished, "step {steps}");
        steps += 1;
    }
    // Created, written, flushed, renamed: three times.
    assert_eq!(steps, 12);
}

impl Copy {
    fn files_without_rests(&self) -> Vec<(String, Vec<u8>)> {
        self.files().into_iter().filter(|(name, _)| !name.ends_with(".new")).collect()
    }
}

/// A disk that takes no more: the limit on the size of files does the same to a write.
#[test]
#[cfg(unix)]
fn a_full_disk_leaves_everything_as_it_was() {
    let copy = Copy::new();
    let before = copy.files();
    let run = copy.command(&["sync-spec", "--from", path(&fixture("1.8.201"))]);
    let mut limited = Command::new("bash");
    limited.args(["-c", "trap '' XFSZ; ulimit -f 100; exec \"$0\" \"$@\""]);
    limited.arg(run.get_program()).args(run.get_args());
    let said = Said::of(limited.output().unwrap());
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("openapi.yaml"), "{said:?}");
    assert_eq!(copy.files(), before);
}

#[test]
fn every_command_notices_a_document_that_isn_t_the_recorded_one() {
    let copy = Copy::new();
    let (one, other) = (fixture("1.8.7"), fixture("1.8.77"));
    let commands: [&[&str]; 5] = [
        &["names", "--check"],
        &["generate"],
        &["diff-spec", path(&one), path(&one)],
        &["sync-spec", "--check", "--from", path(&other)],
        &["sync-spec", "--from", path(&other)],
    ];
    for command in commands {
        copy.write_source(UPSTREAM, "");
        assert_eq!(copy.run(command).err, "", "{command:?}");
        let copy = Copy::new();
        let mut text = copy.read("openapi.yaml");
        text.push_str("\n# edited\n");
        fs::write(copy.spec("openapi.yaml"), text).unwrap();
        let said = copy.run(command);
        assert!(
            said.err.contains("`cargo xtask sync-spec --from spec/openapi.yaml`"),
            "{command:?}"
        );
    }
    // And the command that it names does what it says.
    fs::write(copy.spec("openapi.yaml"), copy.read("openapi.yaml") + "\n# edited\n").unwrap();
    let document = copy.spec("openapi.yaml");
    let said = copy.run(&["sync-spec", "--from", path(&document)]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.starts_with("finished an interrupted update"), "{said:?}");
    assert_eq!(copy.run(&["names", "--check"]).err, "");
}

#[test]
fn there_and_back_only_what_is_recorded_on_purpose_remains() {
    let copy = Copy::new();
    let before = copy.files();
    for version in ["1.8.77", "1.8.201", "1.8.7"] {
        let document = fixture(version);
        assert_eq!(copy.run(&["sync-spec", "--from", path(&document)]).code, 0);
    }
    let changed: Vec<_> = copy
        .files()
        .into_iter()
        .zip(before)
        .filter(|(now, then)| now != then)
        .map(|((name, _), _)| name)
        .collect();
    // The names that were published stay, and where the document came from is another file.
    assert_eq!(changed, ["names.toml", "source.toml"]);
}
