//! What a request itself asks of the mock (RFC 7240, with the names that Prism uses).

use crate::instances::Fill;

/// The preferences that are understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prefer {
    /// `code=404`: this documented status.
    pub(crate) code: Option<u16>,
    /// `example=NAME`: this example of the document.
    pub(crate) example: Option<String>,
    /// `dynamic=false`: an example of the document, if it has one.
    pub(crate) examples: bool,
    /// `seed=7`: another instance.
    pub(crate) seed: Option<u64>,
    /// `fill=minimal` or `fill=full`.
    pub(crate) fill: Option<Fill>,
}

impl Prefer {
    /// Reads the header. What isn't understood is passed over, as the RFC wants it.
    pub(crate) fn read(headers: &hyper::HeaderMap) -> Self {
        let mut prefer = Self::default();
        let lines = headers.get_all("prefer").into_iter().filter_map(|line| line.to_str().ok());
        for preference in lines.flat_map(|line| line.split([',', ';'])) {
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "code" => prefer.code = value.parse().ok(),
                "example" => prefer.example = Some(value.to_owned()),
                "dynamic" => prefer.examples = value == "false",
                "seed" => prefer.seed = value.parse().ok(),
                "fill" if value == "minimal" => prefer.fill = Some(Fill::Minimal),
                "fill" if value == "full" => prefer.fill = Some(Fill::Full),
                _ => {}
            }
        }
        prefer
    }
}
