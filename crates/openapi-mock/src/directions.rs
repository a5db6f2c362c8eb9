//! Properties that only one direction has: `readOnly` and `writeOnly`.

use std::collections::BTreeSet;

use openapi_document::{Pointer, walk};
use serde_json::Value;

/// The direction in which a value is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From client to server.
    Request,
    /// From server to client.
    Response,
}

impl Direction {
    /// The flag of the properties that values of this direction may omit, even if they are required
    /// (OpenAPI 3.0, Schema Object, "Fixed Fields"; annotations with the same meaning in 3.1).
    fn omitted(self) -> &'static str {
        match self {
            Self::Request => "readOnly",
            Self::Response => "writeOnly",
        }
    }

    /// The document with the properties that a direction may omit no longer required; `None` if it
    /// has no such properties.
    pub(crate) fn relaxed(self, document: &Value) -> Option<Value> {
        let mut root = document.clone();
        let mut is_changed = false;
        walk::schemas_mut(&mut root, &mut |schema, _| {
            let omitted = self.omitted_properties(schema, document);
            let Some(Value::Array(required)) = schema.get_mut("required") else { return };
            let count = required.len();
            required.retain(|name| name.as_str().is_none_or(|name| !omitted.contains(name)));
            is_changed |= required.len() < count;
        });
        is_changed.then_some(root)
    }

    /// The properties of an object that a direction may omit, by their own flag or that of the
    /// schema that they refer to.
    fn omitted_properties(self, schema: &Value, document: &Value) -> BTreeSet<String> {
        let is_flagged = |property: &Value| {
            let target = property.get("$ref").and_then(Value::as_str).and_then(Pointer::parse);
            let target = target.and_then(|pointer| pointer.resolve(document));
            [Some(property), target]
                .into_iter()
                .flatten()
                .any(|schema| schema.get(self.omitted()) == Some(&Value::Bool(true)))
        };
        let properties = schema.get("properties").and_then(Value::as_object);
        let omitted = properties.into_iter().flatten().filter(|(_, property)| is_flagged(property));
        omitted.map(|(name, _)| name.clone()).collect()
    }
}
