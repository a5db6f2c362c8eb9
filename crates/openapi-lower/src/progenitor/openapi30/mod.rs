//! Converts the lowered document to the types of `openapiv3`.
//!
//! Their own deserialization would be a fifth of the code of this crate, which build scripts
//! compile: it reads all of OpenAPI, from any format.

mod object;
mod operation;
mod schema;

use openapi_document::{Pointer, Refusal, Refusals};
use openapiv3::{Components, Info, OpenAPI, PathItem, ReferenceOr};
use serde_json::Value;

use self::object::{Invalid, Object, string};
use crate::{
    ir::{TypeIndex, TypeName},
    json::members,
};

/// Converts the lowered document, which has an `info` of title and version, core operations and
/// component schemas; `types` tells where the document has the schemas.
///
/// # Errors
///
/// All schemas and operations with a value that OpenAPI 3.0 doesn't allow, each with its pointer.
pub(crate) fn convert(root: &Value, types: &[TypeName]) -> Result<OpenAPI, Refusals> {
    let mut refusals = Vec::new();
    let mut openapi = OpenAPI::default();
    if let Err(invalid) = read_head(root, &mut openapi) {
        refusals.push(refusal(Pointer::root(), invalid));
    }
    for (path, item) in members(root.get("paths")) {
        let mut converted = PathItem::default();
        for (method, operation) in members(Some(item)) {
            if let Err(invalid) = operation::add(&mut converted, method, operation) {
                let at = Pointer::from_segments(["paths", path, method]);
                refusals.push(refusal(at, invalid));
            }
        }
        openapi.paths.paths.insert(path.clone(), ReferenceOr::Item(converted));
    }
    let index = TypeIndex::new(types);
    let mut components = Components::default();
    for (name, schema) in members(root.pointer("/components/schemas")) {
        match schema::schema(schema) {
            Ok(schema) => drop(components.schemas.insert(name.clone(), schema)),
            Err(invalid) => refusals.push(refusal(index.pointer(name), invalid)),
        }
    }
    openapi.components = Some(components);
    Refusals::check(refusals)?;
    Ok(openapi)
}

/// Reads what stands beside paths and components.
fn read_head(root: &Value, openapi: &mut OpenAPI) -> object::Result<()> {
    let object = Object::new(root)?;
    openapi.openapi = object.require("openapi", string)?;
    openapi.info = object.require("info", |info| {
        let object = Object::new(info)?;
        let title = object.require("title", string)?;
        Ok(Info { title, version: object.require("version", string)?, ..Info::default() })
    })?;
    openapi.extensions = object.extensions().into_iter().collect();
    Ok(())
}

fn refusal(at: Pointer, invalid: Invalid) -> Refusal {
    Refusal::new(at, "invalid value", invalid.reason())
}

#[cfg(test)]
mod tests {
    use openapiv3::{ReferenceOr, Schema};
    use serde_json::{Value, json};

    use super::schema::schema;

    const KEYWORDS: [&str; 35] = [
        "$ref",
        "additionalProperties",
        "allOf",
        "anyOf",
        "default",
        "deprecated",
        "description",
        "discriminator",
        "enum",
        "example",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "externalDocs",
        "format",
        "items",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "not",
        "nullable",
        "oneOf",
        "pattern",
        "properties",
        "readOnly",
        "required",
        "title",
        "uniqueItems",
        "writeOnly",
        "x-extension",
    ];

    /// Values of keywords, each valid for some.
    fn values() -> Vec<Value> {
        let reference = json!({ "$ref": "#/components/schemas/A" });
        vec![
            json!(null),
            json!(true),
            json!(3),
            json!(-3),
            json!(1.5),
            json!(u64::MAX),
            json!("text"),
            json!("int64"),
            json!("date-time"),
            json!([]),
            json!(["text", null]),
            json!([1, null]),
            json!([1.5]),
            json!([true, null]),
            json!([reference, { "type": "string" }]),
            json!({}),
            json!({ "a": reference, "b": { "type": "array", "items": {} } }),
            json!({ "a": { "minLength": -1 } }),
            json!({ "propertyName": "a", "mapping": { "b": "c" }, "x-a": 1, "url": "u" }),
            json!({ "url": "u", "description": 1 }),
            json!({ "$ref": 1 }),
            reference,
        ]
    }

    fn assert_same(value: &Value) {
        let converted = schema(value).map_err(|invalid| invalid.reason());
        let deserialized = serde_json::from_value::<ReferenceOr<Schema>>(value.clone());
        assert_eq!(converted.clone().ok(), deserialized.ok(), "{value}: {converted:?}");
    }

    #[test]
    fn schemas_convert_to_what_serde_deserializes() {
        let types = ["string", "number", "integer", "boolean", "object", "array", "other"];
        let mut types: Vec<Value> = types.map(|name| json!({ "type": name })).into();
        types.extend([json!({}), json!({ "type": null }), json!({ "type": 1 })]);
        for base in &types {
            for keyword in KEYWORDS {
                for value in values() {
                    let mut schema = base.clone();
                    schema[keyword] = value;
                    assert_same(&schema);
                    // A second keyword, of another kind or of the same.
                    for (other, value) in [("minimum", json!(1)), ("format", json!("int64"))] {
                        let mut schema = schema.clone();
                        schema[other] = value;
                        assert_same(&schema);
                    }
                }
            }
        }
        for no_schema in [json!(null), json!(true), json!("text")] {
            assert_same(&no_schema);
        }
    }

    #[test]
    fn a_reason_has_the_place_and_what_is_expected() {
        for (value, reason) in [
            (json!(1), "it must be an object"),
            (json!({ "minLength": -1 }), "`minLength` must be a non-negative integer"),
            (
                json!({ "properties": { "a/b": { "oneOf": [{}, { "pattern": 1 }] } } }),
                "`properties/a~1b/oneOf/1/pattern` must be a string",
            ),
            (json!({ "discriminator": {} }), "`discriminator/propertyName` must be a string"),
            (json!({ "enum": 1 }), "`enum` must be a list"),
        ] {
            assert_eq!(schema(&value).unwrap_err().reason(), reason);
        }
    }
}
