//! What proves who sends a request.

use std::collections::BTreeSet;

use openapi_document::Pointer;
use serde_json::{Map, Value};

/// The ways to authorize a request, any of which is enough, each in words. The empty way is to send
/// nothing.
pub(crate) fn ways(root: &Value, operation: &Map<String, Value>) -> BTreeSet<String> {
    let security = operation.get("security").or_else(|| root.get("security"));
    let ways: BTreeSet<String> = security
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .map(|way| {
            let mut schemes: Vec<String> = way.keys().map(|name| scheme(root, name)).collect();
            schemes.sort_unstable();
            schemes.join(" and ")
        })
        .collect();
    if ways.is_empty() { BTreeSet::from([String::new()]) } else { ways }
}

/// All ways in words.
pub(crate) fn described(ways: &BTreeSet<String>) -> String {
    let way = |way: &String| if way.is_empty() { "nothing".to_owned() } else { way.clone() };
    ways.iter().map(way).collect::<Vec<_>>().join(" or ")
}

fn scheme(root: &Value, name: &str) -> String {
    let schemes = root.get("components").and_then(|components| components.get("securitySchemes"));
    let Some(mut scheme) = schemes.and_then(|schemes| schemes.get(name)) else {
        return format!("`{name}`");
    };
    // A component may be a reference to another one, which isn't without end.
    for _ in 0..8 {
        let target = scheme.get("$ref").and_then(Value::as_str).and_then(Pointer::parse);
        match target.and_then(|target| target.resolve(root)) {
            Some(target) => scheme = target,
            None => break,
        }
    }
    let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
    match text("type") {
        // Names of headers are the same in any case (RFC 9110, section 5.1).
        "apiKey" if text("in") == "header" => format!("header {}", text("name").to_lowercase()),
        "apiKey" => format!("{} {}", text("in"), text("name")),
        "http" => format!("http {}", text("scheme").to_lowercase()),
        "" => format!("`{name}`"),
        other => other.to_owned(),
    }
}
