//! Newtypes: lists and maps that contain themselves. All others are inlined.

use std::collections::HashSet;

use serde_json::Value;

use super::schema::text;
use crate::{
    ir::{ClientModel, Newtype},
    json,
};

/// Collects the components that no other kind of type stands for.
pub(super) fn collect(root: &Value, model: &ClientModel) -> Vec<Newtype> {
    let enums = model.enums.iter().map(|one| &one.rust);
    let known: HashSet<&str> = model.structures().chain(enums).map(String::as_str).collect();
    let schemas = json::members(root.pointer("/components/schemas"));
    let others = schemas.filter(|(name, _)| !known.contains(name.as_str()));
    let newtypes = others.map(|(name, schema)| {
        let mut bare = schema.clone();
        if let Value::Object(map) = &mut bare {
            map.shift_remove("description");
        }
        Newtype { rust: name.clone(), description: text(schema, "description"), schema: bare }
    });
    newtypes.collect()
}
