//! A page for people who move a program from the client of one document to that of another.

mod calls;
mod fields;
mod phrases;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use openapi_document::Document;
use openapi_lower::Config;

use self::{
    calls::{Calls, Move},
    phrases::{short, without_modules},
};
use crate::{
    markdown::{code, escape},
    report::{Change, Report},
    rules::{self, Rule, Severity},
};

/// The rules of changes that concern the settings of a client, with what a program has to do.
const OF_SETTINGS: [(&Rule, &str); 7] = [
    (rules::HOST_CHANGED, "A program that doesn't set a base URL calls the new host."),
    (
        rules::BASE_PATH_MOVED,
        "The URLs are the same. A base URL of the program's that ends with the old base path should \
         lose it; it is understood if all paths begin with it.",
    ),
    (
        rules::BASE_PATH_ADDED,
        "The URLs are the same. A base URL of the program's needs the new base path.",
    ),
    (rules::AUTH_KEY_RENAMED, "The client sends it under the new name: nothing is to do."),
    (rules::AUTH_CHANGED, "Another credential may be needed."),
    (rules::AUTH_SCOPES_ADDED, "Tokens need these scopes."),
    (rules::TOKEN_SOURCE_CHANGED, "Programs that fetch tokens use the new URLs."),
];

/// Renders the page in Markdown: what a program that calls the old client has to write instead.
///
/// Each document has a name, such as its version. The page has the settings that change, the
/// helpers, the operations to call instead of deprecated and removed ones, other operations whose
/// builders change, and the types.
///
/// # Errors
///
/// The reason why one of the documents can't be generated.
pub fn render(
    (old, old_name): (&Document, &str),
    (new, new_name): (&Document, &str),
    config: &Config,
) -> Result<String, String> {
    let (surfaces, report) = crate::diff_surfaces(old, new, config)?;
    let mut text = format!(
        "# Upgrading from {} to {}\n\nWhat changes for programs that use the client of this OpenAPI \
         document. This page was made by comparison of the clients of both versions.\n",
        escape(old_name),
        escape(new_name)
    );
    write_settings(&mut text, &report);
    write_meanings(&mut text, config, (old, new));
    let calls = Calls::new((old, new), &surfaces, &report.successors, config);
    write_replaced(&mut text, &calls);
    write_removed(&mut text, &calls);
    write_changed(&mut text, &report, &calls);
    write_types(&mut text, &report);
    write_refused(&mut text, &report);
    Ok(text)
}

/// Writes what changes without a change of calls: URLs, credentials, helpers.
fn write_settings(text: &mut String, report: &Report) {
    let settings = report.changes.iter().filter_map(|change| {
        let (_, advice) = OF_SETTINGS.iter().find(|(rule, _)| *rule == change.rule)?;
        Some(format!("{}. {advice}", sentence(&change.message)))
    });
    let mut lines: Vec<String> = settings.collect();
    let items = report.changes.iter().flat_map(|change| &change.items);
    let helpers = items.filter(|item| item.path.starts_with("helper"));
    lines.extend(helpers.map(|item| match item.message.as_str() {
        "available" => sentence(&format!("{} added.", item.path)),
        message => sentence(&format!("{} {message}.", item.path)),
    }));
    write_list(text, "Settings and helpers", &lines);
}

/// A message with a capital at its start, in Markdown.
fn sentence(message: &str) -> String {
    let mut characters = message.chars();
    let first = characters.next().map(char::to_uppercase).into_iter().flatten();
    escape(&first.chain(characters).collect::<String>())
}

/// Writes the notes on properties that apply to the new document only.
fn write_meanings(text: &mut String, config: &Config, (old, new): (&Document, &Document)) {
    let before = config.notes(old);
    let notes = config.notes(new).into_iter().filter(|note| !before.contains(note));
    let lines: Vec<String> =
        notes.map(|note| format!("{}: {}", code(&note.property), escape(&note.text))).collect();
    write_list(text, "Changes of meaning", &lines);
}

fn write_list(text: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n## {title}\n");
    for line in lines {
        let _ = writeln!(text, "- {line}");
    }
}

/// Writes the calls of operations that are deprecated or removed and have a successor.
fn write_replaced(text: &mut String, calls: &Calls) {
    if calls.replaced.is_empty() {
        return;
    }
    text.push_str(
        "\n## Calls to replace\n\nThe old operations are deprecated, removed or renamed. Whether an \
         identifier of before is one of now, the documents don't say.\n\n| before | now | what else changes |\n| --- | --- | --- |\n",
    );
    for Move { before, after, differences } in &calls.replaced {
        let differences: Vec<_> =
            differences.iter().map(|one| escape(&without_modules(one))).collect();
        let _ =
            writeln!(text, "| {} | {} | {} |", code(before), code(after), differences.join("; "));
    }
}

/// Writes the calls of operations without a successor.
fn write_removed(text: &mut String, calls: &Calls) {
    let lines: Vec<String> = calls.removed.iter().map(|call| code(call)).collect();
    write_list(text, "Calls without a successor", &lines);
    let lines: Vec<String> = calls.deprecated.iter().map(|call| code(call)).collect();
    write_list(text, "Deprecated calls without a known successor", &lines);
}

/// Writes the breaking changes of the builders of other operations.
fn write_changed(text: &mut String, report: &Report, calls: &Calls) {
    let is_other = |path: &str| {
        let builder = path.strip_prefix("operations::").and_then(|rest| rest.split("::").next());
        builder.is_some_and(|builder| !calls.builders_without.contains(builder))
    };
    write_items(text, "Operations that stay and change", report, is_other);
}

/// Writes the changes that break deployed programs and no source code: what compiles may fail.
fn write_refused(text: &mut String, report: &Report) {
    let settings = |change: &&Change| OF_SETTINGS.iter().any(|(rule, _)| *rule == change.rule);
    let changes = report.changes.iter().filter(|change| {
        change.wire == Severity::Major && change.rust < Severity::Major && !settings(change)
    });
    let lines: Vec<String> = changes
        .map(|change| {
            let operations = match change.operations.as_slice() {
                [] => String::new(),
                [id] => format!(" ({})", code(id)),
                ids => format!(" ({} operations, such as {})", ids.len(), code(&ids[0])),
            };
            format!("{}{operations}", sentence(&change.message))
        })
        .collect();
    write_list(text, "What compiles and may fail", &lines);
}

/// Writes the breaking changes of types.
fn write_types(text: &mut String, report: &Report) {
    write_items(text, "Types", report, |path| path.starts_with("types::"));
}

/// The breaking changes of a type and its members.
#[derive(Default)]
struct Broken<'a> {
    removed: BTreeSet<&'a str>,
    /// Other changes, by member.
    changed: BTreeSet<(&'a str, &'a str)>,
}

/// Writes breaking changes of items, by the type that they belong to.
fn write_items(text: &mut String, title: &str, report: &Report, select: impl Fn(&str) -> bool) {
    let items = report.changes.iter().flat_map(|change: &Change| &change.items);
    let broken = items.filter(|item| item.severity == Severity::Major && select(&item.path));
    let mut by_type: BTreeMap<&str, Broken> = BTreeMap::new();
    for item in broken {
        // `types::Pet::name`.
        let mut ends = item.path.match_indices("::").map(|(end, _)| end);
        let end = ends.nth(1).unwrap_or(item.path.len());
        let (owner, member) = (&item.path[..end], item.path[end..].trim_start_matches("::"));
        let broken = by_type.entry(owner).or_default();
        match item.message.as_str() {
            "removed" => _ = broken.removed.insert(member),
            message => _ = broken.changed.insert((member, message)),
        }
    }
    if by_type.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n## {title}\n\n| item | changes |\n| --- | --- |");
    for (owner, broken) in by_type {
        let _ = writeln!(text, "| {} | {} |", code(short(owner)), broken.describe());
    }
}

impl Broken<'_> {
    fn describe(&self) -> String {
        if self.removed.contains("") {
            return "removed".to_owned();
        }
        // The setter of a removed field goes with it.
        let is_setter = |member: &str| {
            let field = member.strip_prefix("with_").or_else(|| member.strip_suffix("_null"));
            field.is_some_and(|field| self.removed.contains(field))
        };
        let removed = self.removed.iter().filter(|member| !is_setter(member));
        let removed: Vec<String> = removed.map(|member| code(member)).collect();
        let without = (!removed.is_empty()).then(|| format!("without {}", removed.join(", ")));
        let changed = self.changed.iter().map(|(member, message)| {
            let words = phrases::in_words(member, message);
            let message = words.unwrap_or_else(|| (*message).to_owned());
            match *member {
                "" => escape(&without_modules(&message)),
                member => format!("{} {}", code(member), escape(&without_modules(&message))),
            }
        });
        without.into_iter().chain(changed).collect::<Vec<_>>().join("; ")
    }
}
