//! From a method and a path to an operation.

use percent_encoding::percent_decode_str;

use crate::operation::Operation;

/// A path template, cut into segments.
#[derive(Debug)]
struct Template(Vec<Vec<Piece>>);

/// A part of a segment.
#[derive(Debug)]
enum Piece {
    Text(String),
    Parameter(String),
}

/// Path parameters by name, decoded.
pub type PathValues = Vec<(String, String)>;

/// What a path leads to.
#[derive(Debug)]
pub enum Found {
    /// The operation with this index.
    Operation(usize, PathValues),
    /// The path is known, the method isn't: the methods it has, and one of its operations.
    OtherMethods(Vec<String>, usize),
    /// No template fits.
    Nothing,
}

/// All templates, the most concrete first.
#[derive(Debug)]
pub struct Routes(Vec<(Template, String, usize)>);

impl Routes {
    /// The routes of a document's operations, by their indices.
    pub fn new(operations: &[Operation]) -> Self {
        let mut routes: Vec<_> = operations
            .iter()
            .enumerate()
            .map(|(index, operation)| {
                (Template::parse(&operation.path), operation.method.clone(), index)
            })
            .collect();
        // "Concrete definitions are matched before templated ones", from the left.
        routes.sort_by_key(|(template, ..)| template.shape());
        Self(routes)
    }

    /// `path` is still percent-encoded, and starts behind the base path.
    pub fn find(&self, method: &str, path: &str) -> Found {
        let matching = || {
            self.0.iter().filter_map(|(template, method, index)| {
                Some((template, method, *index, template.values(path)?))
            })
        };
        let mut others = Vec::new();
        let mut any = 0;
        for (_, declared, index, values) in matching() {
            if declared == method {
                return Found::Operation(index, values);
            }
            others.push(declared.clone());
            any = index;
        }
        if others.is_empty() {
            return Found::Nothing;
        }
        Found::OtherMethods(others, any)
    }
}

impl Template {
    fn parse(path: &str) -> Self {
        Self(path.split('/').skip(1).map(pieces).collect())
    }

    /// Sorts concrete segments before mixed ones and those before whole parameters.
    fn shape(&self) -> Vec<u8> {
        let segment = |pieces: &Vec<Piece>| match pieces.as_slice() {
            [Piece::Text(_)] | [] => 0,
            [Piece::Parameter(_)] => 2,
            _ => 1,
        };
        self.0.iter().map(segment).collect()
    }

    fn values(&self, path: &str) -> Option<PathValues> {
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

/// A parameter takes at least one character and ends at the next literal text.
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
