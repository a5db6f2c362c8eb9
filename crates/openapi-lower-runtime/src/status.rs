//! HTTP status codes (RFC 9110, section 15).

use reqwest::StatusCode;

/// The statuses of a documented response: a key of an OpenAPI Responses Object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// One status code.
    Code(u16),
    /// A range: all status codes with this first digit (`4XX`).
    Class(u16),
    /// All status codes that no other response declares (`default`).
    Any,
}

impl Status {
    /// Whether `status` is among these statuses.
    pub(crate) fn includes(self, status: StatusCode) -> bool {
        match self {
            Self::Code(code) => status.as_u16() == code,
            Self::Class(class) => status.as_u16() / 100 == class,
            Self::Any => true,
        }
    }
}

/// Whether a status is transient: the same request may succeed later.
pub(crate) fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502..=504)
}
