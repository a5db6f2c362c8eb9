//! Types that hold a secret, so that `Debug` redacts their unrecognized values.
//!
//! A newer document may declare a secret in such a value.

use std::collections::{HashMap, HashSet};

use openapi_document::reference;

use crate::ir::ClientModel;

/// The Rust names of the types that hold a secret, directly or in a type that they contain.
pub(super) fn holders<'a>(model: &'a ClientModel) -> HashSet<&'a str> {
    let mut holders: HashSet<&'a str> = model
        .objects
        .iter()
        .filter(|object| object.fields.iter().any(|field| field.secret))
        .map(|object| object.rust.as_str())
        .collect();
    let objects = model.objects.iter().map(|object| {
        let fields = object.fields.iter().map(|field| &field.schema);
        let extra = object.extra.iter().map(|(_, schema)| schema);
        (object.rust.as_str(), fields.chain(extra).flat_map(reference::targets).collect())
    });
    let untagged = model.untagged_unions.iter().map(|union| {
        let members = union.members.iter().flat_map(|(_, schema)| reference::targets(schema));
        (union.rust.as_str(), members.collect())
    });
    let tagged = model.tagged_unions.iter().map(|union| {
        let targets = union.variants.iter().map(|variant| variant.target.clone());
        (union.rust.as_str(), targets.collect())
    });
    let newtypes = model
        .newtypes
        .iter()
        .map(|newtype| (newtype.rust.as_str(), reference::targets(&newtype.schema)));
    let held: Vec<(&'a str, Vec<String>)> =
        objects.chain(untagged).chain(tagged).chain(newtypes).collect();
    let mut held_by: HashMap<&str, Vec<&'a str>> = HashMap::new();
    for (name, targets) in &held {
        for target in targets {
            held_by.entry(target).or_default().push(name);
        }
    }
    let mut pending: Vec<&str> = holders.iter().copied().collect();
    while let Some(held) = pending.pop() {
        for name in held_by.get(held).into_iter().flatten() {
            if holders.insert(name) {
                pending.push(name);
            }
        }
    }
    holders
}
