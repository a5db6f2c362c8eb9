//! One execution: a handle, waiting for it, following it.

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
