//! Types that hold a secret, so that `Debug` redacts their unrecognized values.
//!
//! A newer document may declare a secret in such a value.

use std::collections::HashSet;

use openapi_document::reference;

use crate::ir::ClientModel;

/// The Rust names of the types that hold a secret, directly or in a type that they contain.
pub(super) fn holders(model: &ClientModel) -> HashSet<&str> {
    let mut holders: HashSet<&str> = model
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
    let held: Vec<(&str, Vec<String>)> =
        objects.chain(untagged).chain(tagged).chain(newtypes).collect();
    // Types may refer to one another in cycles: repeat until nothing is added.
    loop {
        let known = holders.len();
        for (name, targets) in &held {
            if targets.iter().any(|target| holders.contains(target.as_str())) {
                holders.insert(name);
            }
        }
        if holders.len() == known {
            return holders;
        }
    }
}
