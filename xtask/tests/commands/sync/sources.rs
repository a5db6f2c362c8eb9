//! Where documents come from, and what is no document.

use std::{
    fs,
    io::Write,
    process::Stdio,
    sync::atomic::{AtomicBool, Ordering},
};

use crate::support::{Copy, Said, fixture, path, server::Server, sha256};

fn newer() -> Vec<u8> {
    fs::read(fixture("1.8.77")).unwrap()
}

/// Nothing is written, the exit status is 2, and the reason says what is said here.
fn assert_refused(copy: &Copy, arguments: &[&str], reason: &str) {
    let before = copy.files();
    let said = copy.run(arguments);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains(reason), "{reason}: {said:?}");
    assert_eq!(said.out, "", "{reason}");
    assert_eq!(copy.files(), before, "{reason}");
}

fn assert_server_refused(server: &Server, reason: &str) {
    assert_refused(&Copy::new(), &["sync-spec", "--from", &server.url], reason);
}

#[test]
fn a_document_is_written_as_it_was_served() {
    let copy = Copy::new();
    // Comments and CRLF are what was served, too.
    let served = [b"# served\r\n".to_vec(), newer()].concat();
    let headers = "etag: \"v77\"\r\nlast-modified: Wed, 25 Nov 2026 08:00:00 GMT\r\n";
    let server = Server::with("200 OK", headers, served.clone());
    copy.write_source(&server.url, "");
    let names = copy.read("names.toml");
    let said = copy.run(&["sync-spec"]);
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{said:?}");
    assert!(said.out.contains("operation-added"), "{}", said.out);
    assert!(said.out.contains("The crate needs version 0.4.0 next, after 0.3.1"), "{}", said.out);
    assert!(said.out.contains("\n## 0.4.0 (unreleased)\n"), "{}", said.out);
    assert_eq!(fs::read(copy.spec("openapi.yaml")).unwrap(), served);
    let source = copy.read("source.toml");
    for line in ["obtained = \"served\"", "etag = \"\\\"v77\\\"\"", "version = \"v1\""] {
        assert!(source.contains(line), "{line}: {source}");
    }
    let grown = copy.read("names.toml");
    assert!(names.lines().skip(3).all(|line| grown.contains(line)));
    assert!(grown.contains("VaultItem"), "{grown}");
    assert_eq!(copy.files().len(), 3);
}

#[test]
fn a_server_that_knows_what_is_here_sends_nothing() {
    let server = Server::start(|head, stream| {
        let known = head.contains("if-none-match: \"v1\"")
            && head.contains("if-modified-since: wed, 25 nov 2026 08:00:00 gmt");
        let status = if known { "304 Not Modified" } else { "500 Oops" };
        write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
    });
    let copy = Copy::new();
    let more = "etag = \"\\\"v1\\\"\"\nlast_modified = \"Wed, 25 Nov 2026 08:00:00 GMT\"\n";
    copy.write_source(&server.url, more);
    let before = copy.files();
    for arguments in [["sync-spec"].as_slice(), &["sync-spec", "--check"]] {
        let said = copy.run(arguments);
        assert_eq!((said.code, said.out.as_str()), (0, "in sync with version 1.8.7\n"), "{said:?}");
    }
    assert_eq!(copy.files(), before);
    // A file that isn't as recorded may not be kept on that server's word.
    fs::write(copy.spec("openapi.yaml"), newer()).unwrap();
    let said = copy.run(&["sync-spec"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("500"), "{said:?}");
    assert!(!server.requests().last().unwrap().contains("if-none-match"));
}

#[test]
fn the_same_document_is_in_sync() {
    let copy = Copy::new();
    let server = Server::with("200 OK", "", fs::read(fixture("1.8.7")).unwrap());
    let before = copy.files();
    let said = copy.run(&["sync-spec", "--from", &server.url]);
    assert_eq!((said.code, said.out.as_str()), (0, "in sync with version 1.8.7\n"), "{said:?}");
    assert_eq!(copy.files(), before);
}

#[test]
fn check_writes_nothing_and_says_by_its_exit_status() {
    let copy = Copy::new();
    let before = copy.files();
    let newer = fixture("1.8.77");
    let said = copy.run(&["sync-spec", "--check", "--from", path(&newer), "--format", "json"]);
    assert_eq!(said.code, 1, "{said:?}");
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(json["outcome"], "differs");
    assert_eq!((&json["rust"], &json["next_version"]), (&"major".into(), &"0.4.0".into()));
    assert!(!json["changes"].as_array().unwrap().is_empty());
    // Another order of keys is another file, and no change.
    let text = fs::read_to_string(copy.spec("openapi.yaml")).unwrap() + "\n# end\n";
    let file = copy.root().join("same.yaml");
    fs::write(&file, text).unwrap();
    let said = copy.run(&["sync-spec", "--check", "--from", path(&file)]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.out.starts_with("no changes; wire: none, rust: none\n"), "{said:?}");
    assert_eq!(copy.files(), before);
    let same = copy.spec("openapi.yaml");
    assert_eq!(copy.run(&["sync-spec", "--check", "--from", path(&same)]).code, 0);
}

#[test]
fn documents_come_from_files_and_standard_input() {
    let copy = Copy::new();
    let mut command = copy.command(&["sync-spec", "--from", "-", "--format", "markdown"]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&newer()).unwrap();
    let said = Said::of(child.wait_with_output().unwrap());
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("| wire | rust | change | operations |"), "{}", said.out);
    assert!(said.out.contains("For CHANGELOG.md"), "{}", said.out);
    assert!(said.out.chars().count() <= 60_000);
    assert!(copy.read("source.toml").contains("obtained = \"standard input\""));
    let said = copy.run(&["sync-spec", "--from", path(&fixture("1.8.7"))]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(copy.read("source.toml").contains("obtained = \"file agents-1.8.7.yaml\""));
    assert!(copy.read("source.toml").contains("version = \"1.8.7\""));
    assert_refused(&copy, &["sync-spec", "--from", "nowhere.yaml"], "nowhere.yaml");
}

#[test]
fn a_correction_of_a_reconstruction_stays_one() {
    let copy = Copy::new();
    let head = "# Where it came from.\n";
    let rest = copy.read("source.toml").replace("\"served\"", "\"reconstructed\"");
    let note = "# Why.\nnote = \"\"\"\nFrom what is \\\nknown.\"\"\"\n";
    fs::write(copy.spec("source.toml"), format!("{head}{rest}{note}")).unwrap();
    let text = fs::read_to_string(copy.spec("openapi.yaml")).unwrap() + "\n# corrected\n";
    let corrected = copy.root().join("agents-1.8.7.yaml");
    fs::write(&corrected, text).unwrap();
    let said = copy.run(&["sync-spec", "--from", path(&corrected)]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.contains("\nanother document of version 1.8.7\n"), "{said:?}");
    let source = copy.read("source.toml");
    assert!(source.starts_with(head) && source.ends_with(note), "{source}");
    assert!(source.contains("obtained = \"reconstructed\"\n"), "{source}");
    assert!(source.contains(&sha256(&corrected)), "{source}");
    // Another version is another document.
    assert_eq!(copy.run(&["sync-spec", "--from", path(&fixture("1.8.77"))]).code, 0);
    let source = copy.read("source.toml");
    assert!(source.contains("obtained = \"file agents-1.8.77.yaml\""), "{source}");
    assert!(!source.contains("note"), "{source}");
}

#[test]
fn a_version_that_is_not_released_can_stay() {
    let copy = Copy::new();
    fs::write(copy.root().join("CHANGELOG.md"), "# Changelog\n\n## 0.3.1 (unreleased)\n").unwrap();
    let said = copy.run(&["sync-spec", "--from", path(&fixture("1.8.77"))]);
    assert!(said.out.contains("can stay 0.3.1, which isn't released yet: major"), "{}", said.out);
    assert!(said.out.contains("\n## 0.3.1 (unreleased)\n"), "{}", said.out);
}

#[test]
fn errors_of_the_server_are_said() {
    assert_server_refused(&Server::with("404 Not Found", "", "no"), "404 Not Found");
    assert_server_refused(&Server::with("500 Oops", "", newer()), "500");
    // Another port is another host, too.
    let other = Server::with("200 OK", "", newer());
    let headers = format!("location: {}\r\n", other.url);
    assert_server_refused(&Server::with("302 Found", &headers, ""), "redirects to another host");
    assert_eq!(other.requests().len(), 0);
    let headers = "location: /openapi.yaml\r\n";
    assert_server_refused(&Server::with("302 Found", headers, ""), "10 redirects");
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
    let said = Copy::new().run(&["sync-spec", "--check", "--from", &server.url]);
    assert_eq!(said.code, 1, "{said:?}");
}

#[test]
fn what_is_no_document_is_refused() {
    let html = "<!doctype html><title>Sign in</title>";
    assert_server_refused(&Server::with("200 OK", "", html), "web page (“Sign in”)");
    let json = "{\"error\": \"not found\"}";
    let html_header = "content-type: text/html\r\n";
    assert_server_refused(&Server::with("200 OK", html_header, json), "web page");
    assert_server_refused(&Server::with("200 OK", "", json), "no `openapi` version");
    assert_server_refused(&Server::with("200 OK", "", "just: [yaml"), "no OpenAPI document");
    assert_server_refused(&Server::with("200 OK", "", ""), "it is empty");
    assert_server_refused(&Server::with("200 OK", "", vec![0xff, 0xfe]), "UTF-8");
    let swagger = "swagger: '2.0'\npaths: {}";
    assert_server_refused(&Server::with("200 OK", "", swagger), "Swagger 2.0");
    let empty = "openapi: 3.1.0\ninfo: { title: Agent Service, version: v1 }\npaths: {}";
    assert_server_refused(&Server::with("200 OK", "", empty), "`paths` are empty");
    let refused = "openapi: 3.1.0\ninfo: { title: Agent Service, version: v1 }\npaths: { /a: { get: { responses: { '200': { $ref: '#/nowhere' } } } } }";
    assert_server_refused(&Server::with("200 OK", "", refused), "#/paths/~1a/get/responses/200");
    let beyond = "openapi: 3.1.0\ninfo: { title: Agent Service, version: v1 }\npaths: { /a: { trace: { responses: { '200': { description: ok } } } } }";
    assert_server_refused(&Server::with("200 OK", "", beyond), "#/paths/~1a/trace");
}

#[test]
fn another_api_is_refused_unless_its_title_is_accepted() {
    let other = "openapi: 3.1.0\ninfo: { title: Pet Store, version: v1 }\npaths: { /a: { get: { responses: { '200': { description: ok } } } } }";
    let server = Server::with("200 OK", "", other);
    assert_server_refused(&server, "its title is `Pet Store`, not `Agent Service`");
    let copy = Copy::new();
    let said = copy.run(&["sync-spec", "--accept-title", "--from", &server.url]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(copy.read("source.toml").contains("title = \"Pet Store\""));
}

#[test]
fn http_is_for_this_machine_only() {
    let copy = Copy::new();
    for (url, reason) in [
        ("http://upstream.example/openapi.yaml", "use https"),
        ("ftp://upstream.example/openapi.yaml", "isn't https"),
    ] {
        let before = copy.files();
        let said = copy.run(&["sync-spec", "--from", url]);
        assert_eq!(said.code, 2, "{said:?}");
        assert!(said.err.contains(reason), "{said:?}");
        assert_eq!(copy.files(), before);
    }
}

#[test]
fn half_a_document_is_none() {
    let body = newer();
    let server = Server::start(move |_, stream| {
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len())?;
        stream.write_all(&body[..body.len() / 2])
    });
    assert_server_refused(&server, "end of file before message length reached");
}

#[test]
fn a_document_without_end_is_given_up() {
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
fn a_small_body_that_becomes_a_large_one_is_given_up() {
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..200 {
        bomb.write_all(&vec![b'#'; 1 << 20]).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 1 << 20);
    let server = Server::with("200 OK", "content-encoding: gzip\r\n", bomb);
    assert_server_refused(&server, "larger than 32 MiB");
}

#[test]
fn a_body_that_takes_too_long_is_given_up() {
    let (hold, held) = std::sync::mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let server = Server::start(move |_, stream| {
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nopenapi")?;
        stream.flush()?;
        // Until the test has ended.
        let _ = held.lock().unwrap().recv();
        Ok(())
    });
    let copy = Copy::new();
    let arguments = ["sync-spec", "--timeout", "1", "--from", &server.url];
    assert_refused(&copy, &arguments, "it took too long");
    drop(hold);
}

#[test]
fn what_the_server_calls_the_document_is_learned_even_if_it_is_the_same() {
    let headers = "etag: \"v7\"\r\n";
    let server = Server::with("200 OK", headers, fs::read(fixture("1.8.7")).unwrap());
    let copy = Copy::new();
    copy.write_source(&server.url, "");
    let said = copy.run(&["sync-spec", "--check"]);
    assert_eq!((said.code, copy.read("source.toml").contains("etag")), (0, false), "{said:?}");
    let said = copy.run(&["sync-spec"]);
    assert_eq!((said.code, said.out.as_str()), (0, "in sync with version 1.8.7\n"), "{said:?}");
    assert!(copy.read("source.toml").contains("etag = \"\\\"v7\\\"\""));
    copy.run(&["sync-spec"]);
    assert!(server.requests().last().unwrap().contains("if-none-match: \"v7\""));
}

#[test]
fn a_304_that_nobody_asked_for_is_an_error() {
    let server = Server::with("304 Not Modified", "", "");
    let copy = Copy::new();
    copy.write_source(&server.url, "");
    fs::write(copy.spec("openapi.yaml"), newer()).unwrap();
    let before = copy.files();
    let said = copy.run(&["sync-spec"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("304"), "{said:?}");
    assert_eq!(copy.files(), before);
}

#[test]
fn urls_with_passwords_are_refused_and_not_shown() {
    let said = Copy::new().run(&["sync-spec", "--from", "https://user:sekret@upstream.example/x"]);
    assert_eq!(said.code, 2, "{said:?}");
    assert!(said.err.contains("password isn't fetched"), "{said:?}");
}

#[test]
fn without_a_version_of_the_crate_nothing_is_written() {
    let copy = Copy::new();
    fs::write(copy.root().join("Cargo.toml"), "[package]\nversion.workspace = true\n").unwrap();
    assert_refused(&copy, &["sync-spec", "--from", path(&fixture("1.8.77"))], "Cargo.toml");
}

#[test]
fn a_version_may_be_any_text_and_is_shown_in_a_line() {
    let odd = format!("\"1\\n```\\n<b>x{}\"", "y".repeat(70_000));
    let text =
        String::from_utf8(newer()).unwrap().replacen("version: v1", &format!("version: {odd}"), 1);
    let copy = Copy::new();
    let file = copy.root().join("odd.yaml");
    fs::write(&file, text).unwrap();
    let said = copy.run(&["sync-spec", "--format", "markdown", "--from", path(&file)]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.chars().count() <= 60_000, "{}", said.out.chars().count());
    assert_eq!(said.out.matches("```").count(), 2);
    assert!(!said.out.contains("<b>"));
}
