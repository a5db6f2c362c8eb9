//! What a comparison found.

use std::collections::BTreeMap;

use openapi_document::Pointer;

use crate::rules::{Rule, Severity};

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The kind of change.
    pub rule: &'static Rule,
    /// What it means for deployed programs. It is more than the rule says where a schema is used in
    /// requests and in answers, and the other use is worse.
    pub wire: Severity,
    /// What it means for source code that uses a client which openapi-lower generates; see
    /// [`wire`](Self::wire). Always none without the feature `rust`.
    pub rust: Severity,
    /// Where it is in the old document, if it is there.
    pub old: Option<Pointer>,
    /// Where it is in the new document, if it is there.
    pub new: Option<Pointer>,
    /// The ids of the operations it reaches, in the order of the document.
    pub operations: Vec<String>,
    /// What happened.
    pub message: String,
    /// What stood in the old document.
    pub was: Option<String>,
    /// What stands in the new document.
    pub is: Option<String>,
}

impl Change {
    /// The place that a reader looks at: in the new document, or in the old one for what is gone.
    pub fn pointer(&self) -> String {
        self.new.as_ref().or(self.old.as_ref()).map(Pointer::to_string).unwrap_or_default()
    }

    /// The worse of both severities, then deployed programs first.
    pub fn weight(&self) -> (Severity, Severity, Severity) {
        (self.wire.max(self.rust), self.wire, self.rust)
    }

    /// The operation, if it reaches just one.
    pub fn operation(&self) -> Option<&str> {
        match self.operations.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }
}

/// All changes, the most severe first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The changes.
    pub changes: Vec<Change>,
    /// Method and path of each operation that a change reaches, by its id.
    pub places: BTreeMap<String, String>,
}

impl Report {
    /// What all changes mean for deployed programs.
    pub fn wire(&self) -> Severity {
        self.changes.iter().map(|change| change.wire).max().unwrap_or_default()
    }

    /// What all changes mean for source code that uses a client which openapi-lower generates.
    /// Always none without the feature `rust`.
    pub fn rust(&self) -> Severity {
        self.changes.iter().map(|change| change.rust).max().unwrap_or_default()
    }

    /// Makes one change of those that say the same of several operations, and sorts.
    pub(crate) fn from_changes(changes: Vec<Change>, places: BTreeMap<String, String>) -> Self {
        let mut folded: Vec<Change> = Vec::new();
        let mut alike: BTreeMap<_, usize> = BTreeMap::new();
        for change in changes {
            let key = (
                change.rule.name,
                change.message.clone(),
                change.was.clone(),
                change.is.clone(),
                change.old.as_ref().map(within_operation),
                change.new.as_ref().map(within_operation),
            );
            let first = alike.get(&key).map(|at| &mut folded[*at]);
            // The same thing twice in one operation is two things.
            let other =
                |first: &Change| !change.operations.iter().any(|id| first.operations.contains(id));
            match first.filter(|first| other(first)) {
                Some(first) => first.operations.extend(change.operations),
                None => {
                    alike.insert(key, folded.len());
                    folded.push(change);
                }
            }
        }
        folded.sort_by_key(|change| std::cmp::Reverse(change.weight()));
        let reached: std::collections::HashSet<&String> =
            folded.iter().flat_map(|change| &change.operations).collect();
        let places = places.into_iter().filter(|(id, _)| reached.contains(id)).collect();
        Self { changes: folded, places }
    }
}

/// The severity for source code: without the feature `rust` there is no such verdict.
pub(crate) fn rust(severity: Severity) -> Severity {
    if cfg!(feature = "rust") { severity } else { Severity::None }
}

/// A place as all operations have it: without the operation itself and without positions in lists.
/// Components are one place, whoever uses them.
fn within_operation(pointer: &Pointer) -> Vec<String> {
    match pointer.segments() {
        [paths, _, _, rest @ ..] if paths == "paths" => {
            rest.iter().filter(|segment| segment.parse::<usize>().is_err()).cloned().collect()
        }
        all => all.to_vec(),
    }
}
