//! Newtypes: lists and maps that contain themselves. All others are inlined.

use std::collections::HashSet;

use serde_json::Value;

use super::schema::text;
use crate::{
    collect::Collect,
    ir::{ClientModel, Newtype},
    json,
};

/// Collects the components that no other kind of type stands for.
pub(super) fn collect(root: &Value, model: &ClientModel) -> Vec<Newtype> {
    let mut known: HashSet<&String> = model.structures().into_iter().collect_set();
    for one in &model.enums {
        known.insert(&one.rust);
    }
    let mut newtypes = Vec::new();
    for (name, schema) in json::members(root.pointer("/components/schemas")) {
        if known.contains(name) {
            continue;
        }
        let (rust, description) = (name.clone(), text(schema, "description"));
        let mut schema = schema.clone();
        if let Value::Object(map) = &mut schema {
            map.shift_remove("description");
        }
        newtypes.push(Newtype { rust, description, schema });
    }
    newtypes
}
