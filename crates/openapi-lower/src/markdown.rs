//! Text of a document in rustdoc's Markdown.
//!
//! Descriptions are CommonMark, but rustdoc would also run code blocks as tests, and take
//! `[brackets]` for links to items and `<T>` for HTML. No text of a document may become code that
//! runs: there are no indented code blocks in the output, no fences in lists or quotes, and each
//! fence is marked `text`. Names and values aren't Markdown at all: see [`code`].

use crate::collect::Collect;

/// Rewrites CommonMark so that rustdoc renders it as other tools do, without running any of it.
pub(crate) fn for_rustdoc(text: &str) -> String {
    let text = plain_lines(text);
    let mut out = String::with_capacity(text.len() + 16);
    let mut fence: Option<String> = None;
    for line in text.trim().lines() {
        if !out.is_empty() {
            out.push('\n');
        }
        let bare = line.trim();
        match (&fence, fence_marker(bare)) {
            (Some(open), Some(marker)) if marker.starts_with(open.as_str()) && bare == marker => {
                out.push_str(open);
                fence = None;
            }
            (Some(_), _) => out.push_str(line),
            (None, Some(marker)) => {
                // Without an info string, or with some others, the code would be compiled as Rust.
                out.push_str(&marker);
                out.push_str("text");
                fence = Some(marker);
            }
            (None, None) => {
                let (start, rest) = line_start(line);
                out.push_str(&start);
                escape_inline(rest, &mut out);
            }
        }
    }
    if let Some(open) = fence {
        out.push('\n');
        out.push_str(&open);
    }
    out
}

/// A title within a sentence or heading, on one line.
pub(crate) fn inline(title: &str) -> String {
    let mut out = String::new();
    let words = title.split_whitespace().collect_vec();
    escape_inline(&plain_lines(&words.join(" ")), &mut out);
    out
}

/// A name or value as inline code, on one line.
pub(crate) fn code(text: &str) -> String {
    let text = plain_lines(text).replace('\n', "\\n");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // Padding separates the fence from backticks, and keeps code of spaces (CommonMark, 6.1).
    let padding = match text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() {
        true => " ",
        false => "",
    };
    format!("{fence}{padding}{text}{padding}{fence}")
}

/// Ends lines with `\n` only, and shows other control characters and those that change the
/// direction of text by their code points: rustc refuses them in comments.
fn plain_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push('\n');
            }
            '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\n' => out.push(c),
            '\t' => out.push_str("    "),
            c if c.is_control() || is_directional(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Whether a character changes the direction of text (Unicode, annex 9, section 2).
fn is_directional(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2066}'..='\u{2069}')
}

/// The fence of a code block that a line opens or closes.
fn fence_marker(line: &str) -> Option<String> {
    let first = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let marker: String = line.chars().take_while(|c| *c == first).collect();
    let info = &line[marker.len()..];
    // Backticks after backticks are inline code (CommonMark, section 4.5).
    (marker.len() >= 3 && !(first == '`' && info.contains('`'))).then_some(marker)
}

/// The indentation and the list markers of a line, and the text after them.
///
/// Four spaces, or five after a list marker, would begin an indented code block (CommonMark,
/// sections 4.4 and 5.2).
fn line_start(line: &str) -> (String, &str) {
    let mut rest = line.trim_start();
    let indent = line.len() - rest.len();
    if is_thematic_break(rest) {
        return (rest.replace(' ', ""), "");
    }
    let mut start = String::new();
    while let Some((marker, after)) = list_marker(rest) {
        if start.is_empty() {
            start.push_str(&" ".repeat(indent.min(3)));
        }
        start.push_str(marker);
        start.push(' ');
        rest = after.trim_start();
    }
    if start.is_empty() {
        start.push_str(&" ".repeat(indent.min(1)));
    } else if rest.is_empty() {
        // An item that begins with an empty line.
        start.pop();
    }
    // A fence in a list: one outside of lists is handled before.
    if let Some(marker) = fence_marker(rest) {
        for character in marker.chars() {
            start.push('\\');
            start.push(character);
        }
        rest = &rest[marker.len()..];
    }
    (start, rest)
}

/// Whether a line is a rule: three or more of one character (CommonMark, section 4.1).
fn is_thematic_break(line: &str) -> bool {
    let marks: Vec<char> = line.chars().filter(|c| *c != ' ').collect_vec();
    marks.len() >= 3 && ['-', '*', '_'].iter().any(|mark| marks.iter().all(|c| c == mark))
}

/// The list marker that a text begins with, and the text after it (CommonMark, section 5.2).
fn list_marker(text: &str) -> Option<(&str, &str)> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let length = match text[digits..].chars().next()? {
        '-' | '+' | '*' if digits == 0 => 1,
        '.' | ')' if (1..=9).contains(&digits) => digits + 1,
        _ => return None,
    };
    let (marker, after) = text.split_at(length);
    (after.is_empty() || after.starts_with(' ')).then_some((marker, after))
}

/// Escapes brackets and HTML outside of inline code and links, and backticks that aren't paired.
fn escape_inline(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if let Some(taken) = escape(rest).or_else(|| code_span(rest)).or_else(|| link(rest)) {
            out.push_str(&rest[..taken]);
            rest = &rest[taken..];
            continue;
        }
        if let Some(taken) = url(rest) {
            out.push('<');
            out.push_str(&rest[..taken]);
            out.push('>');
            rest = &rest[taken..];
            continue;
        }
        // A backtick of this line must not be paired with one of the next.
        if matches!(first, '[' | ']' | '<' | '>' | '`') {
            out.push('\\');
        }
        out.push(first);
        rest = &rest[first.len_utf8()..];
    }
}

/// The length of the backslash escape that `text` begins with (CommonMark, section 2.4).
fn escape(text: &str) -> Option<usize> {
    let escaped = text.strip_prefix('\\')?.chars().next()?;
    escaped.is_ascii_punctuation().then_some(2)
}

/// The length of the code span that `text` begins with: between runs of equally many backticks
/// (CommonMark, section 6.1).
fn code_span(text: &str) -> Option<usize> {
    let run = |text: &str| text.len() - text.trim_start_matches('`').len();
    let opening = run(text);
    if opening == 0 {
        return None;
    }
    let mut position = opening;
    while let Some(next) = text[position..].find('`') {
        position += next;
        let closing = run(&text[position..]);
        position += closing;
        if closing == opening {
            return Some(position);
        }
    }
    None
}

/// The length of the inline link or autolink that `text` begins with.
fn link(text: &str) -> Option<usize> {
    if text.starts_with('<') {
        let end = text.find('>')?;
        let inside = &text[1..end];
        return (is_url(inside) && !inside.contains(char::is_whitespace)).then_some(end + 1);
    }
    let label = text.strip_prefix('[')?;
    let close = label.find(']')?;
    let target = label[close + 1..].strip_prefix('(')?;
    let end = target.find(')')?;
    let plain = !label[..close].contains(['[', '<', '`']);
    (plain && is_url(&target[..end])).then_some(close + end + 4)
}

/// The length of the bare URL that `text` begins with.
fn url(text: &str) -> Option<usize> {
    if !is_url(text) {
        return None;
    }
    let end =
        text.find(|c: char| c.is_whitespace() || "<>()[]\"'`|*".contains(c)).unwrap_or(text.len());
    let url = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?']);
    Some(url.len())
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}
