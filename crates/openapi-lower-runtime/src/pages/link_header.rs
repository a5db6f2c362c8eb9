//! The header `Link` (RFC 8288, section 3).

use reqwest::header::{HeaderMap, LINK};

/// Returns the target of the first link with the relation `next` that is about the page itself.
pub(super) fn next_link(headers: &HeaderMap) -> Option<String> {
    let fields = headers.get_all(LINK).iter();
    let texts = fields.map(|field| String::from_utf8_lossy(field.as_bytes()));
    texts.into_iter().find_map(|text| links(&text).find(Link::is_next).map(|link| link.target))
}

/// A link.
struct Link {
    target: String,
    /// The names of the parameters, in lowercase, and their values.
    parameters: Vec<(String, String)>,
}

impl Link {
    /// Only the first `rel` counts (section 3.3), and `anchor` makes the link one of another page
    /// (section 3.2).
    fn is_next(&self) -> bool {
        let named = |name: &str| self.parameters.iter().find(|(own, _)| own == name);
        let is_next = |relation: &str| relation.eq_ignore_ascii_case("next");
        named("anchor").is_none()
            && named("rel").is_some_and(|(_, rel)| rel.split_whitespace().any(is_next))
    }
}

/// The links of a header field, up to the first one that is malformed (appendix B.2).
fn links(text: &str) -> impl Iterator<Item = Link> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.trim_start_matches(|c: char| c == ',' || c.is_ascii_whitespace());
        let (target, after) = start.strip_prefix('<')?.split_once('>')?;
        let mut parameters = Vec::new();
        rest = after.trim_start();
        while let Some(parameter) = rest.strip_prefix(';') {
            let end = parameter.find(['=', ';', ',']).unwrap_or(parameter.len());
            let name = parameter[..end].trim().to_ascii_lowercase();
            rest = &parameter[end..];
            let mut value = String::new();
            if let Some(given) = rest.strip_prefix('=') {
                (value, rest) = parameter_value(given.trim_start());
            }
            parameters.push((name, value));
            rest = rest.trim_start();
        }
        Some(Link { target: target.trim().to_owned(), parameters })
    })
}

/// Returns the value at the start of a text, and what comes after it.
fn parameter_value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find([';', ',']).unwrap_or(text.len());
        return (text[..end].trim().to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((index, c)) = chars.next() {
        match c {
            '"' => return (value, &quoted[index + 1..]),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            _ => value.push(c),
        }
    }
    (value, "")
}
