//! Memory and time of `check-docs` on large sites.
#![cfg(target_os = "linux")]

use std::{
    fs,
    io::Write,
    process::Stdio,
    sync::{Arc, OnceLock},
};

use serde_json::json;

use super::{
    Pages, check, document,
    generator::{fragment, page},
    run_with_time_limit,
};
use crate::support::{CommandOutput, WorkingCopy, path, server::Server};

/// The number of pages.
const PAGES: usize = 60;
/// The size of a page in bytes.
const SIZE: usize = 4 << 20;

#[test]
fn pages_are_not_retained() {
    // The peak of the process when it requests the last page.
    let (process, peak) = (Arc::new(OnceLock::new()), Arc::new(OnceLock::new()));
    let (observed, measured) = (process.clone(), peak.clone());
    let server = Server::start(move |head, stream| {
        let body = if head.starts_with("get /llms.txt ") {
            (0..PAGES).map(|number| format!("- [{number}](/{number}.md)\n")).collect()
        } else {
            "word ".repeat(SIZE / 5)
        };
        if head.starts_with(&format!("get /{}.md ", PAGES - 1)) {
            let status = fs::read_to_string(format!("/proc/{}/status", observed.wait())).unwrap();
            let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
            let kib: usize = line.split_whitespace().nth(1).unwrap().parse().unwrap();
            measured.set(kib << 10).unwrap();
        }
        write!(
            stream,
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
    });
    let index = server.url.replace("openapi.yaml", "llms.txt");
    let copy = WorkingCopy::without_names();
    let mut command = copy.command(&["check-docs", "--from", &index]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    process.set(child.id()).unwrap();
    let output = CommandOutput::new(child.wait_with_output().unwrap());
    assert_eq!(server.requests().len(), 1 + PAGES, "{output:?}");
    let peak = *peak.get().unwrap();
    assert!(peak < PAGES * SIZE / 2, "{} MiB", peak >> 20);
}

/// The document isn't copied for each page: 400 pages of one with 20,000 schemas.
#[test]
fn the_components_of_the_document_are_not_copied_for_each_page() {
    let schema = |number: usize| {
        let properties = json!({ "a": { "type": "string" }, "b": { "type": "integer" } });
        (format!("Unused{number}"), json!({ "type": "object", "properties": properties }))
    };
    let mut document = document("1.8.7");
    let page =
        page(&fragment(&document, "/agent-profile-pools", "get"), "/agent-profile-pools", "get");
    let schemas = document["components"]["schemas"].as_object_mut().unwrap();
    schemas.extend((0..20_000).map(schema));
    let pages = Pages::with("openapi.json", document.to_string());
    for number in 0..400 {
        pages.write(&format!("{number}.md"), &page);
    }
    let spec = pages.folder().join("openapi.json");
    let arguments = ["--spec", path(&spec), "--from", pages.path(), "--format", "json"];
    let output = run_with_time_limit(60, &arguments);
    assert_eq!((output.code, &output.json()["pages"]), (0, &400.into()), "{}", output.err);
}

/// Properties that the document lacks, each of which is a finding.
#[test]
fn a_page_that_differs_throughout_has_a_bounded_number_of_findings() {
    let mut fragment = fragment(&document("1.8.7"), "/agent-profile-pools", "get");
    let properties = "/components/schemas/Agents.Profile.AgentProfilePool/properties";
    let properties = fragment.pointer_mut(properties).unwrap().as_object_mut().unwrap();
    properties
        .extend((0..5_000).map(|number| (format!("new{number}"), json!({ "type": "string" }))));
    let pages = Pages::with("page.md", page(&fragment, "/agent-profile-pools", "get"));
    let findings = check("1.8.7", &["--from", pages.path()]).findings();
    assert_eq!(findings.len(), 2_001);
    assert!(findings.iter().any(|finding| {
        finding["kind"] == "findings-omitted"
            && finding["message"] == "3000 further findings on this page are omitted"
    }));
}

/// A description of a megabyte, which differs at its end.
#[test]
fn values_of_findings_are_bounded() {
    let mut fragment = fragment(&document("1.8.7"), "/agent-profile-pools", "get");
    let operation = fragment.pointer_mut("/paths/~1agent-profile-pools/get").unwrap();
    operation["description"] = "long ".repeat(200_000).into();
    let pages = Pages::with("page.md", page(&fragment, "/agent-profile-pools", "get"));
    let output = check("1.8.7", &["--prose", "--from", pages.path()]);
    assert_eq!(output.kinds(), ["operation-prose-differs"]);
    assert!(output.out.len() < 10_000, "{}", output.out.len());
}
