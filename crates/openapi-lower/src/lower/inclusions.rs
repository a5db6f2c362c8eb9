//! The components that schemas include by `allOf`, directly or in nested members.

use openapi_document::{MAX_DEPTH, Pointer, reference};
use serde_json::Value;

use super::{diagnostics::Diagnostics, references};
use crate::{
    collect::Collect,
    graph::{self, Components},
    json,
};

/// Refuses schemas that include themselves, and those that include others in too long a chain.
pub(super) fn check(root: &mut Value, diagnostics: &mut Diagnostics) {
    let schemas = references::components_schemas(root);
    let included = Components::new(schemas).edges(&included);
    let mut depths = vec![0_usize; included.len()];
    for position in graph::post_order(&included) {
        for other in &included[position] {
            depths[position] = depths[position].max(depths[*other] + 1);
        }
    }
    for ((name, is_cyclic), depth) in schemas.keys().zip(graph::on_cycle(&included)).zip(depths) {
        let at = || Pointer::from_segments(["components", "schemas", name]);
        if is_cyclic {
            diagnostics.refuse(&at(), "`allOf` cycle", "the schema includes itself");
        } else if depth >= MAX_DEPTH {
            let reason = format!("it includes schemas more than {MAX_DEPTH} levels deep");
            diagnostics.refuse(&at(), "`allOf` nested too deeply", reason);
        }
    }
}

/// The components that a schema includes directly: those that it refers to, and those that the
/// members of its `allOf` refer to, however deeply these are nested in it.
pub(super) fn included(schema: &Value) -> Vec<String> {
    if let Some(name) = reference::target(schema) {
        return vec![name];
    }
    let members = json::items(schema.get("allOf"));
    members.iter().flat_map(included).collect_vec()
}
