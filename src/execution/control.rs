//! Changes of an execution's status, over their own operations where the document has them, else
//! over `ExecutionStatusUpdate`.

#[cfg(any(
    helper = "status",
    helper = "cancel.status",
    helper = "pause.status",
    helper = "resume.status"
))]
use crate::generated::types;
use crate::{
    execution::Execution,
    generated::{helper_operations, operations},
};

#[cfg(helper = "cancel.operation")]
type Cancel = operations::ExecutionCancel;
#[cfg(helper = "cancel.status")]
type Cancel = operations::ExecutionStatusUpdate;

#[cfg(helper = "pause.operation")]
type Pause = operations::ExecutionPause;
#[cfg(helper = "pause.status")]
type Pause = operations::ExecutionStatusUpdate;

#[cfg(helper = "resume.operation")]
type Resume = operations::ExecutionResume;
#[cfg(helper = "resume.status")]
type Resume = operations::ExecutionStatusUpdate;

impl Execution {
    /// Requests a change of the status.
    #[cfg(helper = "status")]
    pub fn set_status(
        &self,
        status: impl Into<types::UpdateableStatus>,
    ) -> operations::ExecutionStatusUpdate {
        self.update_status(status)
    }

    /// Cancels the execution.
    #[cfg(helper = "cancel")]
    pub fn cancel(&self) -> Cancel {
        #[cfg(helper = "cancel.operation")]
        let call = helper_operations::execution_cancel(self.client()).execution_id(self.id());
        #[cfg(helper = "cancel.status")]
        let call = self.update_status("cancelled");
        call
    }

    /// Pauses the execution.
    #[cfg(helper = "pause")]
    pub fn pause(&self) -> Pause {
        #[cfg(helper = "pause.operation")]
        let call = helper_operations::execution_pause(self.client()).execution_id(self.id());
        #[cfg(helper = "pause.status")]
        let call = self.update_status("paused");
        call
    }

    /// Resumes the execution: its status becomes `running`.
    #[cfg(helper = "resume")]
    pub fn resume(&self) -> Resume {
        #[cfg(helper = "resume.operation")]
        let call = helper_operations::execution_resume(self.client()).execution_id(self.id());
        #[cfg(helper = "resume.status")]
        let call = self.update_status("running");
        call
    }

    #[cfg(any(
        helper = "status",
        helper = "cancel.status",
        helper = "pause.status",
        helper = "resume.status"
    ))]
    fn update_status(
        &self,
        status: impl Into<types::UpdateableStatus>,
    ) -> operations::ExecutionStatusUpdate {
        let body = types::UpdateExecutionStatusRequest::new(status);
        helper_operations::execution_status_update(self.client()).execution_id(self.id()).body(body)
    }
}
