//! Which types must not show what they don't know: it may be a secret that a newer document names.

use std::collections::HashSet;

use openapi_document::reference;

use crate::ir::ClientModel;

/// The types that have a secret somewhere inside.
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
    let choices = model.untagged_unions.iter().map(|choice| {
        let members = choice.members.iter().flat_map(|(_, schema)| reference::targets(schema));
        (choice.rust.as_str(), members.collect())
    });
    let unions = model.tagged_unions.iter().map(|union| {
        let targets = union.variants.iter().map(|variant| variant.target.clone());
        (union.rust.as_str(), targets.collect())
    });
    let held: Vec<(&str, Vec<String>)> = objects.chain(choices).chain(unions).collect();
    // Types refer to one another in circles: again until nothing is new.
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
