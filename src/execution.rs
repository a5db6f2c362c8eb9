//! Handles to executions, waits for them and streams of their activities.

#[cfg(helper = "activities")]
mod activities;
mod handle;
mod state;
mod wait;

#[cfg(helper = "activities")]
pub use self::activities::Activities;
pub use self::{
    handle::Execution,
    wait::{Interaction, Wait, WaitOutcome},
};
