//! The index of a site: the links that are pages.

use std::collections::BTreeMap;

use super::{PAGE, Pages, check, run_with_time_limit, site::serve};

/// The names of the pages that are fetched for an index, sorted.
fn fetched(index: &str) -> Vec<String> {
    let files = BTreeMap::from([("llms.txt".to_owned(), index.to_owned())]);
    let (server, url) = serve(files);
    check("1.8.7", &["--from", &url]);
    let name = |head: &String| head.split_whitespace().nth(1).unwrap().to_owned();
    let mut names: Vec<String> = server.requests().iter().map(name).collect();
    assert_eq!(names.remove(0), "/llms.txt");
    names.sort();
    names
}

#[test]
fn bare_urls_are_links() {
    let base = "https://docs.asteroid.ai";
    let index = format!(
        "# Site\n\n- A page: {base}/a.md\n- {base}/b, and ({base}/c_(d)).\n{base}/e\n\n\
         - <{base}/f.md>\n- [{base}/label]({base}/g)\n- `{base}/code`\n\n```\n{base}/block\n```\n\n\
         - https://other.example/x, xhttps://docs.asteroid.ai/y\n"
    );
    let pages = Pages::with("llms.txt", &index);
    let findings = check("1.8.7", &["--from", pages.path()]).findings();
    let page = |finding: &serde_json::Value| {
        let message = finding["message"].as_str().unwrap();
        let line = message.split("line ").nth(1).unwrap().split(' ').next().unwrap();
        (finding["page"].as_str().unwrap().to_owned(), line.parse::<usize>().unwrap())
    };
    let names: Vec<_> = findings.iter().map(page).collect();
    let expected =
        [("a.md", 3), ("b.md", 4), ("c_(d).md", 4), ("e.md", 5), ("f.md", 7), ("g.md", 8)];
    assert_eq!(names, expected.map(|(name, line)| (name.to_owned(), line)));
}

#[test]
fn each_page_is_fetched_once() {
    let index = "[a](/a)\n[again](/a.md)\n[top](/a#top)\n[b](/b?x=1)\n[b](b.md)\n";
    assert_eq!(fetched(index), ["/a.md", "/b.md"]);
}

#[test]
fn other_files_are_not_pages() {
    let index = "[a](/a.html)\n[b](/b.HTM)\n[c](/v1.2)\n[d](/sdk/node.xyz/)\n[e](/e.mdx)\n\
                 [root](/)\n[zip](/x.zip)\n[tar](/x.tar.gz)\n[image](/x.webp)\n[data](/x.csv)\n\
                 [document](/openapi.JSON)\n[video](/x.mp4)\n![picture](/x.gif)\n[hidden](/.md)\n";
    let pages = ["/a.md", "/b.md", "/e.mdx", "/sdk/node.xyz.md", "/v1.2.md"];
    assert_eq!(fetched(index), pages);
}

/// An index of 105,000 links in 1.5 MB, which took two minutes.
#[cfg(unix)]
#[test]
fn a_large_index_is_read_in_bounded_time() {
    let links: String = (0..105_000).map(|number| format!("[{number:x}](/{number:x})\n")).collect();
    let pages = Pages::with("llms.txt", links);
    pages.write("1.md", PAGE);
    let output = run_with_time_limit(30, &["--format", "json", "--from", pages.path()]);
    assert_eq!(output.code, 1, "{}", output.err);
    assert_eq!((output.findings().len(), &output.json()["pages"]), (104_999, &1.into()));
}
