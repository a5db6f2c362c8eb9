//! Splitting of a body that is received in chunks into lines or records, of limited size.

use std::mem;

use bytes::{Buf, Bytes};

/// The bytes that end a line or begin a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Separator {
    /// LF, CR, or CR LF (WHATWG, server-sent events, section 9.2.5).
    AnyLineEnd,
    /// LF.
    LineFeed,
    /// The record separator of JSON text sequences (RFC 7464, section 2.2).
    Record,
}

impl Separator {
    fn matches(self, byte: u8) -> bool {
        match self {
            Self::AnyLineEnd => byte == b'\n' || byte == b'\r',
            Self::LineFeed => byte == b'\n',
            Self::Record => byte == 0x1e,
        }
    }
}

/// A line without its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Text(Vec<u8>),
    /// A line that was longer than the limit, and isn't kept.
    TooLong,
}

/// Splits chunks into lines. It holds one line at most.
#[derive(Debug)]
pub(crate) struct LineSplitter {
    separator: Separator,
    /// The maximum length of a line, in bytes.
    limit: usize,
    /// The part of the line that was received.
    partial: Vec<u8>,
    is_too_long: bool,
    /// Whether the last byte was a CR, which a LF may follow.
    after_cr: bool,
}

impl LineSplitter {
    pub(crate) fn new(separator: Separator, limit: usize) -> Self {
        Self { separator, limit, partial: Vec::new(), is_too_long: false, after_cr: false }
    }

    /// Takes the next line from `chunk`. `None` if the chunk is used up.
    pub(crate) fn next_line(&mut self, chunk: &mut Bytes) -> Option<Line> {
        if self.after_cr && !chunk.is_empty() {
            self.after_cr = false;
            if chunk[0] == b'\n' {
                chunk.advance(1);
            }
        }
        let Some(end) = chunk.iter().position(|byte| self.separator.matches(*byte)) else {
            self.append(chunk);
            chunk.clear();
            return None;
        };
        self.append(&chunk[..end]);
        self.after_cr = self.separator == Separator::AnyLineEnd && chunk[end] == b'\r';
        chunk.advance(end + 1);
        Some(self.take())
    }

    /// Takes the text after the last separator; `None` if there is none.
    pub(crate) fn take_rest(&mut self) -> Option<Line> {
        (self.is_too_long || !self.partial.is_empty()).then(|| self.take())
    }

    fn append(&mut self, bytes: &[u8]) {
        self.is_too_long |= self.partial.len() + bytes.len() > self.limit;
        if self.is_too_long {
            self.partial = Vec::new();
        } else {
            self.partial.extend_from_slice(bytes);
        }
    }

    fn take(&mut self) -> Line {
        let text = mem::take(&mut self.partial);
        if mem::take(&mut self.is_too_long) { Line::TooLong } else { Line::Text(text) }
    }
}
