//! The front matter of a page: YAML between lines of three hyphens.

use std::ops::Range;

use openapi_document::{LineMap, Pointer};
use serde_json::Value;

/// The front matter of a page.
pub(super) struct FrontMatter {
    /// Its range in the text, delimiters included.
    pub(super) range: Range<usize>,
    /// The value of `openapi`, which declares the operation, and its line in the text.
    pub(super) openapi: Option<(String, usize)>,
}

/// Finds the front matter of a page.
pub(super) fn front_matter(text: &str) -> Option<FrontMatter> {
    let start = text.len() - text.trim_start_matches(['\u{feff}', '\n', '\r', ' ']).len();
    let offset = text[..start].matches('\n').count();
    let mut end = start;
    let mut content = None;
    for (number, line) in text[start..].split_inclusive('\n').enumerate() {
        match (number, line.trim_end(), content) {
            (0, "---", _) => content = Some(start + line.len()),
            (0, ..) => return None,
            (_, "---", Some(content)) => {
                let openapi = openapi(&text[content..end]);
                let openapi = openapi.map(|(value, line)| (value, offset + 1 + line));
                return Some(FrontMatter { range: start..end + line.len(), openapi });
            }
            _ => {}
        }
        end += line.len();
    }
    None
}

/// The value of `openapi`, on one line, and its line in the content of the front matter.
fn openapi(content: &str) -> Option<(String, usize)> {
    let (value, line) = match openapi_document::read(content) {
        Ok(value) => {
            let openapi = value.get("openapi").and_then(Value::as_str)?.to_owned();
            let pointer = Pointer::from_segments(["openapi"]);
            (openapi, LineMap::new(content, [&pointer]).line(&pointer))
        }
        // Not every generator quotes its values.
        Err(_) => {
            let value = |line: &str| Some(line.trim_start().strip_prefix("openapi:")?.to_owned());
            let lines = content.lines().enumerate();
            let (number, value) =
                lines.filter_map(|(number, line)| Some((number, value(line)?))).last()?;
            (value.trim().trim_matches(['\'', '"']).to_owned(), number + 1)
        }
    };
    Some((value.split_whitespace().collect::<Vec<_>>().join(" "), line))
}
