//! Request bodies that are streams of JSON values.

use std::{fmt, marker::PhantomData};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{StreamExt, stream};
use reqwest::Body;
use serde::Serialize;

use crate::{once::Once, stream_format::StreamFormat};

/// A request body of JSON values, each on a line of its own or as a record of a JSON text sequence.
///
/// It is made from an array or a vector, or from a [`stream`](Self::stream), whose items are sent
/// as they come. A request whose body is a stream isn't retried, and copies of it share the stream:
/// it is sent once.
pub struct JsonLines<T> {
    lines: Lines,
    items: PhantomData<fn(T)>,
}

/// The encoded values without separators.
#[derive(Clone)]
enum Lines {
    Buffered(Vec<Result<Vec<u8>, String>>),
    Streamed(Once<SendStream>),
}

/// A stream of encoded values.
type SendStream = stream::BoxStream<'static, Result<Vec<u8>, String>>;

fn encode(item: &impl Serialize) -> Result<Vec<u8>, String> {
    let encoded = serde_json::to_vec(item);
    encoded.map_err(|error| format!("an item of the body can't be encoded as JSON: {error}"))
}

impl<T: Serialize> JsonLines<T> {
    /// Creates a body from a stream. The first item that can't be encoded breaks off the request.
    pub fn stream(items: impl Stream<Item = T> + Send + 'static) -> Self {
        let lines = items.map(|item| encode(&item)).boxed();
        Self { lines: Lines::Streamed(Once::new(lines)), items: PhantomData }
    }
}

impl<T: Serialize> FromIterator<T> for JsonLines<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let lines = items.into_iter().map(|item| encode(&item)).collect();
        Self { lines: Lines::Buffered(lines), items: PhantomData }
    }
}

impl<T: Serialize> From<Vec<T>> for JsonLines<T> {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Serialize, const N: usize> From<[T; N]> for JsonLines<T> {
    fn from(items: [T; N]) -> Self {
        items.into_iter().collect()
    }
}

impl<T> JsonLines<T> {
    /// Returns the body in a format. Fails if an item that is in memory can't be encoded.
    pub(crate) fn into_body(self, format: StreamFormat) -> Result<Body, String> {
        match self.lines {
            Lines::Buffered(lines) => {
                let mut body = Vec::new();
                for line in lines {
                    append(&mut body, &line?, format);
                }
                Ok(body.into())
            }
            Lines::Streamed(lines) => Ok(Body::wrap_stream(lines.take()?.map(move |line| {
                let mut chunk = Vec::new();
                append(&mut chunk, &line?, format);
                Ok::<_, String>(Bytes::from(chunk))
            }))),
        }
    }
}

/// Appends a value with its separators.
fn append(body: &mut Vec<u8>, value: &[u8], format: StreamFormat) {
    if format == StreamFormat::JsonSequence {
        body.push(0x1e);
    }
    body.extend_from_slice(value);
    body.push(b'\n');
}

impl<T> Clone for JsonLines<T> {
    fn clone(&self) -> Self {
        Self { lines: self.lines.clone(), items: PhantomData }
    }
}

impl<T> fmt::Debug for JsonLines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JsonLines")
    }
}
