//! The report of `sync-spec` as text, JSON and Markdown.

use openapi_diff::{Severity, cli::Format, json as diff_json, markdown, text as diff_text};
use openapi_document::OneLine;
use openapi_lower::Note;
use semver::Version;
use serde_json::{Value, json};

use crate::{changelog, documents::VendoredDocument, source::SourceRecord, version::Release};

/// The outcome of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SyncOutcome {
    /// All files are up to date.
    InSync,
    /// The document differs and wasn't written because of `--check`.
    Differs,
    /// The document, its record and the names were written.
    Written,
    /// An earlier run wrote the document only, and `--check` forbids to write the rest.
    Unfinished,
    /// An earlier run wrote the document only, and this run the rest.
    Finished,
}

/// The data of a report.
pub(super) struct SyncReport<'a> {
    pub(super) document: &'a VendoredDocument,
    pub(super) outcome: SyncOutcome,
    /// The changes from the previous document; `None` if there are none or it was invalid.
    pub(super) changes: Option<&'a openapi_diff::Report>,
    pub(super) before: &'a SourceRecord,
    pub(super) after: &'a SourceRecord,
    /// The helpers that call other or deprecated operations, in sentences.
    pub(super) helpers: Vec<String>,
    /// The notes on properties that apply from now on.
    pub(super) notes: Vec<Note>,
    /// The number of names added to `names.toml`.
    pub(super) names: usize,
    /// The number of documentation pages that differ, and of all pages.
    pub(super) docs: Option<(usize, usize)>,
    /// The present version of the crate.
    pub(super) current: Release,
}

impl SyncReport<'_> {
    /// Renders the report.
    pub(super) fn render(&self, format: Format) -> String {
        match format {
            Format::Text => self.text(),
            Format::Json => self.json(),
            Format::Markdown => self.markdown(),
        }
    }

    /// The outcome, in one line.
    fn headline(&self) -> String {
        match self.outcome {
            SyncOutcome::InSync => format!("in sync with version {}", self.after.version),
            SyncOutcome::Differs => {
                let (after, before) = (&self.after.version, &self.before.version);
                match after == before {
                    true => format!("document of version {after} differs from the vendored one"),
                    false => format!("version {after} differs from the vendored version {before}"),
                }
            }
            SyncOutcome::Written => {
                let names = match self.names {
                    0 => String::new(),
                    1 => ", 1 type name added".to_owned(),
                    n => format!(", {n} type names added"),
                };
                let (after, before) = (&self.after.version, &self.before.version);
                match after == before {
                    true => format!("updated the document of version {after}{names}"),
                    false => format!("updated from version {before} to {after}{names}"),
                }
            }
            SyncOutcome::Unfinished => {
                let names = self.document.names();
                let names = names.file_name().unwrap_or_default().to_string_lossy();
                format!(
                    "interrupted update: spec/source.toml or spec/{names} don't match {}; run \
                     `cargo xtask sync-spec`",
                    self.document
                )
            }
            SyncOutcome::Finished => {
                format!("finished an interrupted update to version {}", self.after.version)
            }
        }
    }

    /// The next version of the crate and the severity of the changes to the Rust API.
    fn next(&self) -> Option<(Version, Severity)> {
        let changes = self.changes?;
        // Without a verdict anything may have changed.
        let rust = match changes.rust_unavailable {
            None => changes.rust(),
            Some(_) => Severity::Major,
        };
        Some((self.current.next(rust), rust))
    }

    /// The next version of the crate, as a sentence.
    fn version_advice(&self) -> Option<String> {
        let (next, rust) = self.next()?;
        Some(match rust {
            Severity::None => {
                format!("Crate version {next} can stay: no changes to the Rust API.")
            }
            rust if next == self.current.version => {
                format!(
                    "Crate version {next} can stay, as it is unreleased (Rust changes: {rust})."
                )
            }
            rust => format!(
                "Crate version {next} is required, after {} (Rust changes: {rust}).",
                self.current.version
            ),
        })
    }

    /// The number of documentation pages that differ, as a sentence.
    fn docs_summary(&self) -> Option<String> {
        let (differing, all) = self.docs?;
        Some(format!(
            "{differing} of {all} documentation pages differ; run `cargo xtask check-docs` for \
             details."
        ))
    }

    /// The section for CHANGELOG.md.
    fn changelog(&self) -> Option<String> {
        let (next, _) = self.next()?;
        let mut document = format!("version {}", self.after.version);
        if !self.document.is_api() {
            document.push_str(&format!(" ({})", self.document.name()));
        }
        Some(changelog::section(self.changes?, &next, &document, &self.notes))
    }

    /// The remarks on helpers, on the meaning of properties and on proposals, in sentences.
    fn remarks(&self) -> Vec<String> {
        let proposed = self.changes.is_some_and(|changes| {
            changes.successors.iter().any(|successor| successor.score.is_some())
        });
        let advice = "proposed successors that are right belong into spec/successors.toml";
        let notes = self.notes.iter();
        let notes =
            notes.map(|note| format!("another meaning of `{}`: {}", note.property, note.text));
        let advice = proposed.then(|| advice.to_owned());
        self.helpers.iter().cloned().chain(notes).chain(advice).collect()
    }

    fn text(&self) -> String {
        let mut text = String::new();
        if let Some(changes) = self.changes {
            text.push_str(&diff_text::render(changes));
            text.push('\n');
        }
        text.push_str(&OneLine(&self.headline()).to_string());
        text.push('\n');
        if let Some(pages) = self.docs_summary() {
            text.push_str(&format!("{pages}\n"));
        }
        for remark in self.remarks() {
            text.push_str(&format!("{}\n", OneLine(&remark)));
        }
        if let (Some(advice), Some(changelog)) = (self.version_advice(), self.changelog()) {
            text.push_str(&format!("{advice}\n\nFor CHANGELOG.md:\n\n{changelog}"));
        }
        text
    }

    fn json(&self) -> String {
        let mut json: Value = match self.changes {
            Some(changes) => serde_json::from_str(&diff_json::render(changes)).unwrap_or_default(),
            None => json!({ "wire": Severity::None, "rust": Severity::None, "changes": [] }),
        };
        json["outcome"] = match self.outcome {
            SyncOutcome::InSync => "in-sync",
            SyncOutcome::Differs => "differs",
            SyncOutcome::Written => "written",
            SyncOutcome::Unfinished => "unfinished",
            SyncOutcome::Finished => "finished",
        }
        .into();
        if let Some((differing, all)) = self.docs {
            json["docs"] = json!({ "pages": all, "disagreeing": differing });
        }
        json["helpers"] = json!(self.helpers);
        let note = |note: &Note| json!({ "property": note.property, "text": note.text });
        json["notes"] = self.notes.iter().map(note).collect();
        json["next_version"] = self.next().map(|(next, _)| next.to_string()).into();
        format!("{json:#}\n")
    }

    fn markdown(&self) -> String {
        let headline = markdown::escape(&self.headline());
        let mut text = format!("{}{}.\n\n", headline[..1].to_uppercase(), &headline[1..]);
        if let Some(pages) = self.docs_summary() {
            text.push_str(&format!("{pages}\n\n"));
        }
        let remarks = self.remarks();
        for remark in &remarks {
            text.push_str(&format!("- {}\n", markdown::escape(remark)));
        }
        if !remarks.is_empty() {
            text.push('\n');
        }
        let Some(changes) = self.changes else { return text };
        if let Some(advice) = self.version_advice() {
            text.push_str(&format!("{advice}\n\n"));
        }
        let mut changelog = self.changelog().unwrap_or_default();
        // Most of the space is reserved for the changes.
        if let Some((end, _)) = changelog.char_indices().nth(markdown::LIMIT / 4) {
            changelog.truncate(end);
            changelog.push_str("…\n");
        }
        let section = format!(
            "\n<details><summary>For CHANGELOG.md</summary>\n\n{}\n</details>\n",
            markdown::fenced("markdown", &changelog)
        );
        let reserved = text.chars().count() + section.chars().count();
        text + &markdown::render(changes, reserved) + &section
    }
}
