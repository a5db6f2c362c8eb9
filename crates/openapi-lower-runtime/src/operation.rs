//! What generated code says of an operation, in constants.

use std::borrow::Cow;

use crate::{
    auth::Auth,
    decoder::ErrorDecoder,
    error::{Error, ErrorKind},
    multipart::Form,
};

/// An operation of the document.
#[derive(Debug)]
pub struct Operation {
    /// `operationId`.
    pub id: &'static str,
    /// The HTTP method, in capitals.
    pub method: &'static str,
    /// The path template.
    pub path: &'static str,
    /// The value of `Accept`.
    pub accept: &'static str,
    /// How its requests prove who sends them.
    pub auth: Auth,
    /// The documented errors: single statuses first, then ranges, then the default.
    pub errors: &'static [ErrorDecoder],
}

impl Operation {
    /// The value that a caller must have set under `name`.
    pub fn required<T>(&'static self, name: &str, value: Option<T>) -> Result<T, Error> {
        value.ok_or_else(|| self.not_sent(format!("`{name}` is required and wasn't set")))
    }

    /// Whether a form has the part that it must have; `setter` is what the caller calls.
    pub fn required_part(
        &'static self,
        form: &Form,
        name: &str,
        setter: &str,
    ) -> Result<(), Error> {
        if form.has(name) { Ok(()) } else { self.required(setter, None) }
    }

    /// Whether a header can carry a value (RFC 9110, section 5.5).
    pub fn header_value(&'static self, name: &str, value: &str) -> Result<(), Error> {
        let legal = |_| self.not_sent(format!("`{name}` has characters that no header can carry"));
        reqwest::header::HeaderValue::from_str(value).map(drop).map_err(legal)
    }

    /// An error of a request that was never sent.
    pub(crate) fn not_sent(&'static self, message: impl Into<String>) -> Error {
        CallTarget::from(self).not_sent(message)
    }
}

/// What a call is of: an operation of the document, or a request that a caller made up.
#[derive(Clone, Debug)]
pub(crate) struct CallTarget {
    /// `operationId`, or method and path template.
    pub(crate) id: Cow<'static, str>,
    /// The path template.
    pub(crate) path: Cow<'static, str>,
    pub(crate) accept: &'static str,
    pub(crate) auth: Auth,
    /// The documented errors; `None` where nothing is documented.
    pub(crate) errors: Option<&'static [ErrorDecoder]>,
}

impl CallTarget {
    /// An error of a request that was never sent.
    pub(crate) fn not_sent(&self, message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Request, message).with_operation(self.id.clone())
    }
}

impl From<&'static Operation> for CallTarget {
    fn from(operation: &'static Operation) -> Self {
        Self {
            id: operation.id.into(),
            path: operation.path.into(),
            accept: operation.accept,
            auth: operation.auth,
            errors: Some(operation.errors),
        }
    }
}
