//! Path templates (OpenAPI 3.1, section 4.8.2): `/things/{id}/exports/{name}.json`.

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// A parsed path template: literals and parameters by segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathTemplate(Vec<Vec<TemplatePart>>);

/// A literal or a parameter within a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
enum TemplatePart {
    Literal(String),
    Parameter(String),
}

/// The names of path parameters with their values, in order.
pub type PathValues = Vec<(String, String)>;

impl PathTemplate {
    /// Parses a template. An unclosed brace is literal text.
    pub fn parse(path: &str) -> Self {
        Self(path.split('/').skip(1).map(parse_segment).collect())
    }

    /// The parameter names in order, duplicates included.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let mut names = Vec::new();
        for segment in &self.0 {
            for part in segment {
                if let TemplatePart::Parameter(name) = part {
                    names.push(name.as_str());
                }
            }
        }
        names.into_iter()
    }

    /// The template without parameter names: `/things/{}/exports/{}.json`. Templates of equal shape
    /// are identical paths (OpenAPI 3.1, section 4.8.8.1).
    pub fn shape(&self) -> String {
        let mut shape = String::new();
        for segment in &self.0 {
            shape.push('/');
            for part in segment {
                shape.push_str(match part {
                    TemplatePart::Literal(text) => text,
                    TemplatePart::Parameter(_) => "{}",
                });
            }
        }
        shape
    }

    /// A sort key that puts the more concrete template first (OpenAPI 3.1, section 4.8.8.2): from
    /// the left, literal segments before mixed ones, and those before parameters.
    pub fn precedence(&self) -> Vec<u8> {
        let segment = |parts: &Vec<TemplatePart>| match parts.as_slice() {
            [TemplatePart::Literal(_)] | [] => 0,
            [TemplatePart::Parameter(_)] => 2,
            _ => 1,
        };
        self.0.iter().map(segment).collect()
    }

    /// The parameter values in a percent-encoded path; `None` if it doesn't match the template. A
    /// parameter matches at least one character and ends at the next literal.
    pub fn values(&self, path: &str) -> Option<PathValues> {
        let decoded = |(name, value): (String, String)| {
            let value = percent_decode_str(&value).decode_utf8().ok()?.into_owned();
            Some((name, value))
        };
        self.encoded_values(path)?.into_iter().map(decoded).collect()
    }

    /// The parameter values as [`values`](Self::values) returns them, but percent-encoded: commas
    /// in the items of a list can be told from those between them.
    pub fn encoded_values(&self, path: &str) -> Option<PathValues> {
        let segments: Vec<_> = path.strip_prefix('/')?.split('/').collect();
        if segments.len() != self.0.len() {
            return None;
        }
        let mut values = Vec::new();
        for (parts, segment) in self.0.iter().zip(segments) {
            let matched = values.len();
            if match_segment(parts, segment, &mut values).is_some() {
                continue;
            }
            // Characters of a literal are percent-encoded, in the template or in the path.
            values.truncate(matched);
            let segment = percent_decode_str(segment).decode_utf8().ok()?;
            match_segment(parts, &segment, &mut values)?;
            for (_, value) in &mut values[matched..] {
                *value = utf8_percent_encode(value, NON_ALPHANUMERIC).to_string();
            }
        }
        Some(values)
    }
}

/// Splits a segment into literals and parameters.
fn parse_segment(segment: &str) -> Vec<TemplatePart> {
    let mut parts = Vec::new();
    let mut rest = segment;
    while let Some((text, tail)) = rest.split_once('{') {
        let Some((name, tail)) = tail.split_once('}') else { break };
        if !text.is_empty() {
            parts.push(TemplatePart::Literal(text.to_owned()));
        }
        parts.push(TemplatePart::Parameter(name.to_owned()));
        rest = tail;
    }
    if !rest.is_empty() {
        parts.push(TemplatePart::Literal(rest.to_owned()));
    }
    parts
}

/// Matches a segment and appends the values of its parameters.
fn match_segment(parts: &[TemplatePart], mut segment: &str, values: &mut PathValues) -> Option<()> {
    let mut parts = parts.iter().peekable();
    while let Some(part) = parts.next() {
        match part {
            TemplatePart::Literal(text) => segment = segment.strip_prefix(text.as_str())?,
            TemplatePart::Parameter(name) => {
                let end = match parts.peek() {
                    Some(TemplatePart::Literal(text)) => segment.find(text.as_str())?,
                    _ => segment.len(),
                };
                let (value, rest) = segment.split_at(end);
                if value.is_empty() {
                    return None;
                }
                values.push((name.clone(), value.to_owned()));
                segment = rest;
            }
        }
    }
    segment.is_empty().then_some(())
}
