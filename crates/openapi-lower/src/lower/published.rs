//! Published names, which stay: of types by the keys of their schemas, of variants by their values.
//!
//! The key of a component schema is its name. An inline schema has that of the component or
//! operation that it stands in, and the way from there: `Agent.Base#/properties/kind`,
//! `AgentList#/responses/404/content/application~1json/schema`; a parameter is named, not counted.
//! A variant has the key of its type and its value: `Agent.Kind::fast`.

use std::collections::{BTreeMap, HashSet};

use openapi_document::Pointer;
use serde_json::Value;

use super::{names::unique, operations::DOCUMENT_ID};
use crate::ir::variant_key;

/// The variant of values that a type doesn't list.
const UNRECOGNIZED: &str = "Unrecognized";

/// Names by their keys.
#[derive(Clone, Copy, Debug)]
pub(super) struct Published<'a>(&'a BTreeMap<String, String>);

impl<'a> Published<'a> {
    pub(super) fn new(names: &'a BTreeMap<String, String>) -> Self {
        Self(names)
    }

    /// The name of the type with this key.
    pub(super) fn get(self, key: &str) -> Option<&'a str> {
        self.0.get(key).map(String::as_str)
    }

    /// The names of inline schemas that still stand where they stood: no other type may take them.
    pub(super) fn inline(self, root: &Value) -> HashSet<&'a str> {
        let inline = self.0.iter().filter(|(key, _)| key.contains("#/") && !key.contains("::"));
        inline.filter(|(key, _)| is_inline(root, key)).map(|(_, name)| name.as_str()).collect()
    }

    /// The names of variants, for pairs of what identifies each and the name that it wants: those
    /// that are published stay, and of two that want the same one gets a number.
    pub(super) fn variants(self, key: &str, wanted: &[(String, String)]) -> Vec<String> {
        let mut taken: HashSet<String> = [UNRECOGNIZED.to_owned()].into();
        let published: Vec<Option<&str>> = wanted
            .iter()
            .map(|(identity, _)| {
                self.get(&variant_key(key, identity))
                    .filter(|name| taken.insert((*name).to_owned()))
            })
            .collect();
        let names = wanted.iter().zip(published).map(|((_, wanted), published)| match published {
            Some(name) => name.to_owned(),
            None => unique(wanted, &mut taken),
        });
        names.collect()
    }
}

/// Whether a schema still stands at the place of a key, and is no reference by now.
fn is_inline(root: &Value, key: &str) -> bool {
    let Some((owner, way)) = key.split_once("#/") else { return false };
    let Some(way) = Pointer::from_plain(&format!("/{way}")) else { return false };
    let schema = match root.pointer("/components/schemas").and_then(|all| all.get(owner)) {
        Some(component) => way.resolve(component),
        None => operation(root, owner).and_then(|operation| in_operation(operation, &way)),
    };
    schema.is_some_and(|schema| schema.get("$ref").is_none())
}

fn operation<'a>(root: &'a Value, id: &str) -> Option<&'a Value> {
    let items = root.get("paths").and_then(Value::as_object).into_iter().flatten();
    let operations = items.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    operations.map(|(_, one)| one).find(|one| one.get(DOCUMENT_ID).is_some_and(|own| own == id))
}

fn in_operation<'a>(operation: &'a Value, way: &Pointer) -> Option<&'a Value> {
    let [parameters, name, rest @ ..] = way.segments() else { return None };
    if parameters != "parameters" {
        return way.resolve(operation);
    }
    let all = operation.get("parameters")?.as_array()?;
    let named = all.iter().find(|one| one.get("name").is_some_and(|own| own == name.as_str()))?;
    Pointer::of(rest.iter().cloned()).resolve(named)
}
