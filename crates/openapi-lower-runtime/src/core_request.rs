//! The requests that progenitor's code builds.

use progenitor_client::ByteStream;
use reqwest::{RequestBuilder, header::CONTENT_TYPE};
use serde::{Serialize, Serializer, ser::Error};

use crate::{
    expansion::{self, Expansion},
    parameter_value::ParameterValue,
};

/// The error of a function of progenitor's code.
pub type CoreError = progenitor_client::Error<ByteStream>;

/// Sets a JSON body.
///
/// # Errors
///
/// If the value can't be written as JSON.
#[expect(clippy::result_large_err, reason = "progenitor's functions return this error")]
pub fn json<T: Serialize>(request: RequestBuilder, body: &T) -> Result<RequestBuilder, CoreError> {
    with_json(request, serde_json::to_vec(body))
}

/// Sets a body that was written. It is compiled once, and not for each type.
#[expect(clippy::result_large_err, reason = "progenitor's functions return this error")]
fn with_json(
    request: RequestBuilder,
    body: Result<Vec<u8>, serde_json::Error>,
) -> Result<RequestBuilder, CoreError> {
    let body = body.map_err(|error| CoreError::Custom(error.to_string()))?;
    Ok(request.header(CONTENT_TYPE, "application/json").body(body))
}

/// A parameter of the query, in the style `form` and exploded. It has no type parameter, as that of
/// progenitor has, for which functions of reqwest and serde_urlencoded would be compiled each time.
pub struct QueryParam(Result<Vec<(String, String)>, String>);

impl QueryParam {
    /// Creates a parameter.
    pub fn new<T: Serialize>(name: &str, value: &T) -> Self {
        Self::from_value(name, ParameterValue::new(value))
    }

    fn from_value(name: &str, value: Result<ParameterValue, String>) -> Self {
        Self(value.and_then(|value| expansion::pairs(name, Expansion::FORM, value, str::to_owned)))
    }
}

impl Serialize for QueryParam {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Ok(pairs) => pairs.serialize(serializer),
            Err(reason) => Err(S::Error::custom(reason)),
        }
    }
}

/// The reason why a request wasn't built.
pub(crate) fn reason(error: CoreError) -> String {
    match error {
        CoreError::InvalidRequest(reason) | CoreError::Custom(reason) => reason,
        CoreError::CommunicationError(error) => {
            let error = error.without_url();
            let source = std::error::Error::source(&error).map(|source| format!(": {source}"));
            format!("{error}{}", source.unwrap_or_default())
        }
        _ => "the request was not built".to_owned(),
    }
}
