//! Classification of execution statuses for polling.

use crate::generated::types::ExecutionStatus;

/// The state of an execution, as far as a wait depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExecutionState {
    /// The execution proceeds by itself.
    Running,
    /// The execution proceeds only after a message or a change of its status.
    ActionRequired,
    /// The execution has ended.
    Terminal,
}

impl ExecutionState {
    /// Classifies a status by its value on the wire, so that the crate also compiles with documents
    /// that list other statuses. An unrecognized status counts as running.
    pub(crate) fn from_status(status: &ExecutionStatus) -> Self {
        match status.as_str() {
            "completed" | "cancelled" | "failed" => Self::Terminal,
            "awaiting_confirmation" | "paused" | "paused_by_agent" => Self::ActionRequired,
            _ => Self::Running,
        }
    }
}
