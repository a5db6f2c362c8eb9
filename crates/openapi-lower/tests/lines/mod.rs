//! Lines in messages.

/// Removes the line behind the name of a file, which messages have only if a crate of the build
/// enables the feature `lines` of openapi-document.
pub(crate) fn without_lines(output: &str) -> String {
    let mut parts = output.split(".yaml:");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        shown += ".yaml:";
        shown += match rest.strip_prefix(':') {
            Some(rest) if !part.starts_with(':') => rest,
            _ => part,
        };
    }
    shown
}
