//! Constructs of a later version of OpenAPI than that of the document.

use openapi_document::{
    Pointer,
    walk::{self, Kind},
};
use serde_json::Value;

use super::diagnostics::Diagnostics;

/// Warns of constructs of OpenAPI 3.2 in a document of an older version, which are read all the
/// same.
pub(super) fn warn(root: &Value, diagnostics: &mut Diagnostics) {
    if root.get("openapi").and_then(Value::as_str).is_none_or(|version| version >= "3.2") {
        return;
    }
    let mut found: Vec<Pointer> = Vec::new();
    walk::nodes(root, &mut |kind, value, position| {
        let keys: &[&str] = match kind {
            Kind::PathItem => &["query", "additionalOperations"],
            Kind::Components => &["mediaTypes"],
            Kind::MediaType => &["$ref", "itemSchema"],
            Kind::Parameter if value.get("in").is_some_and(|place| place == "querystring") => {
                &["in"]
            }
            _ => return,
        };
        let has = |key: &&&str| value.get(**key).is_some();
        found.extend(keys.iter().filter(has).map(|key| position.pointer().join(key)));
    });
    for at in found {
        diagnostics.warn(&at, "of OpenAPI 3.2: read all the same");
    }
}

/// Warns of `defaultMapping`: values of a tag that has no mapping stay `Unrecognized`.
pub(super) fn warn_of_default_mappings(root: &Value, diagnostics: &mut Diagnostics) {
    walk::nodes(root, &mut |kind, value, position| {
        let default = value.pointer("/discriminator/defaultMapping");
        if kind == Kind::Schema && default.is_some() {
            let at = position.pointer().join("discriminator").join("defaultMapping");
            let message =
                "not applied: a value with another tag, or without one, is `Unrecognized`";
            diagnostics.warn(&at, message);
        }
    });
}
