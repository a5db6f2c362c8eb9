//! Types that hold a secret, so that `Debug` redacts their unrecognized values.
//!
//! A newer document may declare a secret in such a value.

use std::collections::HashSet;

use crate::{collect::Collect, ir::ClientModel, text_map::TextMap};

/// The Rust names of the types that hold a secret, directly or in a type that they contain.
pub(super) fn holders<'a>(model: &'a ClientModel) -> HashSet<&'a str> {
    let mut holders: HashSet<&'a str> = model
        .objects
        .iter()
        .filter(|object| object.fields.iter().any(|field| field.secret))
        .map(|object| object.rust.as_str())
        .collect_set();
    let held = model.contained_types();
    let mut held_by: TextMap<&str, Vec<&'a str>> = TextMap::new();
    for (name, targets) in held.iter() {
        for target in targets {
            held_by.or_default(target).push(name);
        }
    }
    let mut pending: Vec<&str> = holders.iter().copied().collect_vec();
    while let Some(held) = pending.pop() {
        for name in held_by.get(held).into_iter().flatten() {
            if holders.insert(name) {
                pending.push(name);
            }
        }
    }
    holders
}
