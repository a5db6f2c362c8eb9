//! The settings of a client that apply to each of its calls.

use std::time::Duration;

use crate::{headers::ExtraHeaders, retry::RetryPolicy};

/// The settings of a client that [`CallOptions`](crate::CallOptions) can change, and the response
/// limit.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) timeout: Duration,
    pub(crate) response_limit: usize,
    pub(crate) undeclared_limit: usize,
    pub(crate) retry: RetryPolicy,
    pub(crate) headers: ExtraHeaders,
}
