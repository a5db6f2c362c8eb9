//! Line numbers of YAML nodes, by JSON pointer.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, Span};

use crate::pointer::Pointer;

/// The lines of some nodes of a YAML or JSON text, from 1.
#[derive(Debug)]
pub struct LineMap {
    /// The requested pointers as a tree, the root first.
    nodes: Vec<Node>,
}

/// A requested pointer, or a prefix of one.
#[derive(Debug, Default)]
struct Node {
    children: HashMap<String, usize>,
    line: Option<usize>,
}

impl LineMap {
    /// Finds the lines of the nodes at `pointers`; in invalid YAML, of those before the error.
    pub fn new<'a>(text: &str, pointers: impl IntoIterator<Item = &'a Pointer>) -> Self {
        let mut map = Self { nodes: vec![Node { line: Some(1), ..Node::default() }] };
        for pointer in pointers {
            let mut node = 0;
            for segment in pointer.segments() {
                let next = map.nodes.len();
                node = *map.nodes[node].children.entry(segment.clone()).or_insert(next);
                if node == next {
                    map.nodes.push(Node::default());
                }
            }
        }
        if map.nodes.len() > 1 {
            map.read(text);
        }
        map
    }

    /// The line of a node, or of its nearest ancestor if it doesn't exist.
    pub fn line(&self, pointer: &Pointer) -> usize {
        let (mut node, mut line) = (0, 1);
        for segment in pointer.segments() {
            let Some(child) = self.nodes[node].children.get(segment) else { break };
            let Some(child_line) = self.nodes[*child].line else { break };
            (node, line) = (*child, child_line);
        }
        line
    }

    /// Reads the text and sets the lines.
    fn read(&mut self, text: &str) {
        let mut open: Vec<Collection> = Vec::new();
        for event in Parser::new_from_str(text) {
            let Ok((event, span)) = event else { break };
            match event {
                Event::MappingStart(..) | Event::SequenceStart(..) => {
                    let node = self.next_value(&mut open, span);
                    let is_sequence = matches!(event, Event::SequenceStart(..));
                    let index = is_sequence.then_some(0);
                    open.push(Collection { node, value: None, index });
                }
                Event::MappingEnd | Event::SequenceEnd => {
                    open.pop();
                }
                Event::Scalar(key, ..) => match open.last_mut() {
                    Some(Collection { node, value: value @ None, index: None }) => {
                        let child =
                            node.and_then(|node| self.nodes[node].children.get(&*key)).copied();
                        if let Some(child) = child {
                            self.nodes[child].line = Some(span.start.line());
                        }
                        *value = Some(child);
                    }
                    _ => {
                        self.next_value(&mut open, span);
                    }
                },
                Event::Alias(_) => {
                    self.next_value(&mut open, span);
                }
                _ => {}
            }
        }
    }

    /// The node of the next value, if it is requested. Sets the line of an item of a sequence.
    fn next_value(&mut self, open: &mut [Collection], span: Span) -> Option<usize> {
        let Some(collection) = open.last_mut() else { return Some(0) };
        match &mut collection.index {
            Some(index) => {
                let segment = index.to_string();
                *index += 1;
                let child = *self.nodes[collection.node?].children.get(&segment)?;
                self.nodes[child].line = Some(span.start.line());
                Some(child)
            }
            // A collection as a key has no pointer.
            None if collection.value.is_none() => {
                collection.value = Some(None);
                None
            }
            None => collection.value.take().flatten(),
        }
    }
}

/// A sequence or mapping whose end hasn't been reached.
struct Collection {
    /// Its node, if it is requested.
    node: Option<usize>,
    /// The node of the next value of a mapping, if it is requested; `None` if a key comes next.
    value: Option<Option<usize>>,
    /// The index of the next item of a sequence.
    index: Option<usize>,
}
