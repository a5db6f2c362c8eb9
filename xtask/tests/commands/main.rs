//! The commands that work on a working copy, run as a maintainer runs them.

mod docs;
mod support;
mod sync;
