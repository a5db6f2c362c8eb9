//! Names of types and variants in an earlier version of the client, by their keys.
//!
//! The key of a component schema is its name. The key of an inline schema is that of the enclosing
//! component or operation and the pointer from there: `Agent.Base#/properties/kind`,
//! `AgentList#/responses/404/content/application~1json/schema`. Parameters have their names in it,
//! not their indices. The key of a variant is that of its type and its value: `Agent.Kind::fast`.
//! The media type of `send` or `body` has the key `FileGet#send`, and is written as in the names of
//! the others: `octet_stream`.

use std::collections::{BTreeMap, HashSet};

use openapi_document::Pointer;
use serde_json::Value;

use super::{
    hints::DOCUMENT_ID,
    names::{TakenNames, unique},
    operations,
};
use crate::{collect::Collect, ir::variant_key, text_map::TextMap};

/// The variant for values that a type doesn't list.
const UNRECOGNIZED: &str = "Unrecognized";

/// The published names by their keys.
#[derive(Clone, Copy, Debug)]
pub(super) struct PublishedNames<'a>(&'a BTreeMap<String, String>);

impl<'a> PublishedNames<'a> {
    pub(super) fn new(names: &'a BTreeMap<String, String>) -> Self {
        Self(names)
    }

    /// The name of the type or variant with this key.
    pub(super) fn get(self, key: &str) -> Option<&'a str> {
        self.0.get(key).map(String::as_str)
    }

    /// The names of the inline schemas that still exist. No other type may take them.
    pub(super) fn inline_names(self, root: &Value) -> HashSet<&'a str> {
        let mut names = HashSet::new();
        let mut known = None;
        for (key, name) in self.0 {
            if key.contains("#/") && !key.contains("::") {
                let operations = known.get_or_insert_with(|| operations(root));
                if is_inline(root, operations, key) {
                    names.insert(name.as_str());
                }
            }
        }
        names
    }

    /// Chooses the names of variants, given the identity and the preferred name of each.
    ///
    /// Published names are reused, and others are numbered where they clash.
    pub(super) fn variants(self, key: &str, wanted: &[(String, String)]) -> Vec<String> {
        let mut taken = TakenNames::from_iter([UNRECOGNIZED]);
        let published: Vec<Option<&str>> = wanted
            .iter()
            .map(|(identity, _)| {
                self.get(&variant_key(key, identity))
                    .filter(|name| taken.insert((*name).to_owned()))
            })
            .collect_vec();
        let names = wanted.iter().zip(published).map(|((_, wanted), published)| match published {
            Some(name) => name.to_owned(),
            None => unique(wanted, &mut taken),
        });
        names.collect_vec()
    }
}

/// Whether the schema with this key still exists and isn't a reference.
fn is_inline(root: &Value, operations: &TextMap<&str, &Value>, key: &str) -> bool {
    let Some((owner, relative)) = key.split_once("#/") else { return false };
    let Some(relative) = Pointer::from_plain(&format!("/{relative}")) else { return false };
    let schema = match root.pointer("/components/schemas").and_then(|all| all.get(owner)) {
        Some(component) => relative.resolve(component),
        None => operations.get(owner).and_then(|operation| in_operation(operation, &relative)),
    };
    schema.is_some_and(|schema| schema.get("$ref").is_none())
}

/// The operations by the `operationId` of the document.
fn operations(root: &Value) -> TextMap<&str, &Value> {
    let mut by_id = TextMap::new();
    for (_, operation) in operations::all(root) {
        if let Some(id) = operation.get(DOCUMENT_ID).and_then(Value::as_str) {
            // The first of several operations with one id has it.
            by_id.or_insert(id, operation);
        }
    }
    by_id
}

/// Resolves the pointer of a key, in which a parameter is named.
fn in_operation<'a>(operation: &'a Value, relative: &Pointer) -> Option<&'a Value> {
    let [parameters, name, rest @ ..] = relative.segments() else { return None };
    if parameters != "parameters" {
        return relative.resolve(operation);
    }
    let all = operation.get("parameters")?.as_array()?;
    let named = all.iter().find(|one| one.get("name").is_some_and(|own| own == name.as_str()))?;
    Pointer::from_segments(rest.iter().cloned()).resolve(named)
}
