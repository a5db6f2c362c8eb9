//! Comparison of the parameters of an operation in two documents.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::{
    operation::Parameter,
    operation_pair::{OperationPair, display_required, is_required},
    rules as r,
    schemas::Schemas,
    styles::style,
};

impl<'p, 'v> OperationPair<'p, 'v> {
    /// The names of path parameters, old and new: the common ones, then the others in order.
    pub(crate) fn path_names(&self) -> Vec<(&'p str, &'p str)> {
        let (old, new) = (self.old.path_names(), self.new.path_names());
        let old_names: HashSet<&str> = old.iter().copied().collect();
        let new_names: HashSet<&str> = new.iter().copied().collect();
        let common = old.iter().filter(|name| new_names.contains(*name)).map(|name| (*name, *name));
        let removed = old.iter().filter(|name| !new_names.contains(*name));
        let added = new.iter().filter(|name| !old_names.contains(*name));
        common.chain(removed.zip(added).map(|(old, new)| (*old, *new))).collect()
    }

    /// The common parameters: with the same name and location, in paths at the same position, or of
    /// a name that moved to another location.
    pub(crate) fn common_parameters(&self) -> Vec<(&'p Parameter<'v>, &'p Parameter<'v>)> {
        let names = self.path_names();
        let mut new_names: HashMap<&str, &str> = HashMap::new();
        for (old, new) in names {
            new_names.entry(old).or_insert(new);
        }
        let old_keys: HashSet<_> = self.old.parameters.iter().map(Parameter::key).collect();
        let mut by_key: HashMap<(&str, &str), &Parameter> = HashMap::new();
        // A parameter that the old operation has in that location isn't the moved one.
        let mut moved: HashMap<&str, &Parameter> = HashMap::new();
        for parameter in &self.new.parameters {
            by_key.entry(parameter.key()).or_insert(parameter);
            if !old_keys.contains(&parameter.key()) {
                moved.entry(&parameter.name).or_insert(parameter);
            }
        }
        let mut pairs = Vec::new();
        for parameter in &self.old.parameters {
            let name = match parameter.location.as_str() {
                "path" => new_names.get(parameter.name.as_str()).copied(),
                _ => None,
            };
            let name = name.unwrap_or(&parameter.name);
            let other =
                by_key.get(&(name, parameter.location.as_str())).or_else(|| moved.get(name));
            if let Some(other) = other {
                pairs.push((parameter, *other));
            }
        }
        pairs
    }

    /// Compares the parameters without their schemas and styles.
    pub(crate) fn compare_parameters(&mut self) {
        let pairs = self.common_parameters();
        let old_common: HashSet<_> =
            pairs.iter().map(|(old, _)| std::ptr::from_ref(*old)).collect();
        let new_common: HashSet<_> =
            pairs.iter().map(|(_, new)| std::ptr::from_ref(*new)).collect();
        for old in &self.old.parameters {
            if !old_common.contains(&std::ptr::from_ref(old)) {
                let pointers = (Some(old.pointer.clone()), Some(self.new.pointer.clone()));
                let message = format!("{} parameter `{}` removed", old.location, old.name);
                let values = (Some(old.name.clone()), None);
                self.record_at(r::PARAMETER_REMOVED, pointers, message, values);
            }
        }
        for new in &self.new.parameters {
            if !new_common.contains(&std::ptr::from_ref(new)) {
                let (rule, suffix) = match is_required(new.value) {
                    true => (r::REQUIRED_PARAMETER_ADDED, " (required)"),
                    false => (r::PARAMETER_ADDED, ""),
                };
                let pointers = (Some(self.old.pointer.clone()), Some(new.pointer.clone()));
                let message = format!("{} parameter `{}` added{suffix}", new.location, new.name);
                self.record_at(rule, pointers, message, (None, Some(new.name.clone())));
            }
        }
        for (old, new) in pairs {
            self.compare_parameter(old, new);
        }
    }

    /// Compares two parameters without their schemas and styles.
    fn compare_parameter(&mut self, old: &Parameter, new: &Parameter) {
        let name = format!("parameter `{}`", new.name);
        let pointers = || (Some(old.pointer.clone()), Some(new.pointer.clone()));
        if old.location != new.location {
            let message = format!("{name} moved from {} to {}", old.location, new.location);
            let values = (Some(old.location.clone()), Some(new.location.clone()));
            self.record_at(r::PARAMETER_MOVED, pointers(), message, values);
        }
        let values = (display_required(old.value), display_required(new.value));
        match (is_required(old.value), is_required(new.value)) {
            (false, true) => {
                let message = format!("{name} is now required");
                self.record_at(r::PARAMETER_REQUIRED, pointers(), message, values);
            }
            (true, false) => {
                let message = format!("{name} is now optional");
                self.record_at(r::PARAMETER_OPTIONAL, pointers(), message, values);
            }
            _ => {}
        }
        let is_deprecated =
            |parameter: &Parameter| parameter.value.get("deprecated") == Some(&Value::Bool(true));
        match (is_deprecated(old), is_deprecated(new)) {
            (false, true) => {
                let message = format!("{name} is now deprecated");
                self.record_at(r::PARAMETER_DEPRECATED, pointers(), message, (None, None));
            }
            (true, false) => {
                let message = format!("{name} is no longer deprecated");
                self.record_at(r::PARAMETER_UNDEPRECATED, pointers(), message, (None, None));
            }
            _ => {}
        }
        let allows_reserved = |parameter: &Parameter| {
            parameter.location == "query"
                && parameter.value.get("allowReserved") == Some(&Value::Bool(true))
        };
        let reserved = (allows_reserved(old), allows_reserved(new));
        if reserved.0 != reserved.1 {
            let message = match reserved.1 {
                true => format!("{name} now allows reserved characters"),
                false => format!("{name} no longer allows reserved characters"),
            };
            let values = (Some(reserved.0.to_string()), Some(reserved.1.to_string()));
            self.record_at(r::PARAMETER_RESERVED_CHANGED, pointers(), message, values);
        }
        self.compare_prose(
            r::PARAMETER_PROSE_CHANGED,
            &name,
            (old.value, new.value),
            (&old.pointer, &new.pointer),
            &["description", "example", "examples"],
        );
    }

    /// Compares the serialization styles of parameters.
    pub(crate) fn compare_styles(
        &mut self,
        pairs: &[(&Parameter, &Parameter)],
        old_schemas: &Schemas,
        new_schemas: &Schemas,
    ) {
        for (old, new) in pairs {
            let values = (style(old, old_schemas), style(new, new_schemas));
            // One value is written alike, whether lists of them are allowed or not.
            let is_alike = |one: &Option<String>, other: &Option<String>| {
                let is_plain =
                    |style: &str| style.starts_with("form") || style.starts_with("simple");
                one.is_none() && other.as_deref().is_some_and(is_plain)
            };
            if is_alike(&values.0, &values.1) || is_alike(&values.1, &values.0) {
                continue;
            }
            if values.0 != values.1 {
                let pointers = (Some(old.pointer.clone()), Some(new.pointer.clone()));
                let message = format!("parameter `{}`: serialization style changed", new.name);
                self.record_at(r::PARAMETER_STYLE_CHANGED, pointers, message, values);
            }
        }
    }
}
