//! JSON arrays that are decoded while they are received.

use std::{fmt, marker::PhantomData, mem};

use futures_util::TryStreamExt;
use serde::de::{DeserializeOwned, IgnoredAny};

use crate::{charset, error::Error, json, stream::ByteStream};

/// The largest size of an element, in bytes.
const MAX_ELEMENT: usize = 64 << 20;

/// A response body that is a JSON array (RFC 8259, section 5), of any length.
pub struct JsonArray<T> {
    body: ByteStream,
    /// The text that was received and isn't decoded.
    text: Vec<u8>,
    next: NextToken,
    /// The length of the text at which decoding an incomplete element is tried again. It doubles,
    /// so that the time doesn't grow with the square of the length.
    wanted: usize,
    elements: PhantomData<fn() -> T>,
}

impl<T> fmt::Debug for JsonArray<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JsonArray").field("received", &self.text.len()).finish_non_exhaustive()
    }
}

/// The tokens that may come next in an array.
#[derive(Clone, Copy, PartialEq, Eq)]
enum NextToken {
    Bracket,
    ElementOrEnd,
    Element,
    CommaOrEnd,
    /// Nothing: the array has ended.
    None,
}

/// An error in reading an array.
#[derive(Debug)]
pub enum JsonArrayError {
    /// The body can't be received.
    Body(Error),
    /// The text isn't an array of such elements, or an element is too large.
    Invalid,
}

impl<T: DeserializeOwned> JsonArray<T> {
    /// Creates a reader of a body.
    pub fn new(body: ByteStream) -> Self {
        let next = NextToken::Bracket;
        Self { body, text: Vec::new(), next, wanted: 0, elements: PhantomData }
    }

    /// Returns the next elements, at least one; `None` at the end of the array.
    ///
    /// # Errors
    ///
    /// If the body can't be received or isn't such an array.
    pub async fn next_elements(&mut self) -> Result<Option<Vec<T>>, JsonArrayError> {
        let mut has_ended = false;
        loop {
            let elements = self.decode()?;
            if !elements.is_empty() {
                return Ok(Some(elements));
            }
            if self.next == NextToken::None {
                return Ok(None);
            }
            if has_ended || self.text.len() > MAX_ELEMENT {
                return Err(JsonArrayError::Invalid);
            }
            match self.body.try_next().await.map_err(JsonArrayError::Body)? {
                Some(chunk) => self.text.extend_from_slice(&chunk),
                None => (has_ended, self.wanted) = (true, 0),
            }
        }
    }

    /// Decodes the elements that have been received completely.
    fn decode(&mut self) -> Result<Vec<T>, JsonArrayError> {
        let mut elements = Vec::new();
        if self.text.len() < self.wanted {
            return Ok(elements);
        }
        let text = mem::take(&mut self.text);
        let mut rest = text.trim_ascii_start();
        if self.next == NextToken::Bracket {
            if charset::is_partial_mark(&text) {
                self.text = text;
                return Ok(elements);
            }
            rest = charset::without_mark(&text).trim_ascii_start();
        }
        while let Some(first) = rest.first() {
            self.next = match (self.next, first) {
                (NextToken::Bracket, b'[') => NextToken::ElementOrEnd,
                (NextToken::CommaOrEnd, b',') => NextToken::Element,
                (NextToken::ElementOrEnd | NextToken::CommaOrEnd, b']') => NextToken::None,
                (NextToken::ElementOrEnd | NextToken::Element, _) => {
                    let Some(length) = complete_length(rest)? else { break };
                    let (element, behind) = rest.split_at(length);
                    let element = json::decode(None, element);
                    elements.push(element.map_err(|_| JsonArrayError::Invalid)?);
                    self.next = NextToken::CommaOrEnd;
                    rest = behind.trim_ascii_start();
                    continue;
                }
                _ => return Err(JsonArrayError::Invalid),
            };
            rest = rest[1..].trim_ascii_start();
        }
        self.wanted = 2 * rest.len();
        self.text = rest.to_vec();
        Ok(elements)
    }
}

/// Returns the length of the JSON value at the start of a text; `None` if it isn't complete.
fn complete_length(text: &[u8]) -> Result<Option<usize>, JsonArrayError> {
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => Ok(Some(values.byte_offset())),
        Some(Err(error)) if !error.is_eof() => Err(JsonArrayError::Invalid),
        _ => Ok(None),
    }
}
