//! `application/x-www-form-urlencoded` bodies (OpenAPI 3.1, sections 4.8.14.4 and 4.8.15).

use serde::Serialize;

use crate::{
    expansion::{Expansion, in_query},
    parameter_value::OrderedObject,
};

/// Encodes an object. A property without an encoding is a text, a list repeats its name, and nested
/// values are JSON, the default media type of objects. Null is omitted.
pub(crate) fn urlencoded<T: Serialize>(
    encodings: &[(&str, Expansion)],
    object: &T,
) -> Result<String, String> {
    let mut pairs = Vec::new();
    for (name, value) in OrderedObject::new(object)?.0 {
        let failed = |reason: String| format!("`{name}`: {reason}");
        let declared = encodings.iter().find(|(property, _)| *property == name);
        match (declared, value.get().as_bytes().first()) {
            (_, Some(b'n')) => {}
            (Some((_, expansion)), _) => {
                pairs.extend(in_query(&name, *expansion, &value).map_err(failed)?);
            }
            (None, Some(b'{')) => {
                pairs.extend(in_query(&name, Expansion::JSON, &value).map_err(failed)?)
            }
            (None, Some(b'[')) => {
                let items: Vec<&serde_json::value::RawValue> =
                    serde_json::from_str(value.get()).map_err(|error| failed(error.to_string()))?;
                for item in items {
                    let is_nested = item.get().starts_with(['{', '[']);
                    let expansion = if is_nested { Expansion::JSON } else { Expansion::FORM };
                    pairs.extend(in_query(&name, expansion, item).map_err(failed)?);
                }
            }
            (None, _) => {
                pairs.extend(in_query(&name, Expansion::FORM, &value).map_err(failed)?);
            }
        }
    }
    let pairs = pairs.into_iter().map(|(name, value)| format!("{name}={value}"));
    Ok(pairs.collect::<Vec<_>>().join("&"))
}
