//! Line numbers of YAML nodes, by JSON pointer.

use std::collections::HashMap;

use openapi_document::Pointer;
use saphyr_parser::{Event, Parser, Span, SpannedEventReceiver};

/// The line of each key and item of a YAML text, from 1.
pub(super) struct LineMap(HashMap<Pointer, usize>);

impl LineMap {
    /// Reads a text; one that isn't YAML has no lines.
    pub(super) fn new(text: &str) -> Self {
        let mut builder = LineMapBuilder { lines: HashMap::new(), open: Vec::new() };
        let mut parser = Parser::new_from_str(text);
        let _ = parser.load(&mut builder, false);
        Self(builder.lines)
    }

    /// The line of a node, or of its nearest ancestor if it doesn't exist.
    pub(super) fn line(&self, pointer: &Pointer) -> usize {
        let segments = pointer.segments();
        (0..=segments.len())
            .rev()
            .find_map(|length| self.0.get(&Pointer::from_segments(segments[..length].to_vec())))
            .copied()
            .unwrap_or(1)
    }
}

/// Receives the parser's events and records lines.
struct LineMapBuilder {
    lines: HashMap<Pointer, usize>,
    /// The collections around the current event, outermost first.
    open: Vec<Collection>,
}

/// A sequence or mapping whose end hasn't been reached.
struct Collection {
    pointer: Pointer,
    /// The pointer of the next value of a mapping; `None` if its next scalar is a key.
    next: Option<Pointer>,
    /// The index of the next item of a sequence.
    index: Option<usize>,
}

impl LineMapBuilder {
    /// The pointer of the next value; `Err` with the index of the open mapping if it is a key.
    fn next_pointer(&mut self) -> Result<Pointer, usize> {
        let last = self.open.len().wrapping_sub(1);
        let Some(collection) = self.open.last_mut() else { return Ok(Pointer::root()) };
        if let Some(index) = &mut collection.index {
            *index += 1;
            return Ok(collection.pointer.join(*index - 1));
        }
        collection.next.take().ok_or(last)
    }

    /// Enters a collection.
    fn open(&mut self, line: usize, is_sequence: bool) {
        // A collection as a key has no pointer.
        let pointer = self.next_pointer().unwrap_or_default();
        self.lines.entry(pointer.clone()).or_insert(line);
        self.open.push(Collection { pointer, next: None, index: is_sequence.then_some(0) });
    }
}

impl SpannedEventReceiver<'_> for LineMapBuilder {
    fn on_event(&mut self, event: Event<'_>, span: Span) {
        let line = span.start.line();
        match event {
            Event::MappingStart(..) => self.open(line, false),
            Event::SequenceStart(..) => self.open(line, true),
            Event::MappingEnd | Event::SequenceEnd => {
                self.open.pop();
            }
            Event::Scalar(text, ..) => match self.next_pointer() {
                Ok(pointer) => {
                    self.lines.entry(pointer).or_insert(line);
                }
                Err(mapping) => {
                    let pointer = self.open[mapping].pointer.join(text);
                    self.lines.insert(pointer.clone(), line);
                    self.open[mapping].next = Some(pointer);
                }
            },
            Event::Alias(_) => {
                let _ = self.next_pointer();
            }
            _ => {}
        }
    }
}
