//! The settings by which calls are sent.

use std::time::Duration;

use crate::{headers::ExtraHeaders, retry::RetryPolicy};

/// The settings of a client's calls.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) timeout: Duration,
    pub(crate) response_limit: usize,
    pub(crate) retry: RetryPolicy,
    pub(crate) headers: ExtraHeaders,
}
