//! The shapes of responses, in which items and tokens of pages are found.

use openapi_document::{Pointer, reference};
use serde_json::Value;

use crate::{
    collect::Collect,
    ir::{ClientModel, ContentKind, Field, Object, Operation, successes},
    text_map::TextMap,
};

/// The type of a value that is a token, a number or a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    Text,
    Uuid,
    Integer,
    Number,
    Boolean,
}

/// The objects of a model by their names.
pub(crate) struct Shapes<'a> {
    objects: TextMap<&'a str, &'a Object>,
}

impl<'a> Shapes<'a> {
    pub(crate) fn new(objects: &'a [Object]) -> Self {
        Self { objects: objects.iter().map(|object| (object.rust.as_str(), object)).collect_map() }
    }

    pub(super) fn from_model(model: &'a ClientModel) -> Self {
        Self::new(&model.objects)
    }

    /// The fields of a schema, if it is an object with declared properties.
    pub(super) fn fields(&self, schema: &Value) -> Option<&'a [Field]> {
        let schema = match schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
            Some([member]) => member,
            _ => schema,
        };
        let name = reference::target(schema)?;
        Some(&self.objects.get(name.as_str())?.fields)
    }

    /// The fields at a path of properties: `meta.next`, or the JSON pointer `/meta/next`.
    ///
    /// # Errors
    ///
    /// The property that doesn't exist.
    pub(super) fn resolve(&self, schema: &Value, path: &str) -> Result<Vec<Field>, String> {
        let names: Vec<String> = match path.starts_with('/') {
            true => Pointer::from_plain(path)
                .map(|pointer| pointer.segments().to_vec())
                .ok_or_else(|| format!("`{path}` isn't a JSON pointer"))?,
            false => path.split('.').map(str::to_owned).collect_vec(),
        };
        let mut schema = schema;
        let mut fields: Vec<Field> = Vec::new();
        let mut found: &Field;
        for name in &names {
            let declared = self.fields(schema).ok_or_else(|| {
                format!("`{path}`: `{name}` isn't a property, since there is no object")
            })?;
            found = declared
                .iter()
                .find(|field| field.name == *name)
                .ok_or_else(|| format!("`{path}`: there is no property `{name}`"))?;
            if found.boxed {
                return Err(format!("`{path}`: `{name}` contains itself"));
            }
            fields.push(found.clone());
            schema = &found.schema;
        }
        Ok(fields)
    }
}

/// The schema of the only success of an operation, if it is JSON that can't be null.
pub(super) fn response(operation: &Operation) -> Option<&Value> {
    let mut successes = successes(&operation.responses).into_iter();
    let (success, None) = (successes.next()?, successes.next()) else { return None };
    match &success.contents.first()?.kind {
        ContentKind::Json(schema) if schema.get("nullable") != Some(&Value::Bool(true)) => {
            Some(schema)
        }
        _ => None,
    }
}

/// The items of a list.
pub(super) fn list_items(schema: &Value) -> Option<&Value> {
    schema.get("items").filter(|_| schema.get("type").is_some_and(|name| name == "array"))
}

pub(super) fn scalar(schema: &Value) -> Option<Scalar> {
    if schema.get("enum").is_some() {
        return None;
    }
    let format = schema.get("format").and_then(Value::as_str);
    Some(match (schema.get("type").and_then(Value::as_str)?, format) {
        ("string", Some("uuid")) => Scalar::Uuid,
        ("string", Some("date" | "date-time")) => return None,
        ("string", _) => Scalar::Text,
        ("integer", _) => Scalar::Integer,
        ("number", _) => Scalar::Number,
        ("boolean", _) => Scalar::Boolean,
        _ => return None,
    })
}
