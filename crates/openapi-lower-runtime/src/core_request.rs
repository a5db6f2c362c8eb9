//! The requests that progenitor's code builds.

use progenitor_client::ByteStream;
use reqwest::{Request, header::HeaderName};

/// The error of a function of progenitor's code.
pub type CoreError = progenitor_client::Error<ByteStream>;

/// The header in which progenitor sends the document's `info.version`.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// Returns a request without progenitor's own header, or the reason why none was built.
pub(crate) fn built(request: Result<Request, CoreError>) -> Result<Request, String> {
    let mut request = request.map_err(reason)?;
    // The first value is progenitor's. A value that the caller set as a parameter stays.
    let values = request.headers().get_all(&API_VERSION);
    let set_by_caller: Vec<_> = values.iter().skip(1).cloned().collect();
    request.headers_mut().remove(&API_VERSION);
    for value in set_by_caller {
        request.headers_mut().append(API_VERSION, value);
    }
    Ok(request)
}

fn reason(error: CoreError) -> String {
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
