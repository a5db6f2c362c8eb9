//! Schemas. The kind of a schema follows from the keywords that it has, as in `openapiv3`.

use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, BooleanType, Discriminator, ExternalDocumentation,
    IntegerType, NumberType, ObjectType, ReferenceOr, Schema, SchemaData, SchemaKind, StringType,
    Type,
};
use serde_json::Value;

use super::object::{Invalid, Object, Result, any_value, boolean, count, number, string};

use crate::collect::Collect;

/// Reads a schema or a reference to one. Siblings of a reference are ignored.
pub(super) fn schema(value: &Value) -> Result<ReferenceOr<Schema>> {
    let object = Object::new(value)?;
    if let Some(Value::String(reference)) = object.get("$ref") {
        return Ok(ReferenceOr::Reference { reference: reference.clone() });
    }
    let (schema_data, schema_kind) = (data(object)?, kind(object)?);
    Ok(ReferenceOr::Item(Schema { schema_data, schema_kind }))
}

fn boxed_schema(value: &Value) -> Result<ReferenceOr<Box<Schema>>> {
    Ok(match schema(value)? {
        ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
        ReferenceOr::Item(schema) => ReferenceOr::boxed_item(schema),
    })
}

/// Reads the keywords that all kinds of schemas have.
fn data(object: Object<'_>) -> Result<SchemaData> {
    Ok(SchemaData {
        nullable: object.flag("nullable")?,
        read_only: object.flag("readOnly")?,
        write_only: object.flag("writeOnly")?,
        deprecated: object.flag("deprecated")?,
        external_docs: object.read("externalDocs", external_docs)?,
        example: object.get("example").cloned(),
        title: object.read("title", string)?,
        description: object.read("description", string)?,
        discriminator: object.read("discriminator", discriminator)?,
        default: object.get("default").cloned(),
        extensions: object.extensions().into_iter().collect(),
    })
}

fn external_docs(value: &Value) -> Result<ExternalDocumentation> {
    let object = Object::new(value)?;
    Ok(ExternalDocumentation {
        description: object.read("description", string)?,
        url: object.require("url", string)?,
        extensions: object.extensions().into_iter().collect(),
    })
}

fn discriminator(value: &Value) -> Result<Discriminator> {
    let object = Object::new(value)?;
    Ok(Discriminator {
        property_name: object.require("propertyName", string)?,
        mapping: object.entries("mapping", string)?.into_iter().collect(),
        extensions: object.extensions().into_iter().collect(),
    })
}

const STRING: [&str; 5] = ["enum", "format", "maxLength", "minLength", "pattern"];
const NUMBER: [&str; 7] =
    ["enum", "exclusiveMaximum", "exclusiveMinimum", "format", "maximum", "minimum", "multipleOf"];
const BOOLEAN: [&str; 1] = ["enum"];
const OBJECT: [&str; 5] =
    ["additionalProperties", "maxProperties", "minProperties", "properties", "required"];
const ARRAY: [&str; 4] = ["items", "maxItems", "minItems", "uniqueItems"];
const COMPOSITIONS: [&str; 4] = ["allOf", "anyOf", "not", "oneOf"];

/// Reads the keywords of one kind of schemas. A schema with those of several is of any kind.
fn kind(object: Object<'_>) -> Result<SchemaKind> {
    let type_name = object.read("type", string)?;
    let has_only = |keywords: &[&str]| {
        let mut all = [&STRING[..], &NUMBER, &OBJECT, &ARRAY, &COMPOSITIONS].into_iter().flatten();
        all.all(|keyword| keywords.contains(keyword) || object.get(keyword).is_none())
    };
    let is_composition = |keyword| object.get(keyword).is_some() && has_only(&[keyword]);
    Ok(match type_name.as_deref() {
        Some("string") if has_only(&STRING) && enum_is(object, Value::is_string) => {
            SchemaKind::Type(Type::String(string_type(object)?))
        }
        Some("number") if has_only(&NUMBER) && enum_is(object, Value::is_number) => {
            SchemaKind::Type(Type::Number(number_type(object)?))
        }
        Some("integer")
            if has_only(&NUMBER)
                && enum_is(object, Value::is_i64)
                && ["multipleOf", "minimum", "maximum"]
                    .iter()
                    .all(|key| object.get(key).is_none_or(Value::is_i64)) =>
        {
            SchemaKind::Type(Type::Integer(integer_type(object)?))
        }
        Some("boolean") if has_only(&BOOLEAN) && enum_is(object, Value::is_boolean) => {
            let enumeration = enum_values(object, Value::as_bool);
            SchemaKind::Type(Type::Boolean(BooleanType { enumeration }))
        }
        Some("object") if has_only(&OBJECT) => SchemaKind::Type(Type::Object(object_type(object)?)),
        Some("array") if has_only(&ARRAY) => SchemaKind::Type(Type::Array(array_type(object)?)),
        None if is_composition("oneOf") => SchemaKind::OneOf { one_of: schemas(object, "oneOf")? },
        None if is_composition("allOf") => SchemaKind::AllOf { all_of: schemas(object, "allOf")? },
        None if is_composition("anyOf") => SchemaKind::AnyOf { any_of: schemas(object, "anyOf")? },
        None if is_composition("not") => {
            SchemaKind::Not { not: Box::new(object.require("not", schema)?) }
        }
        _ => SchemaKind::Any(any_schema(object, type_name)?),
    })
}

/// Whether `enum` is absent, or a list of null and values of one type.
fn enum_is(object: Object<'_>, is_valid: fn(&Value) -> bool) -> bool {
    match object.get("enum") {
        Some(Value::Array(values)) => values.iter().all(|one| one.is_null() || is_valid(one)),
        other => other.is_none(),
    }
}

/// The values of a valid `enum`; `None` is null.
fn enum_values<T>(object: Object<'_>, convert: fn(&Value) -> Option<T>) -> Vec<Option<T>> {
    let values = object.get("enum").and_then(Value::as_array);
    values.map(|values| values.iter().map(convert).collect_vec()).unwrap_or_default()
}

fn string_type(object: Object<'_>) -> Result<StringType> {
    Ok(StringType {
        format: object.read("format", string)?.into(),
        pattern: object.read("pattern", string)?,
        enumeration: enum_values(object, |value| value.as_str().map(str::to_owned)),
        min_length: object.read("minLength", count)?,
        max_length: object.read("maxLength", count)?,
    })
}

fn number_type(object: Object<'_>) -> Result<NumberType> {
    Ok(NumberType {
        format: object.read("format", string)?.into(),
        multiple_of: object.read("multipleOf", number)?,
        exclusive_minimum: object.read("exclusiveMinimum", boolean)?.unwrap_or_default(),
        exclusive_maximum: object.read("exclusiveMaximum", boolean)?.unwrap_or_default(),
        minimum: object.read("minimum", number)?,
        maximum: object.read("maximum", number)?,
        enumeration: enum_values(object, Value::as_f64),
    })
}

/// Reads the keywords of an integer, whose bounds are integers.
fn integer_type(object: Object<'_>) -> Result<IntegerType> {
    let bound = |key| object.get(key).and_then(Value::as_i64);
    Ok(IntegerType {
        format: object.read("format", string)?.into(),
        multiple_of: bound("multipleOf"),
        exclusive_minimum: object.read("exclusiveMinimum", boolean)?.unwrap_or_default(),
        exclusive_maximum: object.read("exclusiveMaximum", boolean)?.unwrap_or_default(),
        minimum: bound("minimum"),
        maximum: bound("maximum"),
        enumeration: enum_values(object, Value::as_i64),
    })
}

fn object_type(object: Object<'_>) -> Result<ObjectType> {
    Ok(ObjectType {
        properties: object.entries("properties", boxed_schema)?.into_iter().collect(),
        required: object.list("required", string)?.unwrap_or_default(),
        additional_properties: object.read("additionalProperties", additional_properties)?,
        min_properties: object.read("minProperties", count)?,
        max_properties: object.read("maxProperties", count)?,
    })
}

fn array_type(object: Object<'_>) -> Result<ArrayType> {
    Ok(ArrayType {
        items: object.read("items", boxed_schema)?,
        min_items: object.read("minItems", count)?,
        max_items: object.read("maxItems", count)?,
        unique_items: object.read("uniqueItems", boolean)?.unwrap_or_default(),
    })
}

fn any_schema(object: Object<'_>, typ: Option<String>) -> Result<AnySchema> {
    let ObjectType { properties, required, additional_properties, min_properties, max_properties } =
        object_type(object)?;
    let mut any = AnySchema {
        typ,
        properties,
        required,
        additional_properties,
        min_properties,
        max_properties,
        ..AnySchema::default()
    };
    any.pattern = object.read("pattern", string)?;
    any.multiple_of = object.read("multipleOf", number)?;
    any.exclusive_minimum = object.read("exclusiveMinimum", boolean)?;
    any.exclusive_maximum = object.read("exclusiveMaximum", boolean)?;
    any.minimum = object.read("minimum", number)?;
    any.maximum = object.read("maximum", number)?;
    any.items = object.read("items", boxed_schema)?;
    any.min_items = object.read("minItems", count)?;
    any.max_items = object.read("maxItems", count)?;
    any.unique_items = object.read("uniqueItems", boolean)?;
    any.enumeration = object.list("enum", any_value)?.unwrap_or_default();
    any.format = object.read("format", string)?;
    any.min_length = object.read("minLength", count)?;
    any.max_length = object.read("maxLength", count)?;
    any.one_of = schemas(object, "oneOf")?;
    any.all_of = schemas(object, "allOf")?;
    any.any_of = schemas(object, "anyOf")?;
    any.not = object.read("not", schema)?.map(Box::new);
    Ok(any)
}

fn schemas(object: Object<'_>, keyword: &str) -> Result<Vec<ReferenceOr<Schema>>> {
    Ok(object.list(keyword, schema)?.unwrap_or_default())
}

fn additional_properties(value: &Value) -> Result<AdditionalProperties> {
    match value {
        Value::Bool(allowed) => Ok(AdditionalProperties::Any(*allowed)),
        Value::Object(_) => Ok(AdditionalProperties::Schema(Box::new(schema(value)?))),
        _ => Err(Invalid::new("a boolean or a schema")),
    }
}
