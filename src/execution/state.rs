//! What a status means for those who wait.

use crate::generated::types::ExecutionStatus;

/// Whether there is something to wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExecutionState {
    /// It goes on by itself.
    Running,
    /// It goes on when someone does something.
    ActionRequired,
    /// It doesn't go on.
    Terminal,
}

impl ExecutionState {
    /// By the value on the wire: a version that lists other statuses compiles as well. One that
    /// isn't known is no reason to give up waiting.
    pub(crate) fn of(status: &ExecutionStatus) -> Self {
        match status.as_str() {
            "completed" | "cancelled" | "failed" => Self::Terminal,
            "awaiting_confirmation" | "paused" | "paused_by_agent" => Self::ActionRequired,
            _ => Self::Running,
        }
    }
}
