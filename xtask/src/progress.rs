//! Progress indicators on stderr, hidden unless it is a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use openapi_document::OneLine;

/// A spinner with a message.
pub(crate) fn spinner(message: &str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(OneLine(message).to_string());
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

/// A progress bar for a number of items of a unit.
pub(crate) fn bar(length: u64, unit: &str) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}");
    let bar = ProgressBar::new(length).with_message(unit.to_owned());
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
