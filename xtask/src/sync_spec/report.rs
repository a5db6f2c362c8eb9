//! What a run of `sync-spec` says.

use openapi_diff::{Severity, cli::Format, json as diff_json, markdown, text as diff_text};
use semver::Version;
use serde_json::{Value, json};

use crate::{changelog, source::Source, version::Release};

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// There was nothing to do.
    InSync,
    /// There is something to do, and `--check` didn't.
    Differs,
    /// The document and what belongs to it were written.
    Written,
    /// The document is the one, but an interrupted run left the rest to be done.
    Unfinished,
    /// And this one did it.
    Finished,
}

pub(super) struct Report<'a> {
    pub(super) outcome: Outcome,
    /// `None` where there was nothing to compare with.
    pub(super) changes: Option<&'a openapi_diff::Report>,
    pub(super) before: &'a Source,
    pub(super) after: &'a Source,
    /// How many types got a name that stays.
    pub(super) names: usize,
    /// How many pages of the documentation disagree, and how many there are.
    pub(super) docs: Option<(usize, usize)>,
    /// The crate as it is.
    pub(super) current: Release,
}

impl Report<'_> {
    pub(super) fn rendered(&self, format: Format) -> String {
        match format {
            Format::Text => self.text(),
            Format::Json => self.json(),
            Format::Markdown => self.markdown(),
        }
    }

    /// What was done, in a line.
    fn headline(&self) -> String {
        match self.outcome {
            Outcome::InSync => format!("in sync with version {}", self.after.version),
            Outcome::Differs => {
                let (after, before) = (&self.after.version, &self.before.version);
                match after == before {
                    true => format!("another document of version {after} than the one here"),
                    false => format!("version {after} differs from version {before} here"),
                }
            }
            Outcome::Written => {
                let names = match self.names {
                    0 => String::new(),
                    1 => ", 1 new type name".to_owned(),
                    n => format!(", {n} new type names"),
                };
                let (after, before) = (&self.after.version, &self.before.version);
                match after == before {
                    true => format!("another document of version {after}{names}"),
                    false => format!("version {after} in place of {before}{names}"),
                }
            }
            Outcome::Unfinished => {
                "an update was interrupted: spec/source.toml or spec/names.toml \
                                    don't go with spec/openapi.yaml; run `cargo xtask sync-spec`"
                    .to_owned()
            }
            Outcome::Finished => {
                format!("finished an interrupted update to version {}", self.after.version)
            }
        }
    }

    /// The version that the crate needs next, where anything changed.
    fn next(&self) -> Option<(Version, Severity)> {
        let rust = self.changes?.rust();
        Some((self.current.next(rust), rust))
    }

    fn advice(&self) -> Option<String> {
        let (next, rust) = self.next()?;
        Some(match rust {
            Severity::None => {
                format!("The crate can stay {next}: nothing changed for source code.")
            }
            rust if next == self.current.version => {
                format!(
                    "The crate can stay {next}, which isn't released yet: {rust} for source code."
                )
            }
            rust => format!(
                "The crate needs version {next} next, after {}: {rust} for source code.",
                self.current.version
            ),
        })
    }

    fn pages(&self) -> Option<String> {
        let (disagreeing, all) = self.docs?;
        Some(format!(
            "{disagreeing} of {all} pages of the documentation disagree: `cargo xtask check-docs` \
             says where."
        ))
    }

    fn changelog(&self) -> Option<String> {
        let (next, _) = self.next()?;
        let document = format!("version {}", self.after.version);
        Some(changelog::section(self.changes?, &next, &document))
    }

    fn text(&self) -> String {
        let mut text = String::new();
        if let Some(changes) = self.changes {
            text.push_str(&diff_text::render(changes));
            text.push('\n');
        }
        text.push_str(&self.headline());
        text.push('\n');
        if let Some(pages) = self.pages() {
            text.push_str(&format!("{pages}\n"));
        }
        if let (Some(advice), Some(changelog)) = (self.advice(), self.changelog()) {
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
            Outcome::InSync => "in-sync",
            Outcome::Differs => "differs",
            Outcome::Written => "written",
            Outcome::Unfinished => "unfinished",
            Outcome::Finished => "finished",
        }
        .into();
        if let Some((disagreeing, all)) = self.docs {
            json["docs"] = json!({ "pages": all, "disagreeing": disagreeing });
        }
        json["next_version"] = self.next().map(|(next, _)| next.to_string()).into();
        format!("{json:#}\n")
    }

    fn markdown(&self) -> String {
        let headline = self.headline();
        let mut text = format!("{}{}.\n\n", headline[..1].to_uppercase(), &headline[1..]);
        if let Some(pages) = self.pages() {
            text.push_str(&format!("{pages}\n\n"));
        }
        let Some(changes) = self.changes else { return text };
        if let Some(advice) = self.advice() {
            text.push_str(&format!("{advice}\n\n"));
        }
        let mut changelog = self.changelog().unwrap_or_default();
        // Most of the room is for the changes themselves.
        if let Some((end, _)) = changelog.char_indices().nth(markdown::LIMIT / 4) {
            changelog.truncate(end);
            changelog.push_str("…\n");
        }
        let section = format!(
            "\n<details><summary>For CHANGELOG.md</summary>\n\n```markdown\n{changelog}```\n\n</details>\n"
        );
        let reserved = text.chars().count() + section.chars().count();
        text + &markdown::render(changes, reserved) + &section
    }
}
