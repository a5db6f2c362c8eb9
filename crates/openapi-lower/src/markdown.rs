//! Escapes the descriptions of a document for rustdoc.
//!
//! Descriptions are CommonMark. In a doc comment, rustdoc would also compile code blocks as tests,
//! and take `[brackets]` for links to items and `<T>` for HTML.

/// Rewrites CommonMark so that rustdoc renders it as other tools do.
pub(crate) fn for_rustdoc(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut fence: Option<String> = None;
    for line in text.trim().lines() {
        if !out.is_empty() {
            out.push('\n');
        }
        let bare = line.trim();
        let marker = fence_marker(bare);
        match (&fence, marker) {
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
            (None, None) => escape_line(outdented(line), &mut out),
        }
    }
    if let Some(open) = fence {
        out.push('\n');
        out.push_str(&open);
    }
    out
}

/// The fence of a code block that a line opens or closes.
fn fence_marker(line: &str) -> Option<String> {
    let first = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let marker: String = line.chars().take_while(|c| *c == first).collect();
    let rest = &line[marker.len()..];
    (marker.len() >= 3 && !rest.contains('`')).then_some(marker)
}

/// Reduces the indentation of a line: four spaces would make a code block.
fn outdented(line: &str) -> String {
    let text = line.trim_start();
    let indent = line.len() - text.len();
    let in_list =
        text.starts_with(['-', '*', '+']) || text.starts_with(|c: char| c.is_ascii_digit());
    format!("{}{}", " ".repeat(if in_list { indent.min(3) } else { indent.min(1) }), text)
}

/// Escapes brackets and HTML outside of code spans and links.
fn escape_line(line: String, out: &mut String) {
    let mut rest = line.as_str();
    while let Some(first) = rest.chars().next() {
        let taken = code_span(rest).or_else(|| link(rest));
        if let Some(taken) = taken {
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
        if matches!(first, '[' | ']' | '<' | '>') {
            out.push('\\');
        }
        out.push(first);
        rest = &rest[first.len_utf8()..];
    }
}

/// The length of the code span that `text` begins with.
fn code_span(text: &str) -> Option<usize> {
    let ticks = text.len() - text.trim_start_matches('`').len();
    if ticks == 0 {
        return None;
    }
    let marker = &text[..ticks];
    let close = text[ticks..].find(marker)?;
    Some(ticks + close + ticks)
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
