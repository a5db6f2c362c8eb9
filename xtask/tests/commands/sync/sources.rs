//! Sources of documents and invalid documents.

use std::{
    fs,
    io::Write,
    process::Stdio,
    sync::atomic::{AtomicBool, Ordering},
};

use crate::support::{CommandOutput, WorkingCopy, fixture, path, server::Server, sha256};

fn newer() -> Vec<u8> {
    fs::read(fixture("1.8.77")).unwrap()
}

/// Asserts that nothing is written, the exit status is 2, and stderr contains the reason.
fn assert_refused(copy: &WorkingCopy, arguments: &[&str], reason: &str) {
    let before = copy.files();
    let output = copy.run(arguments);
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.err.contains(reason), "{reason}: {output:?}");
    assert_eq!(output.out, "", "{reason}");
    assert_eq!(copy.files(), before, "{reason}");
}

fn assert_server_refused(server: &Server, reason: &str) {
    assert_refused(&WorkingCopy::new(), &["sync-spec", "--from", &server.url], reason);
}

#[test]
fn a_document_is_written_as_it_was_served() {
    let copy = WorkingCopy::new();
    // Comments and CRLF are retained.
    let served = [b"# served\r\n".to_vec(), newer()].concat();
    let headers = "etag: \"v77\"\r\nlast-modified: Wed, 25 Nov 2026 08:00:00 GMT\r\n";
    let server = Server::with_response("200 OK", headers, served.clone());
    copy.write_source(&server.url, "");
    let names = copy.read("names.toml");
    let output = copy.run(&["sync-spec"]);
    assert_eq!((output.code, output.err.as_str()), (0, ""), "{output:?}");
    assert!(output.out.contains("operation-added"), "{}", output.out);
    assert!(output.out.contains("Crate version 0.4.0 is required, after 0.3.1"), "{}", output.out);
    assert!(output.out.contains("\n## 0.4.0 (unreleased)\n"), "{}", output.out);
    assert_eq!(fs::read(copy.spec("openapi.yaml")).unwrap(), served);
    let source = copy.read("source.toml");
    for line in ["obtained = \"served\"", "etag = \"\\\"v77\\\"\"", "version = \"v1\""] {
        assert!(source.contains(line), "{line}: {source}");
    }
    let extended = copy.read("names.toml");
    assert!(names.lines().skip(3).all(|line| extended.contains(line)));
    assert!(extended.contains("VaultItem"), "{extended}");
    assert_eq!(copy.files().len(), 3);
}

#[test]
fn an_unmodified_document_is_not_downloaded() {
    let server = Server::start(|head, stream| {
        let is_match = head.contains("if-none-match: \"v1\"")
            && head.contains("if-modified-since: wed, 25 nov 2026 08:00:00 gmt");
        let status = if is_match { "304 Not Modified" } else { "500 Oops" };
        write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    });
    let copy = WorkingCopy::new();
    let more = "etag = \"\\\"v1\\\"\"\nlast_modified = \"Wed, 25 Nov 2026 08:00:00 GMT\"\n";
    copy.write_source(&server.url, more);
    let before = copy.files();
    for arguments in [["sync-spec"].as_slice(), &["sync-spec", "--check"]] {
        let output = copy.run(arguments);
        assert_eq!(
            (output.code, output.out.as_str()),
            (0, "in sync with version 1.8.7\n"),
            "{output:?}"
        );
    }
    assert_eq!(copy.files(), before);
    // An edited file isn't the representation that the validators belong to.
    fs::write(copy.spec("openapi.yaml"), newer()).unwrap();
    let output = copy.run(&["sync-spec"]);
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.err.contains("500"), "{output:?}");
    assert!(!server.requests().last().unwrap().contains("if-none-match"));
}

#[test]
fn the_same_document_is_in_sync() {
    let copy = WorkingCopy::new();
    let server = Server::with_response("200 OK", "", fs::read(fixture("1.8.7")).unwrap());
    let before = copy.files();
    let output = copy.run(&["sync-spec", "--from", &server.url]);
    assert_eq!(
        (output.code, output.out.as_str()),
        (0, "in sync with version 1.8.7\n"),
        "{output:?}"
    );
    assert_eq!(copy.files(), before);
}

#[test]
fn check_writes_nothing_and_exits_with_1_on_differences() {
    let copy = WorkingCopy::new();
    let before = copy.files();
    let newer = fixture("1.8.77");
    let output = copy.run(&["sync-spec", "--check", "--from", path(&newer), "--format", "json"]);
    assert_eq!(output.code, 1, "{output:?}");
    let json: serde_json::Value = serde_json::from_str(&output.out).unwrap();
    assert_eq!(json["outcome"], "differs");
    assert_eq!((&json["rust"], &json["next_version"]), (&"major".into(), &"0.4.0".into()));
    assert!(!json["changes"].as_array().unwrap().is_empty());
    // A comment changes the file but not the API.
    let text = fs::read_to_string(copy.spec("openapi.yaml")).unwrap() + "\n# end\n";
    let file = copy.root().join("same.yaml");
    fs::write(&file, text).unwrap();
    let output = copy.run(&["sync-spec", "--check", "--from", path(&file)]);
    assert_eq!(output.code, 1, "{output:?}");
    assert!(output.out.starts_with("no changes; wire: none, rust: none\n"), "{output:?}");
    assert_eq!(copy.files(), before);
    let same = copy.spec("openapi.yaml");
    assert_eq!(copy.run(&["sync-spec", "--check", "--from", path(&same)]).code, 0);
}

#[test]
fn documents_come_from_files_and_standard_input() {
    let copy = WorkingCopy::new();
    let mut command = copy.command(&["sync-spec", "--from", "-", "--format", "markdown"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&newer()).unwrap();
    let output = CommandOutput::new(child.wait_with_output().unwrap());
    assert_eq!(output.code, 0, "{output:?}");
    assert!(output.out.contains("| wire | rust | change | operations |"), "{}", output.out);
    assert!(output.out.contains("For CHANGELOG.md"), "{}", output.out);
    assert!(output.out.chars().count() <= 60_000);
    assert!(copy.read("source.toml").contains("obtained = \"standard input\""));
    let output = copy.run(&["sync-spec", "--from", path(&fixture("1.8.7"))]);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(copy.read("source.toml").contains("obtained = \"file agents-1.8.7.yaml\""));
    assert!(copy.read("source.toml").contains("version = \"1.8.7\""));
    assert_refused(&copy, &["sync-spec", "--from", "nowhere.yaml"], "nowhere.yaml");
}

#[test]
fn a_corrected_reconstruction_retains_its_origin() {
    let copy = WorkingCopy::new();
    let head = "# Where it came from.\n";
    let rest = copy.read("source.toml").replace("\"served\"", "\"reconstructed\"");
    let note = "# Why.\nnote = \"\"\"\nFrom what is \\\nknown.\"\"\"\n";
    fs::write(copy.spec("source.toml"), format!("{head}{rest}{note}")).unwrap();
    let text = fs::read_to_string(copy.spec("openapi.yaml")).unwrap() + "\n# corrected\n";
    let corrected = copy.root().join("agents-1.8.7.yaml");
    fs::write(&corrected, text).unwrap();
    let output = copy.run(&["sync-spec", "--from", path(&corrected)]);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(output.out.contains("\nupdated the document of version 1.8.7\n"), "{output:?}");
    let source = copy.read("source.toml");
    assert!(source.starts_with(head) && source.ends_with(note), "{source}");
    assert!(source.contains("obtained = \"reconstructed\"\n"), "{source}");
    assert!(source.contains(&sha256(&corrected)), "{source}");
    // Another version is no correction.
    assert_eq!(copy.run(&["sync-spec", "--from", path(&fixture("1.8.77"))]).code, 0);
    let source = copy.read("source.toml");
    assert!(source.contains("obtained = \"file agents-1.8.77.yaml\""), "{source}");
    assert!(!source.contains("note"), "{source}");
}

#[test]
fn an_unreleased_crate_version_can_stay() {
    let copy = WorkingCopy::new();
    fs::write(copy.root().join("CHANGELOG.md"), "# Changelog\n\n## 0.3.1 (unreleased)\n").unwrap();
    let output = copy.run(&["sync-spec", "--from", path(&fixture("1.8.77"))]);
    assert!(
        output.out.contains("0.3.1 can stay, as it is unreleased (Rust changes: major)"),
        "{}",
        output.out
    );
    assert!(output.out.contains("\n## 0.3.1 (unreleased)\n"), "{}", output.out);
}

#[test]
fn error_responses_are_errors() {
    assert_server_refused(&Server::with_response("404 Not Found", "", "no"), "404 Not Found");
    assert_server_refused(&Server::with_response("500 Oops", "", newer()), "500");
    // Another port is another origin.
    let other = Server::with_response("200 OK", "", newer());
    let headers = format!("location: {}\r\n", other.url);
    assert_server_refused(
        &Server::with_response("302 Found", &headers, ""),
        "redirects to another host",
    );
    assert_eq!(other.requests().len(), 0);
    let headers = "location: /openapi.yaml\r\n";
    assert_server_refused(&Server::with_response("302 Found", headers, ""), "10 redirects");
}

#[test]
fn redirects_within_the_host_are_followed() {
    let body = newer();
    let server = Server::start(move |head, stream| {
        if head.starts_with("get /openapi.yaml ") {
            return write!(
                stream,
                "HTTP/1.1 301 Moved\r\nlocation: new.yaml\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            );
        }
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        )?;
        stream.write_all(&body)
    });
    let output = WorkingCopy::new().run(&["sync-spec", "--check", "--from", &server.url]);
    assert_eq!(output.code, 1, "{output:?}");
}

#[test]
fn invalid_documents_are_refused() {
    let html = "<!doctype html><title>Sign in</title>";
    assert_server_refused(&Server::with_response("200 OK", "", html), "web page (“Sign in”)");
    let json = "{\"error\": \"not found\"}";
    let html_header = "content-type: text/html\r\n";
    assert_server_refused(&Server::with_response("200 OK", html_header, json), "web page");
    assert_server_refused(&Server::with_response("200 OK", "", json), "missing `openapi` version");
    assert_server_refused(
        &Server::with_response("200 OK", "", "just: [yaml"),
        "not a valid OpenAPI document",
    );
    assert_server_refused(
        &Server::with_response("200 OK", "", ""),
        "not an OpenAPI document: empty",
    );
    assert_server_refused(&Server::with_response("200 OK", "", vec![0xff, 0xfe]), "UTF-8");
    let swagger = "swagger: '2.0'\npaths: {}";
    assert_server_refused(&Server::with_response("200 OK", "", swagger), "Swagger 2.0");
    let empty = "openapi: 3.1.0\ninfo: { title: Agent Service, version: v1 }\npaths: {}";
    assert_server_refused(&Server::with_response("200 OK", "", empty), "`paths` is empty");
    let refused = "openapi: 3.1.0\ninfo: { title: Agent Service, version: v1 }\npaths: { /a: { get: { responses: { '200': { $ref: '#/nowhere' } } } } }";
    assert_server_refused(
        &Server::with_response("200 OK", "", refused),
        "#/paths/~1a/get/responses/200",
    );
    let beyond = "openapi: 3.1.0\ninfo: { title: Agent Service, version: v1 }\npaths: { /a: { get: { responses: { '101': { description: no } } } } }";
    assert_server_refused(
        &Server::with_response("200 OK", "", beyond),
        "#/paths/~1a/get/responses/101",
    );
}

#[test]
fn another_api_is_refused_unless_its_title_is_accepted() {
    let other = "openapi: 3.1.0\ninfo: { title: Pet Store, version: v1 }\npaths: { /a: { get: { responses: { '200': { description: ok } } } } }";
    let server = Server::with_response("200 OK", "", other);
    assert_server_refused(&server, "title `Pet Store`, expected `Agent Service`");
    let copy = WorkingCopy::new();
    let output = copy.run(&["sync-spec", "--accept-title", "--from", &server.url]);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(copy.read("source.toml").contains("title = \"Pet Store\""));
}

#[test]
fn http_is_permitted_on_loopback_only() {
    let copy = WorkingCopy::new();
    for (url, reason) in [
        ("http://upstream.example/openapi.yaml", "use https"),
        ("ftp://upstream.example/openapi.yaml", "unsupported scheme `ftp`"),
    ] {
        let before = copy.files();
        let output = copy.run(&["sync-spec", "--from", url]);
        assert_eq!(output.code, 2, "{output:?}");
        assert!(output.err.contains(reason), "{output:?}");
        assert_eq!(copy.files(), before);
    }
}

#[test]
fn an_incomplete_response_is_an_error() {
    let body = newer();
    let server = Server::start(move |_, stream| {
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len())?;
        stream.write_all(&body[..body.len() / 2])
    });
    assert_server_refused(&server, "end of file before message length reached");
}

#[test]
fn a_response_larger_than_the_limit_is_an_error() {
    let was_cut_off = std::sync::Arc::new(AtomicBool::new(false));
    let cut_off = was_cut_off.clone();
    let server = Server::start(move |_, stream| {
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", 100 << 20)?;
        let block = vec![b'#'; 1 << 20];
        let written = (0..100).try_for_each(|_| stream.write_all(&block));
        cut_off.store(written.is_err(), Ordering::SeqCst);
        written
    });
    assert_server_refused(&server, "larger than 32 MiB");
    assert!(was_cut_off.load(Ordering::SeqCst) || server.requests().len() == 1);
}

#[test]
fn a_decompressed_body_larger_than_the_limit_is_an_error() {
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..200 {
        bomb.write_all(&vec![b'#'; 1 << 20]).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 1 << 20);
    let server = Server::with_response("200 OK", "content-encoding: gzip\r\n", bomb);
    assert_server_refused(&server, "larger than 32 MiB");
}

#[test]
fn a_timeout_is_an_error() {
    let (hold, held) = std::sync::mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let server = Server::start(move |_, stream| {
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nopenapi")?;
        stream.flush()?;
        // Blocks until the end of the test.
        let _ = held.lock().unwrap().recv();
        Ok(())
    });
    let copy = WorkingCopy::new();
    let arguments = ["sync-spec", "--timeout", "1", "--from", &server.url];
    assert_refused(&copy, &arguments, "timed out");
    drop(hold);
}

#[test]
fn validators_of_an_unchanged_document_are_recorded() {
    let headers = "etag: \"v7\"\r\n";
    let server = Server::with_response("200 OK", headers, fs::read(fixture("1.8.7")).unwrap());
    let copy = WorkingCopy::new();
    copy.write_source(&server.url, "");
    let output = copy.run(&["sync-spec", "--check"]);
    assert_eq!((output.code, copy.read("source.toml").contains("etag")), (0, false), "{output:?}");
    let output = copy.run(&["sync-spec"]);
    assert_eq!(
        (output.code, output.out.as_str()),
        (0, "in sync with version 1.8.7\n"),
        "{output:?}"
    );
    assert!(copy.read("source.toml").contains("etag = \"\\\"v7\\\"\""));
    copy.run(&["sync-spec"]);
    assert!(server.requests().last().unwrap().contains("if-none-match: \"v7\""));
}

#[test]
fn a_304_to_an_unconditional_request_is_an_error() {
    let server = Server::with_response("304 Not Modified", "", "");
    let copy = WorkingCopy::new();
    copy.write_source(&server.url, "");
    fs::write(copy.spec("openapi.yaml"), newer()).unwrap();
    let before = copy.files();
    let output = copy.run(&["sync-spec"]);
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.err.contains("304"), "{output:?}");
    assert_eq!(copy.files(), before);
}

#[test]
fn urls_with_passwords_are_refused() {
    let output =
        WorkingCopy::new().run(&["sync-spec", "--from", "https://user:sekret@upstream.example/x"]);
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.err.contains("password are refused"), "{output:?}");
}

#[test]
fn nothing_is_written_without_a_crate_version() {
    let copy = WorkingCopy::new();
    fs::write(copy.root().join("Cargo.toml"), "[package]\nversion.workspace = true\n").unwrap();
    assert_refused(&copy, &["sync-spec", "--from", path(&fixture("1.8.77"))], "Cargo.toml");
}

#[test]
fn any_document_version_is_reported_in_one_line() {
    let odd = format!("\"1\\n```\\n<b>x{}\"", "y".repeat(70_000));
    let text =
        String::from_utf8(newer()).unwrap().replacen("version: v1", &format!("version: {odd}"), 1);
    let copy = WorkingCopy::new();
    let file = copy.root().join("odd.yaml");
    fs::write(&file, text).unwrap();
    let output = copy.run(&["sync-spec", "--format", "markdown", "--from", path(&file)]);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(output.out.chars().count() <= 60_000, "{}", output.out.chars().count());
    assert_eq!(output.out.matches("```").count(), 2);
    assert!(!output.out.contains("<b>"));
}

#[test]
fn the_policy_beside_the_document_is_applied() {
    let copy = WorkingCopy::new();
    let policy = "[rules]\noperation-added = \"none\"\n";
    fs::write(copy.spec("openapi-diff.toml"), policy).unwrap();
    let newer = fixture("1.8.77");
    let arguments = ["sync-spec", "--check", "--format", "json", "--from", path(&newer)];
    let output = copy.run(&arguments);
    assert_eq!(output.code, 1, "{output:?}");
    let report: serde_json::Value = serde_json::from_str(&output.out).unwrap();
    let added = report["changes"].as_array().unwrap().iter();
    let added: Vec<_> = added.filter(|change| change["kind"] == "operation-added").collect();
    assert!(!added.is_empty());
    assert!(added.iter().all(|change| change["rust"] == "none"), "{added:?}");

    let before = copy.files();
    let policy = "[[accept]]\nrule = \"host-changed\"\nreason = \"announced\"\n";
    fs::write(copy.spec("openapi-diff.toml"), policy).unwrap();
    let output = copy.run(&["sync-spec", "--from", path(&newer)]);
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.err.contains("no files were changed"), "{output:?}");
    assert!(output.err.contains("matches nothing"), "{output:?}");
    let is_other = |(name, _): &(String, Vec<u8>)| name != "openapi-diff.toml";
    let unchanged = |files: Vec<_>| files.into_iter().filter(is_other).collect::<Vec<_>>();
    assert_eq!(unchanged(copy.files()), unchanged(before));
}

#[test]
fn successors_and_changes_of_meaning_are_reported() {
    let copy = WorkingCopy::new();
    fs::write(copy.spec("successors.toml"), "AgentList = \"WorkflowList\"\n").unwrap();
    let notes = "[[notes]]\nproperty = \"Agents.Execution.ListItem.workflowId\"\n\
                 with = \"Agents.Execution.ListItem.workflowVersionId\"\ntext = \"The workflow.\"\n\
                 [[notes]]\nproperty = \"Agents.Execution.ListItem.agentId\"\ntext = \"As before.\"\n";
    fs::write(copy.spec("notes.toml"), notes).unwrap();
    let newer = fixture("1.8.201");
    let run = |format: &str| {
        let arguments = ["sync-spec", "--check", "--format", format, "--from", path(&newer)];
        let output = copy.run(&arguments);
        assert_eq!(output.code, 1, "{output:?}");
        output.out
    };
    let report: serde_json::Value = serde_json::from_str(&run("json")).unwrap();
    let successor = |operation: &str| {
        let successors = report["successors"].as_array().unwrap().iter();
        let found = successors.filter(|one| one["operation"] == operation).collect::<Vec<_>>();
        let [one] = found[..] else { panic!("{operation}: {found:?}") };
        (one["successor"].as_str().unwrap().to_owned(), one["score"].is_null())
    };
    assert_eq!(successor("AgentList"), ("WorkflowList".to_owned(), true));
    assert_eq!(successor("AgentCreate"), ("WorkflowCreate".to_owned(), false));
    assert_eq!(
        report["notes"],
        serde_json::json!([
            { "property": "Agents.Execution.ListItem.workflowId", "text": "The workflow." },
        ])
    );
    let (text, markdown) = (run("text"), run("markdown"));
    for expected in [
        "another meaning of `Agents.Execution.ListItem.workflowId`: The workflow.",
        "- Another meaning of `Agents.Execution.ListItem.workflowId`: The workflow.",
        "proposed successors that are right belong into spec/successors.toml",
        "| `AgentList` | `WorkflowList` |",
        "| `AgentCreate` | `WorkflowCreate` (proposed, 61 %) |",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
        assert!(markdown.contains(expected), "{expected}: {markdown}");
    }
    assert!(!text.contains("As before."), "{text}");
}
