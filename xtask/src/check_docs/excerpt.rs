//! Excerpts of two values that differ, for messages.

/// The maximum width of an excerpt in a message, in characters.
const WIDTH: usize = 72;

/// The maximum length of a value of a finding, in characters.
const MAX_VALUE: usize = 4_000;

/// The maximum number of characters before the first difference.
const BEFORE: usize = 24;

/// Excerpts of two texts around their first difference, which always differ; `None` for equal
/// texts.
pub(super) fn around_difference(one: &str, other: &str) -> Option<(String, String)> {
    let excerpts = |one: &str, other: &str| excerpts(one, other, WIDTH);
    let in_one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (one_line, other_line) = (in_one_line(one), in_one_line(other));
    if one_line != other_line {
        return Some(excerpts(&one_line, &other_line));
    }
    // They differ in white space only.
    (one != other)
        .then(|| excerpts(&one.escape_debug().to_string(), &other.escape_debug().to_string()))
}

/// Bounds the length of two values that differ; the excerpts of long ones differ, too.
pub(super) fn bounded(
    one: Option<String>,
    other: Option<String>,
) -> (Option<String>, Option<String>) {
    match (one, other) {
        (Some(one), Some(other)) => {
            let (one, other) = excerpts(&one, &other, MAX_VALUE);
            (Some(one), Some(other))
        }
        (one, other) => {
            let bounded = |text: String| excerpts(&text, "", MAX_VALUE).0;
            (one.map(bounded), other.map(bounded))
        }
    }
}

fn excerpts(one: &str, other: &str, width: usize) -> (String, String) {
    let is_short = |text: &str| text.chars().nth(width).is_none();
    if is_short(one) && is_short(other) {
        return (one.to_owned(), other.to_owned());
    }
    let common = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let earliest = common.saturating_sub(BEFORE);
    // Whole words, if the last of them isn't too long.
    let words = one.chars().take(common).skip(earliest).position(char::is_whitespace);
    let start = match (earliest, words) {
        (0, _) => 0,
        (earliest, words) => earliest + words.map_or(0, |position| position + 1),
    };
    let excerpt = |text: &str| {
        let mut characters = text.chars().skip(start);
        let shown: String = characters.by_ref().take(width).collect();
        let before = if start > 0 { "…" } else { "" };
        let after = if characters.next().is_some() { "…" } else { "" };
        format!("{before}{shown}{after}")
    };
    (excerpt(one), excerpt(other))
}
