//! Objects as names and values: in queries and in urlencoded forms.

use reqwest::Url;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::encode::{append_joined, append_pair};

/// How an object stands in a query (OpenAPI 3.1, section 4.8.12.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectStyle {
    /// `a=1&b=2`
    FormExploded,
    /// `name=a,1,b,2`
    Form,
    /// `name[a]=1&name[b]=2`
    DeepObject,
}

/// Writes an object into a query.
pub(crate) fn append<T: Serialize>(
    url: &mut Url,
    name: &str,
    style: ObjectStyle,
    object: &T,
) -> Result<(), String> {
    let object = object_of(object)?;
    match style {
        ObjectStyle::FormExploded => {
            for (name, value) in pairs(object)? {
                append_pair(url, &name, &value);
            }
        }
        ObjectStyle::Form => {
            let pairs = pairs(object)?;
            let flat: Vec<_> = pairs.into_iter().flat_map(|(name, value)| [name, value]).collect();
            append_joined(url, name, ',', &flat);
        }
        ObjectStyle::DeepObject => deep(url, name, Value::Object(object))?,
    }
    Ok(())
}

/// Nothing says how deeper objects are written in this style; servers that have them read more
/// brackets, and lists as repeated names.
fn deep(url: &mut Url, name: &str, value: Value) -> Result<(), String> {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                deep(url, &format!("{name}[{member}]"), value)?;
            }
        }
        Value::Array(items) => {
            for item in items {
                deep(url, name, item)?;
            }
        }
        Value::Null => {}
        scalar => append_pair(url, name, &text(scalar)?),
    }
    Ok(())
}

/// The members as pairs: a list is repeated, null is left out.
pub(crate) fn pairs(object: Map<String, Value>) -> Result<Vec<(String, String)>, String> {
    let mut pairs = Vec::new();
    for (name, value) in object {
        match value {
            Value::Array(items) => {
                for item in items {
                    pairs.push((name.clone(), text(item)?));
                }
            }
            Value::Null => {}
            scalar => pairs.push((name, text(scalar)?)),
        }
    }
    Ok(pairs)
}

pub(crate) fn object_of<T: Serialize>(value: &T) -> Result<Map<String, Value>, String> {
    match serde_json::to_value(value) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(other) => Err(format!("{other} isn't an object")),
        Err(error) => Err(error.to_string()),
    }
}

fn text(value: Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text),
        Value::Object(_) | Value::Array(_) => {
            Err(format!("there is no way to write {value} inside another value"))
        }
        scalar => Ok(scalar.to_string()),
    }
}
