//! The command line: `openapi-lower generate`.

mod lines;

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use self::lines::without_lines;

const DOCUMENT: &str = "
openapi: 3.1.0
info: { title: T, version: '1' }
paths:
  /things/{id}:
    get: { operationId: getThing, responses: { '200': { description: ok } } }
";

/// Runs the binary; returns the exit status, standard output and standard error.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_openapi-lower"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap_or(-1), text(stdout), without_lines(&text(stderr)))
}

#[test]
fn the_client_is_written_to_stdout_or_a_file_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("api.yaml"), DOCUMENT).unwrap();
    let (status, code, warnings) = run(folder.path(), &["generate", "api.yaml"]);
    assert_eq!(status, 0, "{warnings}");
    assert!(code.contains("fn get_thing(&self)"), "{code}");
    assert!(warnings.starts_with("warning: api.yaml: #/paths/"), "{warnings}");

    let check = ["generate", "api.yaml", "--out", "client.rs", "--check"];
    assert_eq!(run(folder.path(), &check).0, 1);
    assert!(!folder.path().join("client.rs").exists());
    assert_eq!(run(folder.path(), &check[..4]).0, 0);
    assert_eq!(fs::read_to_string(folder.path().join("client.rs")).unwrap(), code);
    assert_eq!(run(folder.path(), &check).0, 0);
    fs::write(folder.path().join("client.rs"), code + "\n").unwrap();
    let (status, report, _) = run(folder.path(), &check);
    assert_eq!((status, report.contains("client.rs is out of date")), (1, true), "{report}");
    let names: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|one| one.unwrap()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn errors_exit_with_2_and_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let refused = DOCUMENT.replace("'200'", "'101'");
    fs::write(folder.path().join("api.yaml"), refused).unwrap();
    fs::write(folder.path().join("client.rs"), "before").unwrap();
    let (status, out, errors) = run(folder.path(), &["generate", "api.yaml", "--out", "client.rs"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(
        errors.starts_with("error: api.yaml: #/paths/~1things~1{id}/get/responses/101: "),
        "{errors}"
    );
    assert_eq!(fs::read_to_string(folder.path().join("client.rs")).unwrap(), "before");
    let (status, _, errors) = run(folder.path(), &["generate", "nowhere.yaml"]);
    assert_eq!((status, errors.contains("nowhere.yaml: ")), (2, true), "{errors}");
    let denied = ["generate", "api.yaml", "--warnings", "deny", "--skip-refused"];
    assert_eq!(run(folder.path(), &denied).0, 2);
    fs::write(folder.path().join("api.yaml"), DOCUMENT).unwrap();
    let (status, _, errors) = run(folder.path(), &denied);
    assert_eq!((status, errors.contains("is not declared")), (2, true), "{errors}");
}

#[test]
fn paging_is_read_from_a_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("api.yaml"), DOCUMENT).unwrap();
    fs::write(folder.path().join("paging.toml"), "[getThing]\nlink_header = true\n").unwrap();
    let paging = ["generate", "api.yaml", "--paging", "paging.toml"];
    let (status, _, errors) = run(folder.path(), &paging);
    assert_eq!(status, 2, "{errors}");
    let expected = "error: api.yaml: #: the configured paging of `getThing`: ";
    assert!(errors.contains(expected), "{errors}");
}
