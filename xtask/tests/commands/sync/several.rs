//! Several vendored documents: that of the API, and one of webhooks.

use std::{fs, io::Write};

use serde_json::Value;

use crate::support::{WorkingCopy, fixture, path, server::Server, sha256};

/// A document whose only operation is a notification.
const WEBHOOKS: &str = r#"openapi: 3.1.0
info: { title: Notifications, version: "1" }
paths:
  /webhooks/example:
    post:
      operationId: ExampleWebhook
      requestBody:
        content: { application/json: { schema: { $ref: '#/components/schemas/Notification' } } }
      responses: { "204": { description: ok } }
components:
  schemas:
    Notification:
      type: object
      required: [id, event]
      properties: { id: { type: string }, event: { type: string, enum: [started] } }
"#;

/// The webhooks with an event of another name, and an id that may be absent.
fn newer_webhooks() -> String {
    WEBHOOKS.replace("[started]", "[started, completed]").replace("[id, event]", "[event]")
}

/// A working copy with both documents, whose URLs are these.
fn copy_of_both(api: &str, webhooks: &str) -> WorkingCopy {
    let copy = WorkingCopy::new();
    fs::write(copy.spec("webhooks.yaml"), WEBHOOKS).unwrap();
    fs::write(copy.spec("received.toml"), "ExampleWebhook = \"sent by the API\"\n").unwrap();
    let more = format!(
        "\n# The second document.\n[documents.webhooks]\nurl = \"{webhooks}\"\ndocs = \"https://docs.asteroid.ai/llms.txt\"\n\
         title = \"Notifications\"\nversion = \"1\"\nsha256 = \"{}\"\ndate = \"2026-01-01\"\nobtained = \"served\"\n",
        sha256(&copy.spec("webhooks.yaml"))
    );
    copy.write_source(api, &more);
    let output = copy.run(&["names"]);
    assert_eq!(output.code, 0, "{output:?}");
    assert!(output.out.contains("spec/webhooks.yaml: 4 names added"), "{output:?}");
    copy
}

/// A server that responds with this body, or with an error.
fn server(body: Option<Vec<u8>>) -> Server {
    Server::start(move |_, stream| {
        let (status, body) = match &body {
            Some(body) => ("200 OK", body.as_slice()),
            None => ("500 Oops", [].as_slice()),
        };
        let length = body.len();
        write!(
            stream,
            "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
        )?;
        stream.write_all(body)
    })
}

fn newer_api() -> Vec<u8> {
    fs::read(fixture("1.8.77")).unwrap()
}

#[test]
fn all_documents_are_updated() {
    let (api, webhooks) = (server(Some(newer_api())), server(Some(newer_webhooks().into())));
    let copy = copy_of_both(&api.url, &webhooks.url);
    let before = copy.files();
    let output = copy.run(&["sync-spec", "--check", "--format", "json"]);
    assert_eq!(output.code, 1, "{output:?}");
    assert_eq!(copy.files(), before);
    let output = copy.run(&["sync-spec", "--format", "json"]);
    assert_eq!((output.code, output.err.as_str()), (0, ""), "{output:?}");
    let json = output.json();
    let documents = json["documents"].as_object().unwrap();
    assert_eq!(json.as_object().unwrap().len(), 1);
    assert_eq!(documents.keys().collect::<Vec<_>>(), ["api", "webhooks"]);
    for (name, document) in documents {
        assert_eq!(document["outcome"], "written", "{name}");
        assert!(document["changes"].as_array().is_some_and(|all| !all.is_empty()), "{name}");
    }
    // What is received may not become optional.
    assert_eq!(documents["webhooks"]["wire"], "major", "{}", documents["webhooks"]);
    assert_eq!(fs::read(copy.spec("openapi.yaml")).unwrap(), newer_api());
    assert_eq!(copy.read("webhooks.yaml"), newer_webhooks());
    let source = copy.read("source.toml");
    for name in ["openapi.yaml", "webhooks.yaml"] {
        assert!(source.contains(&sha256(&copy.spec(name))), "{name}: {source}");
    }
    assert!(source.contains("\n# The second document.\n[documents.webhooks]\n"), "{source}");
    assert!(copy.read("webhooks-names.toml").contains("completed"));
    // Once more, there is nothing to do.
    let output = copy.run(&["sync-spec", "--check"]);
    assert_eq!(output.code, 0, "{output:?}");
    assert_eq!(output.out, "api:\nin sync with version v1\n\nwebhooks:\nin sync with version 1\n");
    assert_eq!(copy.run(&["names", "--check"]).code, 0);
}

#[test]
fn a_failure_does_not_hide_the_other_document() {
    let failing = server(None);
    let (api, webhooks) = (server(Some(newer_api())), server(Some(newer_webhooks().into())));
    for (api, webhooks, failed, updated) in [
        (&api.url, &failing.url, "webhooks", "api"),
        (&failing.url, &webhooks.url, "api", "webhooks"),
    ] {
        let copy = copy_of_both(api, webhooks);
        let output = copy.run(&["sync-spec", "--format", "json"]);
        assert_eq!(output.code, 2, "{output:?}");
        assert!(
            output.err.starts_with(&format!("error: {failed}: http://127.0.0.1")),
            "{output:?}"
        );
        let documents = &output.json()["documents"];
        assert!(documents[failed]["error"].as_str().is_some_and(|text| text.contains("500")));
        assert_eq!(documents[updated]["outcome"], "written");
        for format in ["text", "markdown"] {
            let output = copy.run(&["sync-spec", "--check", "--format", format]);
            assert_eq!(output.code, 2, "{output:?}");
            assert!(output.out.contains("ailed: http://127.0.0.1"), "{output:?}");
            assert!(output.out.contains("n sync with version"), "{output:?}");
        }
    }
}

#[test]
fn one_document_is_reported_alone() {
    let copy = copy_of_both("https://api.example/a.yaml", "https://api.example/b.yaml");
    let newer = copy.root().join("newer.yaml");
    fs::write(&newer, newer_webhooks()).unwrap();
    let before = copy.files();
    let arguments = ["sync-spec", "--check", "--format", "json", "--from", path(&newer)];
    let output = copy.run(&[arguments.as_slice(), &["--document", "webhooks"]].concat());
    assert_eq!(output.code, 1, "{output:?}");
    let json = output.json();
    assert_eq!((&json["outcome"], &json["wire"]), (&"differs".into(), &"major".into()));
    assert_eq!(json["documents"], Value::Null);
    // A file is that of the API, unless another document is named.
    let output = copy.run(&arguments);
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.err.contains("document of another API"), "{output:?}");
    let output = copy.run(&["sync-spec", "--document", "other"]);
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.err.contains("no document `other`"), "{output:?}");
    assert_eq!(copy.files(), before);
    // Both files stay as they are; each command warns of one that was edited.
    fs::write(copy.spec("webhooks.yaml"), newer_webhooks()).unwrap();
    let output = copy.run(&["names", "--check"]);
    assert_eq!(output.code, 1, "{output:?}");
    let advice = "run `cargo xtask sync-spec --from spec/webhooks.yaml --document webhooks`";
    assert!(output.err.contains(advice), "{output:?}");
    assert!(
        output.out.starts_with("spec/webhooks.yaml: 1 types or variants without"),
        "{output:?}"
    );
}

#[test]
fn diff_spec_knows_what_is_received() {
    let copy = copy_of_both("https://api.example/a.yaml", "https://api.example/b.yaml");
    let newer = copy.root().join("newer.yaml");
    fs::write(&newer, newer_webhooks()).unwrap();
    let old = copy.spec("webhooks.yaml");
    for (old, new, wire) in [(&old, &newer, "major"), (&newer, &old, "none")] {
        let output = copy.run(&["diff-spec", path(old), path(new), "--format", "json"]);
        assert_eq!(output.json()["wire"], wire, "{output:?}");
    }
}

#[test]
fn check_docs_compares_pages_with_a_named_document() {
    let copy = copy_of_both("https://api.example/a.yaml", "https://api.example/webhooks/b.json");
    let pages = copy.root().join("pages");
    fs::create_dir(&pages).unwrap();
    let page = |text: &str| {
        let info = "https://api.example/webhooks/b.json post /webhooks/example";
        fs::write(pages.join("page.md"), format!("# Webhook\n\n````yaml {info}\n{text}````\n"))
            .unwrap();
        let arguments = ["check-docs", "--format", "json", "--from", path(&pages)];
        let output = copy.run(&[arguments.as_slice(), &["--document", "webhooks"]].concat());
        (output.code, output.json()["matching"].clone())
    };
    assert_eq!(page(WEBHOOKS), (0, 1.into()));
    assert_eq!(page(&newer_webhooks()), (1, 0.into()));
    // The page is of another document than the API's.
    let output = copy.run(&["check-docs", "--from", path(&pages)]);
    assert_eq!(output.code, 2, "{output:?}");
    assert!(output.err.contains("of another document"), "{output:?}");
}
