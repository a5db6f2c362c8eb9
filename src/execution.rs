//! Handles to executions, waits for them and streams of their activities.

#[cfg(helper = "activities")]
mod activities;
#[cfg(helper = "activities")]
mod activity_reader;
mod handle;
#[cfg(helper = "activities")]
mod polls;
mod state;
mod wait;

#[cfg(helper = "activities")]
pub use self::activities::Activities;
pub use self::{
    handle::Execution,
    wait::{Interaction, Wait, WaitOutcome},
};
