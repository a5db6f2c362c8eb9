//! The exact locations of changes of operations, by their rules.

use openapi_document::Pointer;
use serde_json::{Map, Value};

use crate::{
    report::Change,
    rules::{self as r, Rule},
};

/// Sets the exact locations of changes of operations between two documents that have none yet.
pub(crate) fn set(changes: &mut [Change], old: &Value, new: &Value) {
    let is_located =
        |change: &Change| change.old_location.is_some() || change.new_location.is_some();
    for change in changes.iter_mut().filter(|change| !is_located(change)) {
        let (Some(old_pointer), Some(new_pointer)) = (&change.old_pointer, &change.new_pointer)
        else {
            continue;
        };
        let (old_location, new_location) = match change.rule {
            rule if [r::AUTH_CHANGED, r::AUTH_KEY_RENAMED, r::AUTH_LOOSENED].contains(&rule) => {
                scheme_attributes((old, old_pointer), (new, new_pointer)).unwrap_or_default()
            }
            rule => {
                let keywords = keywords(rule);
                (deepest(old, old_pointer, keywords), deepest(new, new_pointer, keywords))
            }
        };
        (change.old_location, change.new_location) = (old_location, new_location);
    }
}

/// The keywords that a rule is about, from the pointers of its changes.
fn keywords(rule: &Rule) -> &'static [&'static str] {
    let keywords: &[(&[&Rule], &[&str])] = &[
        (&[r::PARAMETER_REQUIRED, r::PARAMETER_OPTIONAL], &["required"]),
        (&[r::BODY_REQUIRED, r::BODY_OPTIONAL], &["required"]),
        (&[r::PARAMETER_DEPRECATED, r::PARAMETER_UNDEPRECATED], &["deprecated"]),
        // Of the operation that has no such parameter.
        (&[r::PARAMETER_ADDED, r::REQUIRED_PARAMETER_ADDED, r::PARAMETER_REMOVED], &["parameters"]),
        (&[r::RESPONSE_HEADERS_CHANGED], &["headers"]),
        (&[r::BASE_PATH_ADDED, r::BASE_PATH_MOVED, r::HOST_CHANGED], &["0", "url"]),
    ];
    let entry = keywords.iter().find(|(rules, _)| rules.contains(&rule));
    entry.map_or(&[], |(_, keywords)| keywords)
}

/// The pointer with as many of the segments as exist; `None` if there is none.
fn deepest(root: &Value, pointer: &Pointer, segments: &[&str]) -> Option<Pointer> {
    let mut location = pointer.clone();
    for segment in segments {
        let next = location.join(segment);
        if next.resolve(root).is_none() {
            break;
        }
        location = next;
    }
    (location != *pointer).then_some(location)
}

/// The locations of the attribute in which the security schemes of two requirements differ; `None`
/// if the requirements have different schemes.
fn scheme_attributes(
    (old, old_security): (&Value, &Pointer),
    (new, new_security): (&Value, &Pointer),
) -> Option<(Option<Pointer>, Option<Pointer>)> {
    let (old_names, new_names) = (scheme_names(old, old_security), scheme_names(new, new_security));
    let pairs: Vec<(&str, &str)> = match (old_names.as_slice(), new_names.as_slice()) {
        ([old], [new]) => vec![(old, new)],
        (old, new) if old == new => old.iter().copied().zip(new.iter().copied()).collect(),
        _ => return None,
    };
    let pointer = |name| Pointer::from_segments(["components", "securitySchemes", name]);
    pairs.into_iter().find_map(|(old_name, new_name)| {
        let (old_pointer, new_pointer) = (pointer(old_name), pointer(new_name));
        let (old_scheme, new_scheme) = (old_pointer.resolve(old)?, new_pointer.resolve(new)?);
        let attribute = ["type", "in", "scheme", "name"]
            .into_iter()
            .find(|attribute| old_scheme.get(attribute) != new_scheme.get(attribute))?;
        Some((deepest(old, &old_pointer, &[attribute]), deepest(new, &new_pointer, &[attribute])))
    })
}

/// The names of the schemes in security requirements, sorted.
fn scheme_names<'v>(root: &'v Value, security: &Pointer) -> Vec<&'v str> {
    let requirements = security.resolve(root).and_then(Value::as_array).into_iter().flatten();
    let schemes = requirements.filter_map(Value::as_object).flat_map(Map::keys);
    let mut names: Vec<&str> = schemes.map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names
}
