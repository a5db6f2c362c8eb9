//! Handles to executions, waits for them and streams of their activities.

#[cfg(helper = "activities")]
mod activities;
#[cfg(helper = "activities")]
mod activity_reader;
#[cfg(any(helper = "status", helper = "cancel", helper = "pause", helper = "resume"))]
mod control;
mod handle;
#[cfg(helper = "long_poll")]
mod long_poll;
#[cfg(helper = "activities")]
mod polls;
#[cfg(helper = "rerun")]
mod rerun;
mod state;
mod wait;

#[cfg(helper = "activities")]
pub use self::activities::Activities;
#[cfg(helper = "rerun")]
pub use self::rerun::{Rerun, RerunRequest};
pub use self::{
    handle::Execution,
    wait::{Interaction, Wait, WaitOutcome},
};
