//! A whole site, generated from a document as Mintlify does, saved or served.

use std::{
    collections::BTreeMap,
    io::Write,
    sync::{Arc, Barrier, Mutex},
};

use serde_json::{Value, json};

use super::{
    PAGE, Pages, check, document,
    generator::{Form, mintlify_site, site},
};
use crate::support::{WorkingCopy, fixture, path, server::Server};

/// Serves files, and returns the URL of the index.
pub fn serve(site: BTreeMap<String, String>) -> (Server, String) {
    let server = Server::start(move |head, stream| {
        let path = head.split_whitespace().nth(1).unwrap_or("/").trim_start_matches('/');
        match site.get(path) {
            Some(text) => write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-type: text/markdown; charset=utf-8\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{text}",
                text.len()
            ),
            None => write!(
                stream,
                "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            ),
        }
    });
    let index = server.url.replace("openapi.yaml", "llms.txt");
    (server, index)
}

/// The site with links relative to its host.
fn relative(mut site: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let index = site.get_mut("llms.txt").unwrap();
    *index = index.replace("https://docs.asteroid.ai/", "/");
    site
}

#[test]
fn the_site_of_a_document_matches_it_in_all_forms() {
    let document = document("1.8.201");
    for form in [Form::ExpressPaths, Form::ReadMe, Form::GitBook] {
        let site = site(&document, form);
        let pages = Pages::new();
        site.iter().for_each(|(name, text)| pages.write(name, text));
        let output = check("1.8.201", &["--from", pages.path(), "--complete", "--prose"]);
        let json = output.json();
        assert_eq!(json["findings"], json!([]), "{form:?}");
        assert_eq!(json["undocumented"], json!([]), "{form:?}");
        assert_eq!((&json["pages"], output.code), (&(site.len() - 1).into(), 0), "{form:?}");
    }
}

#[test]
fn the_site_of_a_document_matches_it() {
    for version in ["1.8.7", "1.8.77", "1.8.201", "1.9.167"] {
        let document = document(version);
        let operations = mintlify_site(&document).len() - 1;
        let (_server, index) = serve(relative(mintlify_site(&document)));
        let output = check(version, &["--from", &index, "--complete", "--prose"]);
        let json = output.json();
        assert_eq!(json["findings"], json!([]), "{version}");
        assert_eq!((output.code, output.err.as_str()), (0, ""), "{version}");
        assert_eq!((&json["pages"], &json["matching"]), (&operations.into(), &operations.into()));
        assert_eq!(json["undocumented"], json!([]));
    }
}

#[test]
fn saved_pages_have_the_same_findings() {
    let mut site = relative(mintlify_site(&document("1.8.7")));
    site.remove("api-reference/executionget.md").unwrap();
    let page = site.get_mut("api-reference/agentexecutepost.md").unwrap();
    *page = page.replace("'202':", "'200':");
    // A link without `.md` gets it, and one with a fragment is the same page.
    let index = site.get_mut("llms.txt").unwrap();
    *index = index.replace("agentlist.md", "agentlist#top");
    let (server, index) = serve(site);
    let saved = Pages::new();
    let live = check("1.8.7", &["--from", &index, "--save", saved.path()]);
    assert_eq!(live.code, 1, "{live:?}");
    let mut kinds = live.kinds();
    kinds.sort();
    assert_eq!(kinds, ["page-missing", "success-status-differs"]);
    assert_eq!(live.json()["pages"], 54);
    assert_eq!(server.requests().iter().filter(|head| head.contains("agentlist.md ")).count(), 1);
    drop(server);
    let repeated = check("1.8.7", &["--from", saved.path()]);
    let message = |finding: &Value| finding["message"].as_str().unwrap().to_owned();
    let (live, repeated) = (live.findings(), repeated.findings());
    assert_eq!(live.len(), repeated.len());
    for (one, other) in live.iter().zip(&repeated) {
        // The reason differs between a file and a response.
        if one["kind"] != "page-missing" {
            assert_eq!(one, other);
        }
        assert_eq!((&one["page"], &one["kind"]), (&other["page"], &other["kind"]));
        assert_eq!(message(one).contains("line"), message(other).contains("line"));
    }
}

/// Serves an index with one page. `respond` gets the number of the request and writes the response.
fn with_page(
    respond: impl Fn(usize, &mut std::net::TcpStream) -> std::io::Result<()> + Send + Sync + 'static,
) -> (Server, String) {
    let count = Arc::new(Mutex::new(0));
    let server = Server::start(move |head, stream| {
        if head.starts_with("get /llms.txt ") {
            let index = "# Site\n\n- [Pools](/pools.md)\n- [Other](https://other.example/x.md)\n";
            return write!(
                stream,
                "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{index}",
                index.len()
            );
        }
        let number = {
            let mut count = count.lock().unwrap();
            *count += 1;
            *count
        };
        respond(number, stream)
    });
    let index = server.url.replace("openapi.yaml", "llms.txt");
    (server, index)
}

/// Writes a response.
fn reply(stream: &mut std::net::TcpStream, head: &str, body: &[u8]) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 {head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(body)
}

#[test]
fn temporary_errors_are_retried() {
    for failure in ["500 Oops", "503 Busy\r\nretry-after: 0", "429 Slow\r\nretry-after: 0"] {
        let (server, index) = with_page(move |number, stream| match number {
            1 | 2 => reply(stream, failure, b""),
            _ => reply(stream, "200 OK", PAGE.as_bytes()),
        });
        let output = check("1.8.7", &["--from", &index]);
        assert_eq!(output.code, 0, "{failure}: {output:?}");
        // The index, and three requests for the page.
        assert_eq!(server.requests().len(), 4, "{failure}");
    }
}

#[test]
fn an_unavailable_page_is_a_finding() {
    let assert_finding =
        |kind: &str, text: &str, requests: usize, (server, index): (Server, String)| {
            let output = check("1.8.7", &["--from", &index]);
            assert_eq!(output.kinds(), [kind], "{output:?}");
            let finding = &output.findings()[0];
            assert!(finding["message"].as_str().unwrap().contains(text), "{text}: {finding}");
            assert_eq!(finding["page"], "pools.md");
            assert_eq!((output.code, server.requests().len()), (1, 1 + requests), "{text}");
        };
    let missing = with_page(|_, stream| reply(stream, "404 Not Found", b""));
    assert_finding("page-missing", "linked from line 3 of the index", 1, missing);
    let down = with_page(|_, stream| reply(stream, "500 Oops", b""));
    assert_finding("page-unreachable", "500", 3, down);
    let throttled = with_page(|_, stream| reply(stream, "429 Slow\r\nretry-after: 3600", b""));
    assert_finding("page-unreachable", "429", 1, throttled);
    let redirected =
        with_page(|_, stream| reply(stream, "302 Found\r\nlocation: https://other.example/x", b""));
    assert_finding("page-unreachable", "another host", 1, redirected);
    let truncated =
        with_page(|_, stream| write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nhalf"));
    assert_finding("page-unreachable", "end of file", 3, truncated);
    let huge = with_page(|_, stream| {
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", 100 << 20)?;
        (0..100).try_for_each(|_| stream.write_all(&vec![b'#'; 1 << 20]))
    });
    assert_finding("page-unreachable", "larger than 8 MiB", 1, huge);
    let latin = with_page(|_, stream| {
        reply(stream, "200 OK\r\ncontent-type: text/markdown; charset=latin1", b"# Caf\xe9\n")
    });
    assert_finding("page-unreadable", "UTF-8", 1, latin);
}

#[test]
fn a_timeout_is_a_finding() {
    let (hold, held) = std::sync::mpsc::channel::<()>();
    let held = Mutex::new(held);
    let (_server, index) = with_page(move |_, stream| {
        write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n#")?;
        let _ = held.lock().unwrap().recv();
        Ok(())
    });
    let output = check("1.8.7", &["--from", &index, "--timeout", "1"]);
    assert_eq!(output.kinds(), ["page-unreachable"], "{output:?}");
    assert!(output.findings()[0]["message"].as_str().unwrap().contains("timed out"));
    drop(hold);
}

#[test]
fn a_missing_index_is_an_error() {
    for (status, body, reason) in [
        ("404 Not Found", "", "404"),
        ("200 OK", "# Nothing\n", "links to no page"),
        ("302 Found\r\nlocation: https://other.example/llms.txt", "", "another host"),
    ] {
        let server = Server::start(move |_, stream| reply(stream, status, body.as_bytes()));
        let output = check("1.8.7", &["--from", &server.url]);
        assert_eq!((output.code, output.out.as_str()), (2, ""), "{output:?}");
        assert!(output.err.contains(reason), "{output:?}");
    }
    assert_eq!(check("1.8.7", &["--from", "http://docs.example/llms.txt"]).code, 2);
    assert_eq!(check("1.8.7", &["--from", "nowhere"]).code, 2);
}

#[test]
fn sync_spec_counts_differing_pages() {
    let pages = Pages::new();
    for (name, text) in mintlify_site(&document("1.8.7")) {
        pages.write(&name, text);
    }
    let copy = WorkingCopy::without_names();
    let run = |version: &str| {
        let document = fixture(version);
        let from = ["--from", path(&document), "--docs", pages.path()];
        let output = copy.run(&[["sync-spec", "--check", "--format", "json"], from].concat());
        output.json()["docs"].clone()
    };
    assert_eq!(run("1.8.7"), json!({ "pages": 55, "disagreeing": 0 }));
    // The API key header differs on every page.
    assert_eq!(run("1.8.201"), json!({ "pages": 55, "disagreeing": 55 }));
}

#[test]
fn record_writes_the_urls_of_pages() {
    let (_server, index) = serve(relative(mintlify_site(&document("1.8.7"))));
    let copy = WorkingCopy::without_names();
    std::fs::write(copy.spec("pages.toml"), "Removed = \"https://docs.example/gone\"\n").unwrap();
    let output = copy.run(&["check-docs", "--record", "--from", &index]);
    assert_eq!(output.code, 0, "{output:?}");
    let pages = copy.read("pages.toml");
    let page = index.replace("llms.txt", "api-reference/agentexecutepost");
    assert!(pages.contains(&format!("AgentExecutePost = \"{page}\"\n")), "{pages}");
    // Entries that weren't found are retained.
    assert!(pages.contains("Removed = "), "{pages}");
    assert_eq!(pages.lines().filter(|line| line.contains(" = ")).count(), 56);
}

#[test]
fn eight_pages_are_fetched_concurrently() {
    // Each response waits for seven others: fewer concurrent requests would block.
    let (barrier, current, maximum) = (Barrier::new(8), Mutex::new(0), Arc::new(Mutex::new(0)));
    let observed = maximum.clone();
    let server = Server::start(move |head, stream| {
        if head.starts_with("get /llms.txt ") {
            let links: String = (0..16).map(|n| format!("- [{n}](/{n})\n")).collect();
            return reply(stream, "200 OK", links.as_bytes());
        }
        let concurrent = {
            let mut current = current.lock().unwrap();
            *current += 1;
            *current
        };
        let mut maximum = observed.lock().unwrap();
        *maximum = concurrent.max(*maximum);
        drop(maximum);
        barrier.wait();
        *current.lock().unwrap() -= 1;
        reply(stream, "200 OK", PAGE.as_bytes())
    });
    let index = server.url.replace("openapi.yaml", "llms.txt");
    assert_eq!(check("1.8.7", &["--from", &index]).code, 0);
    assert_eq!((server.requests().len(), *maximum.lock().unwrap()), (17, 8));
}

#[test]
fn a_page_that_cannot_be_saved_is_a_finding() {
    let server = Server::start(move |head, stream| {
        if head.starts_with("get /llms.txt ") {
            return reply(stream, "200 OK", b"- [a](/a.md)\n- [b](/a.md/b.md)\n");
        }
        reply(stream, "200 OK", b"# A guide\n")
    });
    let index = server.url.replace("openapi.yaml", "llms.txt");
    let saved = Pages::new();
    let output = check("1.8.7", &["--from", &index, "--save", saved.path()]);
    assert_eq!(output.kinds(), ["page-unreachable"], "{output:?}");
    assert!(
        output.findings()[0]["message"].as_str().unwrap().contains("can't be saved"),
        "{output:?}"
    );
}
