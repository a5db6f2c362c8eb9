//! Parsing of a page: its operation and the OpenAPI fragment that it shows.
//!
//! Mintlify generates pages with a fenced code block whose info string consists of the language,
//! the document, the method and the path. Older pages declare the operation in their front matter.

use std::ops::Range;

use openapi_document::METHODS;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::{front_matter::front_matter, lines::Lines};

/// The operation that a page describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PageOperation {
    /// The document as the page refers to it, a URL, a path or an id, if it does.
    pub(super) document: Option<String>,
    /// The HTTP method, in lowercase.
    pub(super) method: String,
    pub(super) path: String,
    /// The line that declares the operation, from 1.
    pub(super) line: usize,
    /// The text of the fragment, if there is one, and the line of the page before its first line.
    pub(super) fragment: Option<(String, usize)>,
}

/// The result of parsing a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ParsedPage {
    /// A page without an operation: a guide, a webhook.
    NoOperation,
    Operation(PageOperation),
    /// A page that shows OpenAPI but doesn't name the operation in a known form.
    Malformed {
        line: usize,
        reason: String,
    },
}

/// Parses a page.
pub(super) fn parse(text: &str) -> ParsedPage {
    let front_matter = front_matter(text);
    let body_start = front_matter.as_ref().map_or(0, |front_matter| front_matter.range.end);
    let body = dedent(&text[body_start..]);
    let (lines, body_line) = (Lines::new(&body), Lines::new(text).line(body_start));
    let mut malformed = None;
    for (info, content, range) in fenced_blocks(&body) {
        let line = body_line + lines.line(range.start) - 1;
        let is_document = matches!(language(&info).as_str(), "yaml" | "yml" | "json");
        match parse_info_string(&info) {
            // Sample code may have a method and a path, too.
            Some((document, method, path)) if is_document => {
                let fragment = Some((content, line));
                return ParsedPage::Operation(PageOperation {
                    document,
                    method,
                    path,
                    line,
                    fragment,
                });
            }
            _ if is_document && contains_openapi(&info, &content) => {
                let reason = format!(
                    "no operation in the info string `{}` of an OpenAPI block; expected language, \
                     document, method and path",
                    info.trim()
                );
                malformed.get_or_insert(ParsedPage::Malformed { line, reason });
            }
            _ => {}
        }
    }
    match front_matter.and_then(|front_matter| front_matter.openapi) {
        Some((value, line)) => match parse_info_string(&format!("yaml {value}")) {
            Some((document, method, path)) => ParsedPage::Operation(PageOperation {
                document,
                method,
                path,
                line,
                fragment: None,
            }),
            None if value.to_lowercase().contains("webhook") => ParsedPage::NoOperation,
            None => {
                let reason = format!("no method and path in `openapi: {value}`");
                malformed.unwrap_or(ParsedPage::Malformed { line, reason })
            }
        },
        None => malformed.unwrap_or(ParsedPage::NoOperation),
    }
}

/// The language of an info string: its first word, in lowercase.
fn language(info: &str) -> String {
    info.split_whitespace().next().unwrap_or_default().to_lowercase()
}

/// Removes the indentation of fenced blocks, which MDX components have, and the tags of those
/// components, which Markdown takes for HTML up to an empty line. Line numbers stay the same.
fn dedent(text: &str) -> String {
    let mut dedented = String::with_capacity(text.len());
    // The indentation and the fence of the open block.
    let mut open: Option<(usize, String)> = None;
    for line in text.split_inclusive('\n') {
        let start = line.trim_start_matches(' ');
        let fence: String = start.chars().take_while(|c| *c == '`' || *c == '~').collect();
        let is_fence = fence.len() >= 3 && (fence.starts_with("```") || fence.starts_with("~~~"));
        match &open {
            None if start.starts_with('<') && start.trim_end().ends_with('>') => {
                dedented.push('\n');
                continue;
            }
            None if is_fence => open = Some((line.len() - start.len(), fence)),
            Some((_, opened))
                if is_fence && fence.starts_with(opened.as_str()) && start.trim() == fence =>
            {
                dedented.push_str(start);
                open = None;
                continue;
            }
            _ => {}
        }
        let indentation = open.as_ref().map_or(0, |(indentation, _)| *indentation);
        let spaces = line.len() - start.len();
        dedented.push_str(&line[indentation.min(spaces)..]);
    }
    dedented
}

/// Document, method in lowercase, and path.
type OperationReference = (Option<String>, String, String);

/// Parses an info string: language, optional document, method, path.
fn parse_info_string(info: &str) -> Option<OperationReference> {
    let words: Vec<&str> = info.split_whitespace().collect();
    let method = words.iter().position(|word| is_method(word))?;
    let path = words.get(method + 1).filter(|path| path.starts_with('/'))?;
    let document = match words.get(1..method)? {
        [] => None,
        words => Some(words.join(" ")),
    };
    Some((document, words[method].to_lowercase(), (*path).to_owned()))
}

fn is_method(word: &str) -> bool {
    METHODS.contains(&word.to_lowercase().as_str())
}

/// Whether a block seems to be an OpenAPI document that isn't a webhook.
fn contains_openapi(info: &str, content: &str) -> bool {
    let is_webhook = info.split_whitespace().any(|word| word.eq_ignore_ascii_case("webhook"));
    let has_version = |line: &str| line.starts_with("openapi:") || line.contains("\"openapi\"");
    !is_webhook && content.lines().take(20).any(has_version)
}

/// The fenced code blocks: info string, content, and range in the text.
fn fenced_blocks(text: &str) -> Vec<(String, String, Range<usize>)> {
    let mut blocks = Vec::new();
    let mut open: Option<(String, String, Range<usize>)> = None;
    for (event, range) in Parser::new_ext(text, Options::empty()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                open = Some((info.to_string(), String::new(), range));
            }
            Event::Text(text) => {
                if let Some((_, content, _)) = &mut open {
                    content.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            _ => {}
        }
    }
    blocks
}
