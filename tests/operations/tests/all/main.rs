//! Tests of asteroid-agents against the vendored document.

mod json_difference;
mod operations;
mod round_trips;
