//! The `Prefer` request header (RFC 7240), with the preferences that Prism defines.

use crate::instances::Fill;

/// The preferences that are supported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prefer {
    /// `code=404`: the status of the response.
    pub(crate) code: Option<u16>,
    /// `example=NAME`: a named example of the document.
    pub(crate) example: Option<String>,
    /// `dynamic=false`: any example of the document, if it has one.
    pub(crate) any_example: bool,
    /// `seed=7`: the seed of the generated response.
    pub(crate) seed: Option<u64>,
    /// `fill=minimal` or `fill=full`.
    pub(crate) fill: Option<Fill>,
}

impl Prefer {
    /// Parses the header. Unsupported preferences are ignored (RFC 7240, section 2).
    pub(crate) fn parse(headers: &hyper::HeaderMap) -> Self {
        let mut prefer = Self::default();
        let lines = headers.get_all("prefer").into_iter().filter_map(|line| line.to_str().ok());
        for preference in lines.flat_map(|line| line.split([',', ';'])) {
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            let value = value.trim().trim_matches('"');
            match name.trim().to_ascii_lowercase().as_str() {
                "code" => prefer.code = value.parse().ok(),
                "example" => prefer.example = Some(value.to_owned()),
                "dynamic" => prefer.any_example = value == "false",
                "seed" => prefer.seed = value.parse().ok(),
                "fill" if value == "minimal" => prefer.fill = Some(Fill::Minimal),
                "fill" if value == "full" => prefer.fill = Some(Fill::Full),
                _ => {}
            }
        }
        prefer
    }
}
