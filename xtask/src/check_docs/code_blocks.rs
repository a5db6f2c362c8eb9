//! The fenced code blocks of a page.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::lines::Lines;

/// A fenced code block.
pub(super) struct CodeBlock {
    /// The info string.
    pub(super) info: String,
    pub(super) content: String,
    /// The line of the text that opens the block, from 1.
    pub(super) line: usize,
    /// Whether the block ends before the text does.
    pub(super) is_closed: bool,
}

impl CodeBlock {
    /// The language: the first word of the info string, in lowercase.
    pub(super) fn language(&self) -> String {
        self.info.split_whitespace().next().unwrap_or_default().to_lowercase()
    }
}

/// The fenced code blocks of a text.
pub(super) fn read(text: &str) -> Vec<CodeBlock> {
    let text = dedent(text);
    let lines = Lines::new(&text);
    let mut blocks = Vec::new();
    let mut open: Option<CodeBlock> = None;
    for (event, range) in Parser::new_ext(&text, Options::empty()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                open = Some(CodeBlock {
                    info: info.to_string(),
                    content: String::new(),
                    line: lines.line(range.start),
                    is_closed: is_closed(&text[range]),
                });
            }
            Event::Text(text) => {
                if let Some(block) = &mut open {
                    block.content.push_str(&text);
                }
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(open.take()),
            _ => {}
        }
    }
    blocks
}

/// Whether the last line of a fenced block is its closing fence (CommonMark 0.31, section 4.5).
fn is_closed(block: &str) -> bool {
    let (open, close) = (block.lines().next(), block.trim_end().lines().next_back());
    let (Some(open), Some(close)) = (open, close) else { return false };
    let fence_length = |line: &str| {
        let line = line.trim_start();
        let first = line.chars().next().unwrap_or_default();
        line.chars().take_while(|character| *character == first).count()
    };
    let is_fence = close.trim().chars().all(|character| open.trim_start().starts_with(character));
    block.trim_end().lines().nth(1).is_some()
        && is_fence
        && fence_length(close) >= fence_length(open)
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
