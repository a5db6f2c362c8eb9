//! Types that hold a secret, so that `Debug` redacts their unrecognized values.
//!
//! A newer document may declare a secret in such a value.

use std::collections::{HashMap, HashSet};

use crate::{collect::Collect, ir::ClientModel};

/// The Rust names of the types that hold a secret, directly or in a type that they contain.
pub(super) fn holders<'a>(model: &'a ClientModel) -> HashSet<&'a str> {
    let mut holders: HashSet<&'a str> = model
        .objects
        .iter()
        .filter(|object| object.fields.iter().any(|field| field.secret))
        .map(|object| object.rust.as_str())
        .collect_set();
    let held = model.contained_types();
    let mut held_by: HashMap<&str, Vec<&'a str>> = HashMap::new();
    for (name, targets) in &held {
        for target in targets {
            held_by.entry(target).or_default().push(name);
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
