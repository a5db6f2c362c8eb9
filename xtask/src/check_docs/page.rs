//! Parsing of a page: the operations that it declares and the blocks of OpenAPI that it shows.
//!
//! Mintlify generates pages with a fenced code block whose info string consists of the language,
//! the document, the method and the path. Older pages declare the operation in their front matter.
//! ReadMe and GitBook show a whole document with one operation, without more than the language.

use openapi_document::Method;

use super::{
    code_blocks::{self, CodeBlock},
    front_matter::front_matter,
};

/// A block of OpenAPI on a page, or an operation that the page declares in its front matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PageBlock {
    /// The operation as the page declares it.
    pub(super) declared: Option<DeclaredOperation>,
    /// The line that declares the operation or opens the block, from 1.
    pub(super) line: usize,
    /// The text of the block; `None` in front matter.
    pub(super) text: Option<String>,
    /// Whether the block ends before the page does.
    pub(super) is_closed: bool,
}

/// An operation as a page declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DeclaredOperation {
    /// The document as the page refers to it, a URL, a path or an id, if it does.
    pub(super) document: Option<String>,
    /// The HTTP method.
    pub(super) method: Method,
    /// The path in the syntax of OpenAPI.
    pub(super) path: String,
}

/// The result of parsing a page.
#[derive(Default)]
pub(super) struct ParsedPage {
    /// The blocks of OpenAPI, or the operation of the front matter; none in a guide or a webhook.
    pub(super) blocks: Vec<PageBlock>,
    /// OpenAPI whose operation isn't declared in a known form: lines and reasons.
    pub(super) errors: Vec<(usize, String)>,
    /// The other code blocks, such as samples.
    pub(super) others: Vec<CodeBlock>,
}

/// Parses a page.
pub(super) fn parse(text: &str) -> ParsedPage {
    let front_matter = front_matter(text);
    let body_start = front_matter.as_ref().map_or(0, |front_matter| front_matter.range.end);
    let lines_before = text[..body_start].matches('\n').count();
    let mut page = ParsedPage::default();
    for mut block in code_blocks::read(&text[body_start..]) {
        block.line += lines_before;
        match kind(&block) {
            BlockKind::OpenApi(declared) => page.blocks.push(PageBlock {
                declared,
                line: block.line,
                text: Some(block.content),
                is_closed: block.is_closed,
            }),
            BlockKind::Unknown(reason) => page.errors.push((block.line, reason)),
            BlockKind::Other => page.others.push(block),
        }
    }
    // A block shows more than the front matter declares.
    if page.blocks.is_empty()
        && let Some((value, line)) = front_matter.and_then(|front_matter| front_matter.openapi)
    {
        match declared_operation(&format!("yaml {value}")) {
            Some(declared) => page.blocks.push(PageBlock {
                declared: Some(declared),
                line,
                text: None,
                is_closed: true,
            }),
            None if value.to_lowercase().contains("webhook") => {}
            None if page.errors.is_empty() => {
                page.errors.push((line, format!("no method and path in `openapi: {value}`")));
            }
            None => {}
        }
    }
    page
}

/// The kind of a code block.
enum BlockKind {
    /// OpenAPI, with the operation that the info string declares.
    OpenApi(Option<DeclaredOperation>),
    /// OpenAPI whose info string isn't understood, for this reason.
    Unknown(String),
    /// A sample, a webhook.
    Other,
}

/// The kind of a code block.
fn kind(block: &CodeBlock) -> BlockKind {
    if !matches!(block.language().as_str(), "yaml" | "yml" | "json" | "") {
        return BlockKind::Other;
    }
    let is_webhook = block.info.split_whitespace().any(|word| word.eq_ignore_ascii_case("webhook"));
    let declared = declared_operation(&block.info);
    let is_openapi = has_version(&block.content);
    let is_shown = match &declared {
        // Sample code may have a method and a path, too.
        Some(declared) => declared.document.is_some() || is_openapi || has_paths(&block.content),
        None => is_openapi && !is_webhook,
    };
    let has_other_words = block.info.split_whitespace().nth(1).is_some();
    match is_shown {
        false => BlockKind::Other,
        true if declared.is_none() && has_other_words => BlockKind::Unknown(format!(
            "no operation in the info string `{}` of an OpenAPI block; expected language, \
             document, method and path",
            block.info.trim()
        )),
        true => BlockKind::OpenApi(declared),
    }
}

/// Parses an info string: language, optional document, method, path.
fn declared_operation(info: &str) -> Option<DeclaredOperation> {
    let words: Vec<&str> = info.split_whitespace().collect();
    let position = words.iter().position(|word| Method::from_field(word).is_some())?;
    let path = words.get(position + 1).filter(|path| path.starts_with('/'))?;
    let document = match words.get(1..position)? {
        [] => None,
        words => Some(words.join(" ")),
    };
    Some(DeclaredOperation {
        document,
        method: Method::from_field(words[position])?,
        path: openapi_path(path),
    })
}

/// A path in the syntax of OpenAPI: `{id}` for `:id`, and no slash at its end.
fn openapi_path(path: &str) -> String {
    let segment = |segment: &str| match segment.strip_prefix(':') {
        Some(name) if !name.is_empty() => format!("{{{name}}}"),
        _ => segment.to_owned(),
    };
    let path = path.split('/').map(segment).collect::<Vec<_>>().join("/");
    match path.trim_end_matches('/') {
        "" => "/".to_owned(),
        path => path.to_owned(),
    }
}

/// Whether a text seems to be an OpenAPI document: `openapi` with a version.
fn has_version(text: &str) -> bool {
    let is_version = |rest: &str| {
        let rest = rest.trim_start_matches(['"', '\'']).trim_start();
        let value = rest.strip_prefix(':').map(|value| value.trim_start_matches([' ', '"', '\'']));
        value.is_some_and(|value| value.starts_with(|c: char| c.is_ascii_digit()))
    };
    let has_version = |line: &str| match line.split_once("\"openapi\"") {
        Some((_, rest)) => is_version(rest),
        None => line.strip_prefix("openapi").is_some_and(is_version),
    };
    text.lines().take(20).any(has_version)
}

/// Whether a text seems to be a part of an OpenAPI document, such as Mintlify's older blocks.
fn has_paths(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("paths:"))
}
