//! The reports of several documents as one.

use anyhow::Result;
use openapi_diff::{cli::Format, markdown};
use openapi_document::OneLine;
use serde_json::{Map, Value, json};

/// The outcome for one document.
pub(super) struct Synced {
    /// The rendered report.
    pub(super) report: String,
    /// Whether `check` found differences.
    pub(super) differs: bool,
}

/// Renders the reports with the names of their documents.
pub(super) fn render(outcomes: &[(&str, Result<Synced>)], format: Format) -> String {
    match format {
        Format::Text => outcomes.iter().map(text).collect::<Vec<_>>().join("\n"),
        Format::Markdown => outcomes.iter().map(markdown).collect::<Vec<_>>().join("\n"),
        Format::Json => {
            let documents: Map<String, Value> = outcomes
                .iter()
                .map(|(name, outcome)| ((*name).to_owned(), json(outcome)))
                .collect();
            format!("{:#}\n", json!({ "documents": documents }))
        }
    }
}

fn text((name, outcome): &(&str, Result<Synced>)) -> String {
    match outcome {
        Ok(synced) => format!("{name}:\n{}", synced.report),
        Err(error) => format!("{name}:\nfailed: {}\n", OneLine(&format!("{error:#}"))),
    }
}

fn markdown((name, outcome): &(&str, Result<Synced>)) -> String {
    match outcome {
        Ok(synced) => format!("## {name}\n\n{}", synced.report),
        Err(error) => {
            let error = markdown::escape(&OneLine(&format!("{error:#}")).to_string());
            format!("## {name}\n\nFailed: {error}\n")
        }
    }
}

/// The object of one document, or its error.
fn json(outcome: &Result<Synced>) -> Value {
    match outcome {
        Ok(synced) => serde_json::from_str(&synced.report).unwrap_or_default(),
        Err(error) => json!({ "error": format!("{error:#}") }),
    }
}
