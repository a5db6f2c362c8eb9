//! The Rust names of properties.

use openapi_document::walk;
use serde_json::{Map, Value};

use super::{
    diagnostics::Diagnostics,
    names::{TakenNames, unique, value_name},
};
use crate::{collect::Collect, order::sort, text_map::TextMap};

/// The Rust names of the properties of an object whose names aren't their own in Rust: those that
/// share one are numbered. The property that is written like its Rust name keeps it; the others
/// follow by their names, whatever their order in the document is.
pub(super) fn shared_names(properties: &Map<String, Value>) -> TextMap<&str, String> {
    let mut names: Vec<(&str, String)> = Vec::new();
    // Cheaper than the Rust name, and equal wherever the Rust names are.
    let letters = |name: &String| name.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "");
    if properties.keys().map(letters).collect_set().len() < properties.len() {
        names = properties.keys().map(|name| (name.as_str(), value_name(name))).collect_vec();
        sort(&mut names, &|(name, rust_name)| ((name != rust_name).into(), (*name).to_owned()));
    }
    let mut taken = TakenNames::default();
    let mut shared = TextMap::new();
    for (name, rust_name) in names {
        let numbered = unique(&rust_name, &mut taken);
        if numbered != rust_name {
            shared.insert(name, numbered);
        }
    }
    shared
}

/// Warns of properties with the same Rust name, such as `agentId` and `agent_id`.
pub(super) fn warn(root: &mut Value, diagnostics: &mut Diagnostics) {
    walk::schemas_mut(root, &mut |schema, at| {
        let Some(Value::Object(properties)) = schema.get("properties") else { return };
        for (name, rust_name) in shared_names(properties) {
            let at = at.pointer().join("properties").join(name);
            let taken = value_name(name);
            let message =
                format!("the name `{taken}` is taken: this property is named `{rust_name}`");
            diagnostics.warn(&at, message);
        }
    });
}
