//! Where the parts of a YAML text stand.

use std::collections::HashMap;

use openapi_document::Pointer;
use saphyr_parser::{Event, Parser, Span, SpannedEventReceiver};

/// The line of each key and item of a YAML text, from 1, by its place.
pub(super) struct Lines(HashMap<Pointer, usize>);

impl Lines {
    /// Reads a text; what isn't YAML has no lines.
    pub(super) fn of(text: &str) -> Self {
        let mut reader = Reader { lines: HashMap::new(), open: Vec::new() };
        let mut parser = Parser::new_from_str(text);
        let _ = parser.load(&mut reader, false);
        Self(reader.lines)
    }

    /// The line of a place, or of what it would be in.
    pub(super) fn line(&self, at: &Pointer) -> usize {
        let segments = at.segments();
        (0..=segments.len())
            .rev()
            .find_map(|length| self.0.get(&Pointer::of(segments[..length].to_vec())))
            .copied()
            .unwrap_or(1)
    }
}

struct Reader {
    lines: HashMap<Pointer, usize>,
    open: Vec<Open>,
}

/// A list or map that isn't at its end.
struct Open {
    at: Pointer,
    /// `None`: a map whose next scalar is a key.
    next: Option<Pointer>,
    /// The number of the next item of a list.
    index: Option<usize>,
}

impl Reader {
    /// The place of the next value; `Err` is the open map whose key it is.
    fn place(&mut self) -> Result<Pointer, usize> {
        let last = self.open.len().wrapping_sub(1);
        let Some(open) = self.open.last_mut() else { return Ok(Pointer::root()) };
        if let Some(index) = &mut open.index {
            *index += 1;
            return Ok(open.at.join(*index - 1));
        }
        open.next.take().ok_or(last)
    }

    fn open(&mut self, line: usize, is_list: bool) {
        // A map or list as a key has no place.
        let at = self.place().unwrap_or_default();
        self.lines.entry(at.clone()).or_insert(line);
        self.open.push(Open { at, next: None, index: is_list.then_some(0) });
    }
}

impl SpannedEventReceiver<'_> for Reader {
    fn on_event(&mut self, event: Event<'_>, span: Span) {
        let line = span.start.line();
        match event {
            Event::MappingStart(..) => self.open(line, false),
            Event::SequenceStart(..) => self.open(line, true),
            Event::MappingEnd | Event::SequenceEnd => {
                self.open.pop();
            }
            Event::Scalar(text, ..) => match self.place() {
                Ok(at) => {
                    self.lines.entry(at).or_insert(line);
                }
                Err(map) => {
                    let at = self.open[map].at.join(text);
                    self.lines.insert(at.clone(), line);
                    self.open[map].next = Some(at);
                }
            },
            Event::Alias(_) => {
                let _ = self.place();
            }
            _ => {}
        }
    }
}
