//! The security requirements of operations.

use std::collections::{BTreeMap, BTreeSet};

use openapi_document::Pointer;
use serde_json::{Map, Value};

use crate::rules::{self as r, Rule};

/// A security requirement: the scopes by scheme, each scheme described by what is sent. Empty
/// without authentication.
pub(crate) type Requirement = BTreeMap<String, BTreeSet<String>>;

/// The old and the new value of a change.
type Values = (Option<String>, Option<String>);

/// The alternative security requirements of an operation.
pub(crate) fn requirements(root: &Value, operation: &Map<String, Value>) -> BTreeSet<Requirement> {
    let security = operation.get("security").or_else(|| root.get("security"));
    let requirements: BTreeSet<Requirement> = security
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .map(|requirement| {
            let mut schemes = Requirement::new();
            for (name, scopes) in requirement {
                let scopes = scopes.as_array().into_iter().flatten().filter_map(Value::as_str);
                // Two schemes may be described alike.
                let known = schemes.entry(describe_scheme(root, name)).or_default();
                known.extend(scopes.map(str::to_owned));
            }
            schemes
        })
        .collect();
    if requirements.is_empty() { BTreeSet::from([Requirement::new()]) } else { requirements }
}

/// The rule for other requirements, with a message and values; `None` if they are equal.
pub(crate) fn compare(
    old: &BTreeSet<Requirement>,
    new: &BTreeSet<Requirement>,
) -> Option<(&'static Rule, String, Values)> {
    if old == new {
        return None;
    }
    if let Some((location, old_name, new_name)) = renamed_key(old, new) {
        let message = format!("API key renamed: {location} `{old_name}` → `{new_name}`");
        return Some((r::AUTH_KEY_RENAMED, message, (Some(old_name), Some(new_name))));
    }
    // Whoever meets one of the old alternatives meets one of the new ones.
    let is_met_by =
        |old: &Requirement, new: &Requirement| new.keys().all(|it| old.contains_key(it));
    let has_scopes = |old: &Requirement, new: &Requirement| {
        new.iter().all(|(scheme, scopes)| old.get(scheme).is_some_and(|old| scopes.is_subset(old)))
    };
    let all = |is_met: &dyn Fn(&Requirement, &Requirement) -> bool| {
        old.iter().all(|old| new.iter().any(|new| is_met(old, new)))
    };
    let rule = match (all(&is_met_by), all(&has_scopes)) {
        (_, true) => r::AUTH_LOOSENED,
        (true, false) => r::AUTH_SCOPES_ADDED,
        (false, false) => r::AUTH_CHANGED,
    };
    let (message, values) = describe_change(old, new);
    Some((rule, message, values))
}

/// A message and values if the schemes differ, whatever their scopes.
pub(crate) fn compare_schemes(
    old: &BTreeSet<Requirement>,
    new: &BTreeSet<Requirement>,
) -> Option<(String, Values)> {
    let without_scopes = |requirements: &BTreeSet<Requirement>| -> BTreeSet<Requirement> {
        let schemes =
            requirements.iter().map(|one| one.keys().map(|it| (it.clone(), BTreeSet::new())));
        schemes.map(Iterator::collect).collect()
    };
    let (old, new) = (without_scopes(old), without_scopes(new));
    (old != new).then(|| describe_change(&old, &new))
}

/// The message and the values of a change.
fn describe_change(old: &BTreeSet<Requirement>, new: &BTreeSet<Requirement>) -> (String, Values) {
    let (old, new) = (describe(old), describe(new));
    (format!("security requirements changed from {old} to {new}"), (Some(old), Some(new)))
}

/// The location, the old name and the new name of an API key, if that is all that differs.
fn renamed_key(
    old: &BTreeSet<Requirement>,
    new: &BTreeSet<Requirement>,
) -> Option<(String, String, String)> {
    let only = |one: &BTreeSet<Requirement>, other: &BTreeSet<Requirement>| {
        let mut differing = one.difference(other);
        let (requirement, rest) = (differing.next()?, differing.next());
        let mut schemes = requirement.keys();
        let (scheme, more) = (schemes.next()?, schemes.next());
        let (location, name) =
            scheme.split_once(' ').filter(|_| rest.is_none() && more.is_none())?;
        let is_key = ["header", "query", "cookie"].contains(&location);
        is_key.then(|| (location.to_owned(), name.to_owned()))
    };
    let ((old_location, old_name), (new_location, new_name)) = (only(old, new)?, only(new, old)?);
    (old_location == new_location).then_some((new_location, old_name, new_name))
}

/// Describes alternative security requirements: `header x-api-key or http bearer`.
fn describe(requirements: &BTreeSet<Requirement>) -> String {
    let scheme = |(scheme, scopes): (&String, &BTreeSet<String>)| match scopes.is_empty() {
        true => scheme.clone(),
        false => {
            format!("{scheme} ({})", scopes.iter().cloned().collect::<Vec<_>>().join(", "))
        }
    };
    let describe = |requirement: &Requirement| match requirement.is_empty() {
        true => "nothing".to_owned(),
        false => requirement.iter().map(scheme).collect::<Vec<_>>().join(" and "),
    };
    requirements.iter().map(describe).collect::<Vec<_>>().join(" or ")
}

/// The URLs at which tokens for an operation are obtained: of OAuth flows and OpenID Connect, each
/// with its keyword.
pub(crate) fn token_sources(root: &Value, operation: &Map<String, Value>) -> BTreeSet<String> {
    let security = operation.get("security").or_else(|| root.get("security"));
    let requirements = security.and_then(Value::as_array).into_iter().flatten();
    let names = requirements.filter_map(Value::as_object).flat_map(Map::keys);
    let mut sources = BTreeSet::new();
    for scheme in names.filter_map(|name| scheme(root, name)) {
        let url = |value: &Value, key: &str| Some(format!("{key} {}", value.get(key)?.as_str()?));
        sources.extend(url(scheme, "openIdConnectUrl"));
        let flows = scheme.get("flows").and_then(Value::as_object);
        for (name, flow) in flows.into_iter().flatten() {
            let keys = ["authorizationUrl", "deviceAuthorizationUrl", "tokenUrl", "refreshUrl"];
            let urls = keys.into_iter().filter_map(|key| url(flow, key));
            sources.extend(urls.map(|url| format!("{name}: {url}")));
        }
    }
    sources
}

/// The security scheme with a name, with references resolved.
fn scheme<'a>(root: &'a Value, name: &str) -> Option<&'a Value> {
    let mut scheme = root.get("components")?.get("securitySchemes")?.get(name)?;
    // A component may be a reference to another one; the limit ends cycles.
    for _ in 0..8 {
        let target = scheme.get("$ref").and_then(Value::as_str).and_then(Pointer::parse);
        match target.and_then(|target| target.resolve(root)) {
            Some(target) => scheme = target,
            None => break,
        }
    }
    Some(scheme)
}

/// Describes a security scheme by what is sent, so that a renamed component is no change.
fn describe_scheme(root: &Value, name: &str) -> String {
    let Some(scheme) = scheme(root, name) else { return format!("`{name}`") };
    let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
    match text("type") {
        // Header names are case-insensitive (RFC 9110, section 5.1).
        "apiKey" if text("in") == "header" => format!("header {}", text("name").to_lowercase()),
        "apiKey" => format!("{} {}", text("in"), text("name")),
        "http" => format!("http {}", text("scheme").to_lowercase()),
        "" => format!("`{name}`"),
        other => other.to_owned(),
    }
}
