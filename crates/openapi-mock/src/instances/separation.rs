//! Separation of objects that fit several members of a `oneOf`.

use openapi_document::{Document, Node};
use serde_json::{Value, json};

use crate::shape::SchemaShape;

/// Changes one property of an object so that it is valid: another member of the `oneOf` then no
/// longer accepts it. `None` if no such change is found.
///
/// Members without required properties are told apart by this only: an object of one of them is an
/// object of the others too unless it has one of their properties with a value that they don't
/// accept.
pub(super) fn separated(
    document: &Document,
    schemas: &[Node<'_>],
    value: &Value,
    is_valid: impl Fn(&Value) -> bool,
) -> Option<Value> {
    let object = value.as_object()?;
    let shapes = schemas.iter().map(|schema| SchemaShape::new(document, &schema.pointer));
    let mut names: Vec<String> =
        shapes.flat_map(|shape| shape.properties).map(|(name, _)| name).collect();
    names.sort();
    names.dedup();
    // Properties of the chosen member retain their values if possible.
    names.sort_by_key(|name| object.contains_key(name));
    let values = [json!(true), json!("other"), json!(7), json!([]), json!({}), Value::Null];
    let mut changed = names.iter().flat_map(|name| {
        values.iter().map(|other| {
            let mut object = object.clone();
            object.insert(name.clone(), other.clone());
            Value::Object(object)
        })
    });
    changed.find(is_valid)
}
