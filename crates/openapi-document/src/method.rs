//! HTTP methods of operations.

use std::fmt;

use serde_json::{Map, Value};

use crate::pointer::Pointer;

/// The HTTP methods that have a field of their own in a Path Item Object, in lowercase as its keys
/// (OpenAPI 3.1, section 4.8.9; `query` is of OpenAPI 3.2).
pub const METHODS: [&str; 9] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// The key of the operations whose methods have no field (OpenAPI 3.2).
pub(crate) const ADDITIONAL: &str = "additionalOperations";

/// The method of an operation of a path item; displayed as it is sent: `GET`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Method(Key);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Key {
    /// One of [`METHODS`].
    Field(&'static str),
    /// A key of `additionalOperations`.
    Additional(String),
}

impl Method {
    /// The operations of a Path Item Object that isn't a reference: those of [`METHODS`], then
    /// those of `additionalOperations`.
    ///
    /// The values aren't checked: an operation must be an object.
    pub fn operations(item: &Map<String, Value>) -> impl Iterator<Item = (Self, &Value)> {
        let fields = METHODS.into_iter().filter_map(|field| {
            let operation = item.get(field)?;
            Some((Self(Key::Field(field)), operation))
        });
        let additional = item.get(ADDITIONAL).and_then(Value::as_object).into_iter().flatten();
        fields.chain(
            additional
                .map(|(method, operation)| (Self(Key::Additional(method.clone())), operation)),
        )
    }

    /// The method of a field of a Path Item Object, in any case; `None` if there is no such field.
    pub fn from_field(name: &str) -> Option<Self> {
        let field = METHODS.into_iter().find(|field| field.eq_ignore_ascii_case(name))?;
        Some(Self(Key::Field(field)))
    }

    /// The key of the operation in the document: `get`, or as it is in `additionalOperations`.
    pub fn key(&self) -> &str {
        match &self.0 {
            Key::Field(field) => field,
            Key::Additional(method) => method,
        }
    }

    /// Whether the operation is in `additionalOperations`.
    pub fn is_additional(&self) -> bool {
        matches!(self.0, Key::Additional(_))
    }

    /// The operation of a Path Item Object with this method.
    pub fn operation<'a>(&self, item: &'a Map<String, Value>) -> Option<&'a Value> {
        match &self.0 {
            Key::Field(field) => item.get(*field),
            Key::Additional(method) => item.get(ADDITIONAL)?.get(method),
        }
    }

    /// The pointer of the operation, by that of its path item.
    pub fn pointer(&self, item: &Pointer) -> Pointer {
        match &self.0 {
            Key::Field(field) => item.join(field),
            Key::Additional(method) => item.join(ADDITIONAL).join(method),
        }
    }

    /// Splits the segments of a pointer below a path item into a method and the segments in the
    /// operation; `None` if they don't lead into an operation.
    pub fn split(segments: &[String]) -> Option<(Self, &[String])> {
        match segments {
            [additional, method, rest @ ..] if additional == ADDITIONAL => {
                Some((Self(Key::Additional(method.clone())), rest))
            }
            [key, rest @ ..] => {
                let method = Self::from_field(key).filter(|method| method.key() == key)?;
                Some((method, rest))
            }
            [] => None,
        }
    }

    /// Whether a request may only read (RFC 9110, section 9.2.1; QUERY by its specification). Not
    /// known of other methods, which count as unsafe.
    pub fn is_safe(&self) -> bool {
        matches!(self.0, Key::Field("get" | "head" | "options" | "trace" | "query"))
    }

    /// Whether a request may be repeated (RFC 9110, section 9.2.2).
    pub fn is_idempotent(&self) -> bool {
        self.is_safe() || matches!(self.0, Key::Field("put" | "delete"))
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Key::Field(field) => f.write_str(&field.to_ascii_uppercase()),
            Key::Additional(method) => f.write_str(method),
        }
    }
}

/// The reason why a key can't be one of `additionalOperations`; `None` if it can.
pub(crate) fn additional_error(key: &str) -> Option<String> {
    if let Some(Method(Key::Field(field))) = Method::from_field(key) {
        return Some(format!("this method has a field of its own: write it as `{field}`"));
    }
    // A token (RFC 9110, section 5.6.2).
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    (key.is_empty() || !key.bytes().all(is_token))
        .then(|| "an HTTP method is a token (RFC 9110, section 9.1)".to_owned())
}
