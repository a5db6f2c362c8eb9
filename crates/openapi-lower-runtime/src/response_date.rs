//! The time of a response.

use std::time::SystemTime;

use reqwest::header::{DATE, HeaderMap, HeaderValue};

/// Returns the `Date` of a response (RFC 9110, section 6.6.1), or else the present time.
///
/// Times of the server are compared with it, so that a wrong local clock does no harm.
pub(crate) fn response_date(headers: &HeaderMap) -> SystemTime {
    let date = headers.get(DATE).map(HeaderValue::to_str);
    let date = date.and_then(|text| httpdate::parse_http_date(text.ok()?).ok());
    date.unwrap_or_else(SystemTime::now)
}
