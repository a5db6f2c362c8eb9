//! Encoding of objects as names and values, for queries and urlencoded forms.

use reqwest::Url;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::encode::{append_delimited, append_pair};

/// The style of an object in a query (OpenAPI 3.1, section 4.8.12.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectStyle {
    /// `style: form`, `explode: true`: `a=1&b=2`
    FormExploded,
    /// `style: form`, `explode: false`: `name=a,1,b,2`
    Form,
    /// `style: deepObject`: `name[a]=1&name[b]=2`
    DeepObject,
}

/// Appends an object to the query.
pub(crate) fn append<T: Serialize>(
    url: &mut Url,
    name: &str,
    style: ObjectStyle,
    object: &T,
) -> Result<(), String> {
    let object = to_object(object)?;
    match style {
        ObjectStyle::FormExploded => {
            for (name, value) in form_pairs(object)? {
                append_pair(url, &name, &value);
            }
        }
        ObjectStyle::Form => {
            let pairs = form_pairs(object)?;
            let flat: Vec<_> = pairs.into_iter().flat_map(|(name, value)| [name, value]).collect();
            append_delimited(url, name, ',', &flat);
        }
        ObjectStyle::DeepObject => append_deep_object(url, name, Value::Object(object))?,
    }
    Ok(())
}

/// Appends a value in the style `deepObject`.
///
/// OpenAPI doesn't define this style for nested values. Servers that support them read nested
/// brackets for objects and repeated names for arrays.
fn append_deep_object(url: &mut Url, name: &str, value: Value) -> Result<(), String> {
    match value {
        Value::Object(properties) => {
            for (property, value) in properties {
                append_deep_object(url, &format!("{name}[{property}]"), value)?;
            }
        }
        Value::Array(items) => {
            for item in items {
                append_deep_object(url, name, item)?;
            }
        }
        Value::Null => {}
        scalar => append_pair(url, name, &scalar_text(scalar)?),
    }
    Ok(())
}

/// Returns the properties of an object as names and values: an array repeats its name, null is
/// omitted.
pub(crate) fn form_pairs(object: Map<String, Value>) -> Result<Vec<(String, String)>, String> {
    let mut pairs = Vec::new();
    for (name, value) in object {
        match value {
            Value::Array(items) => {
                for item in items {
                    pairs.push((name.clone(), scalar_text(item)?));
                }
            }
            Value::Null => {}
            scalar => pairs.push((name, scalar_text(scalar)?)),
        }
    }
    Ok(pairs)
}

/// Serializes a value to a JSON object.
pub(crate) fn to_object<T: Serialize>(value: &T) -> Result<Map<String, Value>, String> {
    match serde_json::to_value(value) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(other) => Err(format!("{other} isn't an object")),
        Err(error) => Err(error.to_string()),
    }
}

/// Returns the text of a scalar.
fn scalar_text(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Object(_) | Value::Array(_) => Err(format!("can't encode the nested value {value}")),
        scalar => Ok(scalar.to_string()),
    }
}
