//! A page: which operation it is about, and the piece of OpenAPI that it shows.
//!
//! Sites that are made by Mintlify put it into a fenced block whose info string says what it is:
//! the language, the document, method and path. Older pages say it in their front matter.

use std::ops::Range;

use openapi_document::METHODS;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// What a page is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PageOperation {
    /// The document as the page names it: a URL, a path, an id; `None` if it names none.
    pub(super) document: Option<String>,
    /// In small letters.
    pub(super) method: String,
    pub(super) path: String,
    /// The line where it says so, from 1.
    pub(super) line: usize,
    /// The text of the fragment and the line of the page before its first, if there is one.
    pub(super) fragment: Option<(String, usize)>,
}

/// What was found on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// No operation: a guide, a webhook.
    Nothing,
    Operation(PageOperation),
    /// It seems to show an operation, but says it in a way that isn't understood.
    Unclear {
        line: usize,
        why: String,
    },
}

/// Reads a page.
pub(super) fn read(text: &str) -> Found {
    let front_matter = front_matter(text);
    let body_start = front_matter.as_ref().map_or(0, |(range, _)| range.end);
    let body = dedented(&text[body_start..]);
    let mut unclear = None;
    for (info, content, range) in blocks(&body) {
        let line = line_at(text, body_start) + line_at(&body, range.start) - 1;
        let is_document = matches!(language(&info).as_str(), "yaml" | "yml" | "json");
        match about(&info) {
            // Code that calls the API has methods and paths too.
            Some((document, method, path)) if is_document => {
                let fragment = Some((content, line));
                return Found::Operation(PageOperation { document, method, path, line, fragment });
            }
            _ if is_document && looks_like_openapi(&info, &content) => {
                let why = format!(
                    "the block shows OpenAPI, but `{}` doesn't say which operation: language, \
                     document, method and path are expected",
                    info.trim()
                );
                unclear.get_or_insert(Found::Unclear { line, why });
            }
            _ => {}
        }
    }
    match front_matter.and_then(|(_, said)| said) {
        Some((value, line)) => match about(&format!("yaml {value}")) {
            Some((document, method, path)) => {
                Found::Operation(PageOperation { document, method, path, line, fragment: None })
            }
            None if value.to_lowercase().contains("webhook") => Found::Nothing,
            None => {
                let why = format!("`openapi: {value}` doesn't say which operation");
                unclear.unwrap_or(Found::Unclear { line, why })
            }
        },
        None => unclear.unwrap_or(Found::Nothing),
    }
}

/// The first word of an info string, in small letters.
fn language(info: &str) -> String {
    info.split_whitespace().next().unwrap_or_default().to_lowercase()
}

/// The text with fenced blocks that are indented, as within components of MDX, moved to the left,
/// and without the tags of those components, which Markdown takes for HTML up to an empty line. All
/// lines stay where they are.
fn dedented(text: &str) -> String {
    let mut dedented = String::with_capacity(text.len());
    // The indentation and the fence of the block that is open.
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

type Place = (Option<String>, String, String);

/// Reads an info string: the language, maybe the document, method and path.
fn about(info: &str) -> Option<Place> {
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

fn looks_like_openapi(info: &str, content: &str) -> bool {
    let is_webhook = info.split_whitespace().any(|word| word.eq_ignore_ascii_case("webhook"));
    let says = |line: &str| line.starts_with("openapi:") || line.contains("\"openapi\"");
    !is_webhook && content.lines().take(20).any(says)
}

/// The fenced blocks: info string, content, and where the block starts.
fn blocks(text: &str) -> Vec<(String, String, Range<usize>)> {
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

type FrontMatter = (Range<usize>, Option<(String, usize)>);

/// The front matter, and what it says under `openapi`.
fn front_matter(text: &str) -> Option<FrontMatter> {
    let start = text.len() - text.trim_start_matches(['\u{feff}', '\n', '\r', ' ']).len();
    let mut at = start;
    let mut said = None;
    for (number, line) in text[start..].split_inclusive('\n').enumerate() {
        at += line.len();
        let line = line.trim_end();
        match (number, line) {
            (0, "---") => {}
            (0, _) => return None,
            (_, "---") => return Some((start..at, said)),
            (_, line) => {
                if let Some(value) = line.trim_start().strip_prefix("openapi:") {
                    let value = value.trim().trim_matches(['\'', '"']).trim();
                    said = Some((value.to_owned(), line_at(text, at - 1)));
                }
            }
        }
    }
    None
}

/// The line of a position, from 1.
fn line_at(text: &str, position: usize) -> usize {
    let end = position.min(text.len());
    text.as_bytes()[..end].iter().filter(|byte| **byte == b'\n').count() + 1
}
