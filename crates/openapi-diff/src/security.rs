//! The security requirements of operations.

use std::collections::BTreeSet;

use openapi_document::Pointer;
use serde_json::{Map, Value};

/// The alternative security requirements of an operation, described by their schemes.
///
/// The empty string stands for no authentication.
pub(crate) fn requirements(root: &Value, operation: &Map<String, Value>) -> BTreeSet<String> {
    let security = operation.get("security").or_else(|| root.get("security"));
    let requirements: BTreeSet<String> = security
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .map(|requirement| {
            let mut schemes: Vec<String> =
                requirement.keys().map(|name| describe_scheme(root, name)).collect();
            schemes.sort_unstable();
            schemes.join(" and ")
        })
        .collect();
    if requirements.is_empty() { BTreeSet::from([String::new()]) } else { requirements }
}

/// Describes alternative security requirements: `header x-api-key or http bearer`.
pub(crate) fn describe_requirements(requirements: &BTreeSet<String>) -> String {
    let describe = |requirement: &String| match requirement.as_str() {
        "" => "nothing".to_owned(),
        schemes => schemes.to_owned(),
    };
    requirements.iter().map(describe).collect::<Vec<_>>().join(" or ")
}

/// Describes a security scheme by what is sent, so that a renamed component is no change.
fn describe_scheme(root: &Value, name: &str) -> String {
    let schemes = root.get("components").and_then(|components| components.get("securitySchemes"));
    let Some(mut scheme) = schemes.and_then(|schemes| schemes.get(name)) else {
        return format!("`{name}`");
    };
    // A component may be a reference to another one; the limit ends cycles.
    for _ in 0..8 {
        let target = scheme.get("$ref").and_then(Value::as_str).and_then(Pointer::parse);
        match target.and_then(|target| target.resolve(root)) {
            Some(target) => scheme = target,
            None => break,
        }
    }
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
