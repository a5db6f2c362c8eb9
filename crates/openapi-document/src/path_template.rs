//! Path templates (OpenAPI 3.1, section 4.8.2): `/things/{id}/exports/{name}.json`.

use percent_encoding::percent_decode_str;

/// A path template, cut into segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathTemplate(Vec<Vec<Piece>>);

/// A part of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Parameter(String),
}

/// Path parameters by name, decoded.
pub type PathValues = Vec<(String, String)>;

impl PathTemplate {
    /// Reads a template. A brace that isn't closed is text.
    pub fn parse(path: &str) -> Self {
        Self(path.split('/').skip(1).map(pieces).collect())
    }

    /// The names in braces, in order; a name that stands twice is there twice.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flatten().filter_map(|piece| match piece {
            Piece::Parameter(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// The template without the names of its parameters: `/things/{}/exports/{}.json`. Two paths
    /// of one shape are the same path (OpenAPI 3.1, section 4.8.8.1).
    pub fn shape(&self) -> String {
        let mut shape = String::new();
        for segment in &self.0 {
            shape.push('/');
            for piece in segment {
                shape.push_str(match piece {
                    Piece::Text(text) => text,
                    Piece::Parameter(_) => "{}",
                });
            }
        }
        shape
    }

    /// A key by which the more concrete of two templates comes first (section 4.8.8.2): segments
    /// of text before mixed ones, and those before whole parameters, from the left.
    pub fn precedence(&self) -> Vec<u8> {
        let segment = |pieces: &Vec<Piece>| match pieces.as_slice() {
            [Piece::Text(_)] | [] => 0,
            [Piece::Parameter(_)] => 2,
            _ => 1,
        };
        self.0.iter().map(segment).collect()
    }

    /// The values of the parameters in a path that is still percent-encoded; `None` if it doesn't
    /// fit. A parameter takes at least one character and ends at the next literal text.
    pub fn values(&self, path: &str) -> Option<PathValues> {
        let segments: Vec<_> = path.strip_prefix('/')?.split('/').collect();
        if segments.len() != self.0.len() {
            return None;
        }
        let mut values = Vec::new();
        for (pieces, segment) in self.0.iter().zip(segments) {
            let segment = percent_decode_str(segment).decode_utf8().ok()?;
            fit(pieces, &segment, &mut values)?;
        }
        Some(values)
    }
}

fn pieces(segment: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = segment;
    while let Some((text, tail)) = rest.split_once('{') {
        let Some((name, tail)) = tail.split_once('}') else { break };
        if !text.is_empty() {
            pieces.push(Piece::Text(text.to_owned()));
        }
        pieces.push(Piece::Parameter(name.to_owned()));
        rest = tail;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.to_owned()));
    }
    pieces
}

fn fit(pieces: &[Piece], mut segment: &str, values: &mut PathValues) -> Option<()> {
    let mut pieces = pieces.iter().peekable();
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => segment = segment.strip_prefix(text.as_str())?,
            Piece::Parameter(name) => {
                let end = match pieces.peek() {
                    Some(Piece::Text(text)) => segment.find(text.as_str())?,
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
