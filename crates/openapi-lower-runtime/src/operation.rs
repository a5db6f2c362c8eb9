//! The description of an operation, which generated code has as a constant.

use std::borrow::Cow;

use crate::{
    credentials::{Requirements, Security},
    decoder::ErrorDecoder,
    display::Mask,
    error::{Error, ErrorKind},
    multipart::Form,
    server::OperationServer,
};

/// An operation of the document.
#[derive(Debug)]
pub struct Operation {
    /// The `operationId`.
    pub id: &'static str,
    /// The HTTP method, in capitals.
    pub method: &'static str,
    /// The path template.
    pub path: &'static str,
    /// The value of `Accept`.
    pub accept: &'static str,
    /// The security requirements.
    pub security: Requirements,
    /// The server.
    pub server: OperationServer,
    /// The documented error responses: single statuses first, then ranges, then the default.
    pub errors: &'static [ErrorDecoder],
}

impl Operation {
    /// Returns the value of a required parameter.
    ///
    /// # Errors
    ///
    /// If it wasn't set. The error names the setter, `name`.
    pub fn required<T>(&'static self, name: &str, value: Option<T>) -> Result<T, Error> {
        value.ok_or_else(|| self.not_sent(format!("`{name}` is required and wasn't set")))
    }

    /// Returns the value of a parameter that setters take in other types, too.
    ///
    /// # Errors
    ///
    /// If it couldn't be converted. The error names the setter, `name`.
    pub fn valid<T>(
        &'static self,
        name: &str,
        value: Option<Result<T, String>>,
    ) -> Result<Option<T>, Error> {
        value.transpose().map_err(|reason| self.not_sent(format!("`{name}` {reason}")))
    }

    /// Returns the value of a required parameter that setters take in other types, too.
    ///
    /// # Errors
    ///
    /// If it wasn't set or couldn't be converted. The error names the setter, `name`.
    pub fn required_valid<T>(
        &'static self,
        name: &str,
        value: Option<Result<T, String>>,
    ) -> Result<T, Error> {
        self.valid(name, value).and_then(|value| self.required(name, value))
    }

    /// Checks that a form has a required part.
    ///
    /// # Errors
    ///
    /// If it wasn't set. The error names the setter.
    pub fn required_part(
        &'static self,
        form: &Form,
        name: &str,
        setter: &str,
    ) -> Result<(), Error> {
        if form.contains(name) { Ok(()) } else { self.required(setter, None) }
    }

    /// Checks that one of several representations of the body is set, or none of an optional body.
    ///
    /// # Errors
    ///
    /// If it isn't. The error names the setters.
    pub fn one_body(&'static self, required: bool, bodies: &[(&str, bool)]) -> Result<(), Error> {
        let names = |chosen: bool| {
            let names = bodies.iter().filter(|(_, is_set)| *is_set || !chosen);
            names.map(|(name, _)| *name).collect::<Vec<_>>().join(" or ")
        };
        match bodies.iter().filter(|(_, is_set)| *is_set).count() {
            0 if required => {
                Err(self.not_sent(format!("a body is required: set {}", names(false))))
            }
            0 | 1 => Ok(()),
            _ => Err(self.not_sent(format!(
                "several bodies are set, by {}",
                names(true).replace(" or ", " and ")
            ))),
        }
    }

    /// Checks that a header can carry a value (RFC 9110, section 5.5).
    ///
    /// # Errors
    ///
    /// If it can't. The error names the setter, `name`.
    pub fn header_value(&'static self, name: &str, value: &str) -> Result<(), Error> {
        let invalid =
            |_| self.not_sent(format!("`{name}` has characters that a header can't carry"));
        reqwest::header::HeaderValue::from_str(value).map(drop).map_err(invalid)
    }

    /// Returns an error of a request that wasn't sent.
    pub(crate) fn not_sent(&'static self, message: impl Into<String>) -> Error {
        CallTarget::from(self).not_sent(message)
    }
}

/// The target of a call: an operation of the document, or a method and path of the caller.
#[derive(Clone, Debug)]
pub(crate) struct CallTarget {
    /// The `operationId`, or method and path template.
    pub(crate) id: Cow<'static, str>,
    /// The path template.
    pub(crate) path: Cow<'static, str>,
    pub(crate) accept: &'static str,
    pub(crate) security: Security,
    pub(crate) server: OperationServer,
    /// The documented error responses; `None` if the target isn't an operation of the document.
    pub(crate) errors: Option<&'static [ErrorDecoder]>,
    /// Hides the credential of the client in errors and spans.
    pub(crate) mask: Mask,
}

impl CallTarget {
    /// Adds the target to an error, and hides the credential in its text.
    pub(crate) fn describe(&self, error: Error) -> Error {
        error.with_operation(self.id.clone()).with_mask(&self.mask)
    }

    /// Returns an error of a request that wasn't sent.
    pub(crate) fn not_sent(&self, message: impl Into<String>) -> Error {
        self.describe(Error::new(ErrorKind::Request, message))
    }
}

impl From<&'static Operation> for CallTarget {
    fn from(operation: &'static Operation) -> Self {
        Self {
            id: operation.id.into(),
            path: operation.path.into(),
            accept: operation.accept,
            security: Security::Requirements(operation.security),
            server: operation.server,
            errors: Some(operation.errors),
            mask: Mask::default(),
        }
    }
}
