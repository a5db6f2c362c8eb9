//! The report of `check-docs`: text, JSON, Markdown, annotations for GitHub, SARIF.

mod facts;
mod files;
mod github;
mod groups;
mod json;
mod markdown;
mod sarif;
mod summary;
mod text;

use std::path::PathBuf;

use clap::ValueEnum;

use super::check_report::CheckReport;

/// The format of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// Text for the terminal: each fact once, with its pages
    #[default]
    Text,
    /// JSON for other programs: all findings
    Json,
    /// Markdown: a task list by page
    Markdown,
    /// Annotations of GitHub Actions, at the lines of saved pages
    Github,
    /// SARIF 2.1.0 for code scanning, at the lines of saved pages
    Sarif,
}

/// The presentation of a report.
#[derive(Clone, Debug)]
pub(super) struct Presentation {
    pub(super) format: ReportFormat,
    /// Whether operations without a page, and pages without an operation, are listed.
    pub(super) complete: bool,
    /// The folder of the saved pages.
    pub(super) folder: Option<PathBuf>,
}

/// Renders a report.
pub(super) fn render(report: &CheckReport, presentation: &Presentation) -> String {
    let Presentation { format, complete, folder } = presentation;
    match format {
        // JSON has escapes of its own.
        ReportFormat::Json => json::render(report),
        ReportFormat::Sarif => sarif::render(report, folder.as_deref()),
        ReportFormat::Text => text::render(&report.printable(), *complete),
        ReportFormat::Markdown => markdown::render(&report.printable(), *complete),
        ReportFormat::Github => github::render(&report.printable(), folder.as_deref()),
    }
}
