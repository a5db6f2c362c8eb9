//! Status codes (RFC 9110, section 15).

use reqwest::StatusCode;

/// The statuses of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// One status.
    Code(u16),
    /// All statuses with this first digit.
    Class(u16),
    /// All statuses that no other response names.
    Any,
}

impl Status {
    /// Whether `status` is one of them.
    pub(crate) fn includes(self, status: StatusCode) -> bool {
        match self {
            Self::Code(code) => status.as_u16() == code,
            Self::Class(class) => status.as_u16() / 100 == class,
            Self::Any => true,
        }
    }
}

/// Whether the same request may be answered otherwise later.
pub(crate) fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502..=504)
}
