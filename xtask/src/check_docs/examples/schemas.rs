//! The schemas of a document for values of one usage, in JSON Schema 2020-12.

use openapi_document::{Pointer, walk};
use serde_json::{Map, Value, json};

use super::usage::Usage;

/// The document with schemas that require no property which values of a usage don't have.
///
/// The keywords of OpenAPI 3.0 are replaced by those of 3.1.
pub(super) fn for_usage(root: &Value, usage: Usage) -> Value {
    let mut prepared = root.clone();
    let is_3_0 = root
        .get("openapi")
        .and_then(Value::as_str)
        .is_some_and(|version| version.starts_with("3.0"));
    walk::schemas_mut(&mut prepared, &mut |schema, _| {
        let Some(schema) = schema.as_object_mut() else { return };
        if is_3_0 {
            replace_old_keywords(schema);
        }
        remove_absent(schema, root, usage);
    });
    prepared
}

/// Replaces `nullable` and boolean bounds of OpenAPI 3.0.
fn replace_old_keywords(schema: &mut Map<String, Value>) {
    for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        match schema.remove(exclusive) {
            Some(Value::Bool(true)) => {
                let bound = schema.remove(bound);
                schema.extend(bound.map(|bound| (exclusive.to_owned(), bound)));
            }
            Some(Value::Bool(false)) | None => {}
            Some(other) => {
                schema.insert(exclusive.to_owned(), other);
            }
        }
    }
    if schema.remove("nullable") != Some(Value::Bool(true)) {
        return;
    }
    if let Some(Value::String(ty)) = schema.get("type") {
        schema.insert("type".to_owned(), json!([ty, "null"]));
    } else {
        // Beside references, null is another alternative.
        let schema_without_null = Value::Object(std::mem::take(schema));
        schema.insert("anyOf".to_owned(), json!([schema_without_null, { "type": "null" }]));
        return;
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.push(Value::Null);
    }
}

/// Removes the names of properties that values of a usage don't have from `required`.
fn remove_absent(schema: &mut Map<String, Value>, root: &Value, usage: Usage) {
    let properties = schema.get("properties").and_then(Value::as_object).cloned();
    let (Some(properties), Some(Value::Array(required))) = (properties, schema.get_mut("required"))
    else {
        return;
    };
    let keywords: &[&str] = match usage {
        Usage::Request => &["readOnly"],
        Usage::Response => &["writeOnly"],
        Usage::Schema => &["readOnly", "writeOnly"],
    };
    required.retain(|name| {
        let property = name.as_str().and_then(|name| properties.get(name));
        !property
            .is_some_and(|property| keywords.iter().any(|keyword| is_true(property, keyword, root)))
    });
}

/// Whether a schema or the target of its reference has a keyword with the value `true`.
fn is_true(schema: &Value, keyword: &str, root: &Value) -> bool {
    let has = |schema: &Value| schema.get(keyword) == Some(&Value::Bool(true));
    let target =
        |schema: &Value| Pointer::parse(schema.get("$ref")?.as_str()?)?.resolve(root).map(has);
    let members = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    has(schema)
        || target(schema).unwrap_or(false)
        || members.into_iter().any(|member| has(member) || target(member).unwrap_or(false))
}
