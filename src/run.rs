//! Runs of workflows and agents.

#[cfg(helper = "run_files")]
mod files;
mod request;
mod target;

pub use self::request::{Run, RunRequest};
pub use self::target::ExecuteRequest;
#[cfg(helper = "run_version")]
pub use self::target::VersionExecuteRequest;
