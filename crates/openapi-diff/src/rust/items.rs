//! Comparison of the public items of two clients, by Cargo's rules for semantic versioning (the
//! Cargo book, "SemVer Compatibility").

use std::collections::{BTreeMap, BTreeSet};

use openapi_lower::{
    AvailableHelper,
    surface::{Function, Member, Origin, Surface, TypeItem},
};

use crate::{report::ItemChange, rules::Severity};

/// A change of an item, with its places in both documents.
pub(super) struct Located {
    pub(super) change: ItemChange,
    pub(super) old: Option<Origin>,
    pub(super) new: Option<Origin>,
    /// The names of the document's properties and parameters that the change is about.
    pub(super) names: BTreeSet<String>,
}

/// All changes of the items of two clients.
pub(super) fn compare(old: &Surface, new: &Surface) -> Vec<Located> {
    let mut changes = Changes::default();
    for (path, item) in &old.types {
        match new.types.get(path) {
            Some(other) => changes.types(path, item, other),
            None => changes.removed(path, &item.origin),
        }
    }
    for (path, item) in new.types.iter().filter(|(path, _)| !old.types.contains_key(*path)) {
        changes.added(path, &item.origin);
    }
    changes.functions("Client", (&old.methods, &new.methods), &|_| None);
    changes.helpers(&old.helpers, &new.helpers);
    changes.0
}

/// Names operations.
fn calls(operations: &[String]) -> String {
    let names: Vec<_> = operations.iter().map(|id| format!("`{id}`")).collect();
    if names.is_empty() { "no operation".to_owned() } else { names.join(", ") }
}

/// The helpers of a client, by name.
type Helpers = BTreeMap<String, AvailableHelper>;

#[derive(Default)]
struct Changes(Vec<Located>);

impl Changes {
    fn record(
        &mut self,
        severity: Severity,
        path: impl Into<String>,
        message: impl Into<String>,
        (old, new): (Option<&Origin>, Option<&Origin>),
    ) {
        let change = ItemChange { severity, path: path.into(), message: message.into() };
        let names = [old, new].into_iter().flatten().filter_map(|origin| origin.name.clone());
        let names = names.collect();
        self.0.push(Located { change, old: old.cloned(), new: new.cloned(), names });
    }

    fn removed(&mut self, path: &str, origin: &Origin) {
        self.record(Severity::Major, path, "removed", (Some(origin), None));
    }

    fn added(&mut self, path: &str, origin: &Origin) {
        self.record(Severity::Minor, path, "added", (None, Some(origin)));
    }

    /// Compares the hand-written helpers.
    fn helpers(&mut self, old: &Helpers, new: &Helpers) {
        for (name, helper) in old {
            let Some(other) = new.get(name) else {
                self.helper(name, Severity::Major, "lost: the document lacks what it needs");
                continue;
            };
            if other.alternative != helper.alternative {
                let before = calls(&helper.alternative_operations);
                let after = calls(&other.alternative_operations);
                // The arguments and results of a helper are those of the operations that it calls.
                self.helper(name, Severity::Major, &format!("calls {after} instead of {before}"));
            }
            let is_new = |id: &&String| !helper.deprecated_operations.contains(id);
            for id in other.deprecated_operations.iter().filter(is_new) {
                self.helper(name, Severity::Patch, &format!("calls `{id}`, now deprecated"));
            }
        }
        for name in new.keys().filter(|name| !old.contains_key(*name)) {
            self.helper(name, Severity::Minor, "available");
        }
    }

    fn helper(&mut self, helper: &str, severity: Severity, message: &str) {
        self.record(severity, format!("helper `{helper}`"), message, (None, None));
    }

    /// Records that `#[deprecated]` was added or removed.
    fn deprecation(&mut self, path: &str, (old, new): (bool, bool), origins: (&Origin, &Origin)) {
        let (severity, message) = match (old, new) {
            (false, true) => (Severity::Minor, "deprecated"),
            (true, false) => (Severity::Patch, "no longer deprecated"),
            _ => return,
        };
        self.record(severity, path, message, (Some(origins.0), Some(origins.1)));
    }

    /// Compares two types of one path.
    fn types(&mut self, path: &str, old: &TypeItem, new: &TypeItem) {
        let origins = (Some(&old.origin), Some(&new.origin));
        if old.kind != new.kind {
            let message = format!("`{}` → `{}`", old.kind, new.kind);
            self.record(Severity::Major, path, message, origins);
            return;
        }
        match (old.non_exhaustive, new.non_exhaustive) {
            (false, true) => self.record(Severity::Major, path, "now `non_exhaustive`", origins),
            (true, false) => {
                self.record(Severity::Minor, path, "no longer `non_exhaustive`", origins);
            }
            _ => {}
        }
        let places = (&old.origin, &new.origin);
        self.deprecation(path, (old.deprecated, new.deprecated), places);
        self.members(path, old, new);
        let names = |argument: &str| {
            [old, new].into_iter().find_map(|item| item.members.get(argument)?.origin.name.clone())
        };
        self.functions(path, (&old.functions, &new.functions), &names);
        self.traits(path, old, new);
    }

    fn members(&mut self, path: &str, old: &TypeItem, new: &TypeItem) {
        for (name, member) in &old.members {
            let path = format!("{path}::{name}");
            let Some(other) = new.members.get(name) else {
                self.removed(&path, &member.origin);
                continue;
            };
            if member.ty != other.ty {
                let message = match (member.ty.as_str(), other.ty.as_str()) {
                    ("", ty) => format!("no value → `{ty}`"),
                    (ty, "") => format!("`{ty}` → no value"),
                    (old, new) => format!("`{old}` → `{new}`"),
                };
                let origins = (Some(&member.origin), Some(&other.origin));
                self.record(Severity::Major, &path, message, origins);
            }
            let deprecated = (member.deprecated, other.deprecated);
            self.deprecation(&path, deprecated, (&member.origin, &other.origin));
        }
        let is_new = |(name, _): &(&String, &Member)| !old.members.contains_key(*name);
        for (name, member) in new.members.iter().filter(is_new) {
            // A struct with all fields public can be built and matched without `..`.
            let severity = if old.non_exhaustive { Severity::Minor } else { Severity::Major };
            let path = format!("{path}::{name}");
            self.record(severity, path, "added", (None, Some(&member.origin)));
        }
    }

    /// Compares the functions of one type. `name_of` is the name in the document of an argument.
    fn functions(
        &mut self,
        path: &str,
        (old, new): (&BTreeMap<String, Function>, &BTreeMap<String, Function>),
        name_of: &dyn Fn(&str) -> Option<String>,
    ) {
        for (name, function) in old {
            let path = format!("{path}::{name}");
            let Some(other) = new.get(name) else {
                self.removed(&path, &function.origin);
                continue;
            };
            let (signature, other_signature) = (function.to_string(), other.to_string());
            if signature != other_signature || function.is_async != other.is_async {
                let message = format!("`{signature}` → `{other_signature}`");
                let origins = (Some(&function.origin), Some(&other.origin));
                self.record(Severity::Major, &path, message, origins);
                let both = |argument: &&(String, String)| {
                    function.arguments.contains(argument) != other.arguments.contains(argument)
                };
                let arguments = function.arguments.iter().chain(&other.arguments).filter(both);
                let names = arguments.filter_map(|(name, _)| name_of(name));
                if let Some(located) = self.0.last_mut() {
                    located.names.extend(names);
                }
            }
            let deprecated = (function.deprecated, other.deprecated);
            self.deprecation(&path, deprecated, (&function.origin, &other.origin));
        }
        for (name, function) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
            self.added(&format!("{path}::{name}"), &function.origin);
        }
    }

    fn traits(&mut self, path: &str, old: &TypeItem, new: &TypeItem) {
        let origins = (Some(&old.origin), Some(&new.origin));
        // The types of `.await` are those of `send`.
        let is_reported = |name: &&String| !name.starts_with("IntoFuture<");
        for name in old.traits.difference(&new.traits).filter(is_reported) {
            let message = format!("no longer implements `{name}`");
            self.record(Severity::Major, path, message, origins);
        }
        for name in new.traits.difference(&old.traits).filter(is_reported) {
            self.record(Severity::Minor, path, format!("implements `{name}`"), origins);
        }
    }
}
