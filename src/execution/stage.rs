//! What a status means for those who wait.

use crate::generated::types::ExecutionStatus;

/// Whether there is something to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// It goes on by itself.
    UnderWay,
    /// It goes on when someone does something.
    NeedsYou,
    /// It doesn't go on.
    Ended,
}

impl Stage {
    /// By the value on the wire: a version that lists other statuses compiles as well. One that
    /// isn't known is no reason to give up waiting.
    pub(crate) fn of(status: &ExecutionStatus) -> Self {
        match status.as_str() {
            "completed" | "cancelled" | "failed" => Self::Ended,
            "awaiting_confirmation" | "paused" | "paused_by_agent" => Self::NeedsYou,
            _ => Self::UnderWay,
        }
    }
}
