//! The error of a value that can't be deserialized, with its path.

use std::{
    cell::RefCell,
    fmt::{self, Write},
};

use serde::de::{Error, Expected, Unexpected};

thread_local! {
    /// The error that [`into_error`] is converting.
    static CONVERTED: RefCell<Option<Invalid>> = const { RefCell::new(None) };
}

/// The reason why a value can't be deserialized: `items[3].id: missing field …`.
#[derive(Debug)]
pub struct Invalid(Box<Reason>);

#[derive(Debug)]
struct Reason {
    message: String,
    /// The position in the text, as the format's own error states it; empty if it doesn't.
    position: String,
    /// From the value to the root.
    path: Vec<Segment>,
}

/// A step from a value to a part of it.
#[derive(Debug)]
pub(super) enum Segment {
    Property(String),
    Index(usize),
}

impl Invalid {
    fn new(message: String) -> Self {
        Self(Box::new(Reason { message, position: String::new(), path: Vec::new() }))
    }

    /// Returns the error of a value that was read from another deserializer: `failure` is what
    /// stopped it, and `error` is its own error.
    pub(crate) fn of_source(failure: Option<Self>, error: impl fmt::Display) -> Self {
        let error = error.to_string();
        // serde_json adds it to each error, also to that which stopped it and has no text of its
        // own. The innermost is the exact one.
        let (message, position) = error.split_at(error.rfind(" at line ").unwrap_or(error.len()));
        let mut invalid = failure.unwrap_or_else(|| Self::new(message.to_owned()));
        if invalid.0.position.is_empty() {
            invalid.0.position = position.to_owned();
        }
        invalid
    }

    /// Adds a step from an enclosing value.
    pub(super) fn within(mut self, segment: Segment) -> Self {
        self.0.path.push(segment);
        self
    }

    /// Adds the name of the property that the value is of.
    pub(crate) fn in_property(self, name: &str) -> Self {
        self.within(Segment::Property(name.to_owned()))
    }

    /// The path of the value; `None` for the whole value.
    pub(crate) fn path(&self) -> Option<String> {
        let mut path = String::new();
        for segment in self.0.path.iter().rev() {
            let separator = if path.is_empty() { "" } else { "." };
            // Writing to a string can't fail.
            let _ = match segment {
                Segment::Property(name) => write!(path, "{separator}{name}"),
                Segment::Index(index) => write!(path, "[{index}]"),
            };
        }
        (!path.is_empty()).then_some(path)
    }

    /// The reason without the path.
    pub(crate) fn message(&self) -> String {
        format!("{}{}", self.0.message, self.0.position)
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path() {
            Some(path) => write!(f, "{path}: {}", self.message()),
            None => f.write_str(&self.message()),
        }
    }
}

impl std::error::Error for Invalid {}

impl Error for Invalid {
    fn custom<T: fmt::Display>(message: T) -> Self {
        let converted = CONVERTED.take();
        converted.unwrap_or_else(|| Self::new(message.to_string()))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(match found {
            Unexpected::Unit => format!("invalid type: null, expected {expected}"),
            _ => format!("invalid type: {found}, expected {expected}"),
        })
    }
}

/// Converts an error into that of another deserializer. If that is [`Invalid`] too, the path stays.
///
/// serde has no conversion but that of a text, so the error goes past it.
pub(crate) fn into_error<E: Error>(invalid: Invalid) -> E {
    /// The text of the error that is being converted.
    struct Converted;

    impl fmt::Display for Converted {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            CONVERTED.with_borrow(|invalid| match invalid {
                Some(invalid) => invalid.fmt(f),
                None => Ok(()),
            })
        }
    }

    CONVERTED.set(Some(invalid));
    let error = E::custom(Converted);
    CONVERTED.set(None);
    error
}
