//! A policy for reports, from a TOML file: severities of rules, accepted changes, and paths and
//! operations that are left out.

use std::{
    collections::{BTreeMap, BTreeSet},
    error, fmt, fs,
    path::{Path, PathBuf},
};

use chrono::NaiveDate;
use serde::Deserialize;

use crate::{
    report::{Change, Report, sort},
    rules::{ALL, GENERATED_CODE_CHANGED, Severity},
};

/// The name of the file that is found beside the new document.
pub const FILE_NAME: &str = "openapi-diff.toml";

/// A policy.
///
/// ```toml
/// [rules]
/// default-changed = "none"                                # both severities
/// response-headers-changed = { wire = "minor" }           # one of them
///
/// [[accept]]
/// rule = "operation-removed"
/// operation = "listPets"                                  # optional, as is `pointer`
/// reason = "announced a year ago"
/// expires = "2027-01-31"                                  # optional: the last day
///
/// [exclude]
/// paths = ["/internal/*"]
/// operations = ["debugDump"]
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The severities of rules, by their names.
    #[serde(default)]
    rules: BTreeMap<String, Severities>,
    #[serde(default)]
    accept: Vec<Accepted>,
    #[serde(default)]
    exclude: Excluded,
    /// The file, for errors.
    #[serde(skip)]
    path: PathBuf,
}

/// The severities of a rule: one for both verdicts, or one for each.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
enum Severities {
    Both(Severity),
    Each(EachSeverity),
}

/// The severities of a rule for each verdict; that of the rule where there is none.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EachSeverity {
    wire: Option<Severity>,
    rust: Option<Severity>,
}

/// An accepted change, which has no severity.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    rule: String,
    operation: Option<String>,
    pointer: Option<String>,
    reason: String,
    expires: Option<NaiveDate>,
}

/// The operations that are left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Excluded {
    /// The paths; `*` at the end stands for any rest.
    #[serde(default)]
    paths: Vec<String>,
    /// The ids.
    #[serde(default)]
    operations: Vec<String>,
}

/// An error of a policy: of its file, or of an entry that doesn't apply any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError(String);

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for PolicyError {}

impl Policy {
    /// Reads a policy from a file.
    ///
    /// # Errors
    ///
    /// If the file can't be read, has another format, or names a rule that doesn't exist.
    pub fn read(path: &Path) -> Result<Self, PolicyError> {
        let failed = |error: &dyn fmt::Display| PolicyError(format!("{}: {error}", path.display()));
        let text = fs::read_to_string(path).map_err(|error| failed(&error))?;
        let mut policy: Self = basic_toml::from_str(&text).map_err(|error| failed(&error))?;
        policy.path = path.to_owned();
        let names = policy.rules.keys().chain(policy.accept.iter().map(|one| &one.rule));
        let rules: BTreeSet<&str> =
            ALL.iter().chain([&GENERATED_CODE_CHANGED]).map(|rule| rule.name).collect();
        match names.into_iter().find(|name| !rules.contains(name.as_str())) {
            Some(name) => Err(failed(&format_args!("`{name}` is no rule; `--rules` lists them"))),
            None => Ok(policy),
        }
    }

    /// Reads the policy beside a document, if there is one.
    ///
    /// # Errors
    ///
    /// Those of [`read`](Self::read).
    pub fn beside(document: &Path) -> Result<Option<Self>, PolicyError> {
        let path = document.with_file_name(FILE_NAME);
        path.exists().then(|| Self::read(&path)).transpose()
    }

    /// Applies the policy to a report on the given day.
    ///
    /// # Errors
    ///
    /// If an accepted change has expired, or there is no such change: it would hide a later one. If
    /// an exclusion names no operation of the documents.
    pub fn apply(&self, report: &mut Report, today: NaiveDate) -> Result<(), PolicyError> {
        let unused = |entry: String| {
            PolicyError(format!("{}: {entry} matches nothing; remove it", self.path.display()))
        };
        let declared = &report.declared;
        let names_none = |entry: &&String| {
            !declared.iter().any(|(id, title)| id == *entry || matches_path(entry, title))
        };
        if let Some(entry) =
            self.exclude.paths.iter().chain(&self.exclude.operations).find(names_none)
        {
            return Err(unused(format!("the exclusion of `{entry}`")));
        }
        report.changes.retain(|change| !self.exclude.applies(change, declared));
        report.successors.retain(|one| !self.exclude.leaves_out(&one.operation, declared));
        for change in &mut report.changes {
            match self.rules.get(change.rule.name) {
                Some(Severities::Both(severity)) => {
                    (change.wire, change.rust) = (*severity, *severity);
                }
                Some(Severities::Each(EachSeverity { wire, rust })) => {
                    change.wire = wire.unwrap_or(change.wire);
                    change.rust = rust.unwrap_or(change.rust);
                }
                None => {}
            }
        }
        for accepted in &self.accept {
            let rule = &accepted.rule;
            if let Some(expires) = accepted.expires.filter(|expires| *expires < today) {
                return Err(PolicyError(format!(
                    "{}: the accepted `{rule}` expired on {expires}: {}",
                    self.path.display(),
                    accepted.reason
                )));
            }
            let mut matching =
                report.changes.iter_mut().filter(|change| accepted.matches(change)).peekable();
            if matching.peek().is_none() {
                return Err(unused(format!("the accepted `{rule}` ({})", accepted.reason)));
            }
            for change in matching {
                (change.wire, change.rust) = (Severity::None, Severity::None);
                change.accepted = Some(accepted.reason.clone());
            }
        }
        sort(&mut report.changes);
        Ok(())
    }
}

impl Accepted {
    fn matches(&self, change: &Change) -> bool {
        let of_operation = |id: &String| change.operations.iter().all(|operation| operation == id);
        let at = |pointer: &String| change.pointer() == *pointer;
        change.rule.name == self.rule
            && self
                .operation
                .as_ref()
                .is_none_or(|id| !change.operations.is_empty() && of_operation(id))
            && self.pointer.as_ref().is_none_or(at)
    }
}

impl Excluded {
    /// Whether all operations of a change are left out.
    fn applies(&self, change: &Change, declared: &BTreeMap<String, String>) -> bool {
        !change.operations.is_empty()
            && change.operations.iter().all(|id| self.leaves_out(id, declared))
    }

    /// Whether an operation is left out.
    fn leaves_out(&self, id: &String, declared: &BTreeMap<String, String>) -> bool {
        let title = declared.get(id).unwrap_or(id);
        self.operations.contains(id) || self.paths.iter().any(|one| matches_path(one, title))
    }
}

/// Whether the path of an operation, given with its method, is one that an entry stands for.
fn matches_path(entry: &str, method_and_path: &str) -> bool {
    let path = method_and_path.split_once(' ').map_or(method_and_path, |(_, path)| path);
    match entry.strip_suffix('*') {
        Some(prefix) => path.starts_with(prefix),
        None => path == entry,
    }
}
