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
    /// If an entry has expired, or no change matches it: it would hide a later change.
    pub fn apply(&self, report: &mut Report, today: NaiveDate) -> Result<(), PolicyError> {
        let unused = |entry: String| {
            PolicyError(format!("{}: {entry} matches nothing; remove it", self.path.display()))
        };
        let mut used_exclusions = BTreeSet::new();
        report.changes.retain_mut(|change| {
            !self.exclude.applies(change, &report.operations, &mut used_exclusions)
        });
        let exclusions = self.exclude.paths.iter().chain(&self.exclude.operations);
        if let Some(entry) = exclusions.into_iter().find(|entry| !used_exclusions.contains(*entry))
        {
            return Err(unused(format!("the exclusion of `{entry}`")));
        }
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
    /// Whether all operations of a change are left out; collects the entries that did so.
    fn applies(
        &self,
        change: &Change,
        operations: &BTreeMap<String, String>,
        used: &mut BTreeSet<String>,
    ) -> bool {
        let entry = |id: &String| {
            let of_id = self.operations.iter().find(|one| *one == id);
            let method_and_path = operations.get(id).map_or(id.as_str(), String::as_str);
            let path = method_and_path.split_once(' ').map_or(method_and_path, |(_, path)| path);
            of_id.or_else(|| {
                self.paths.iter().find(|one| match one.strip_suffix('*') {
                    Some(prefix) => path.starts_with(prefix),
                    None => path == one.as_str(),
                })
            })
        };
        let entries: Option<Vec<&String>> = change.operations.iter().map(entry).collect();
        match entries {
            Some(entries) if !entries.is_empty() => {
                used.extend(entries.into_iter().cloned());
                true
            }
            _ => false,
        }
    }
}
