//! Annotated references: `allOf` with a single reference.

use serde_json::{Map, Value, json};

use super::dialect::keywords::is_annotation;

/// Whether a schema is `allOf` with a single reference, and annotations.
pub(super) fn is_wrapper(schema: &Map<String, Value>) -> bool {
    let single = schema
        .get("allOf")
        .and_then(Value::as_array)
        .is_some_and(|members| members.len() == 1 && members[0].get("$ref").is_some());
    single && schema.keys().all(|key| key == "allOf" || key == "nullable" || is_annotation(key))
}

/// A schema with annotations and `nullable`: inside `allOf` if it is a reference.
pub(super) fn annotated(schema: Value, annotations: Map<String, Value>, nullable: bool) -> Value {
    let mut outer = match schema {
        schema if annotations.is_empty() && !nullable => return schema,
        Value::Object(map) if !map.contains_key("$ref") => map,
        reference => Map::from_iter([("allOf".to_owned(), json!([reference]))]),
    };
    for (key, value) in annotations {
        outer.insert(key, value);
    }
    if nullable {
        outer.insert("nullable".into(), json!(true));
    }
    Value::Object(outer)
}
