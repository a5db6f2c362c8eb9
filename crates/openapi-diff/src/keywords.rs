//! The constraints and annotations of a schema: all keywords that don't declare its structure.

use std::collections::BTreeMap;

use openapi_document::{Pointer, json_type::declared};
use serde_json::{Map, Value};

use crate::constraints::is_tightened;

/// The keywords that only affect documentation.
pub(crate) const PROSE: [&str; 6] =
    ["title", "description", "example", "examples", "externalDocs", "xml"];

/// The keywords of the structure, which [`SchemaKind`](crate::schema_node::SchemaKind) represents.
const STRUCTURE: [&str; 18] = [
    "$ref",
    "type",
    "format",
    "enum",
    "const",
    "nullable",
    "properties",
    "required",
    "additionalProperties",
    "unevaluatedProperties",
    "items",
    "prefixItems",
    "oneOf",
    "anyOf",
    "allOf",
    "discriminator",
    "$defs",
    "definitions",
];

/// Normalized values of keywords that aren't structure, with the schema objects that contain them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Keywords(BTreeMap<String, (Value, Pointer)>);

impl Keywords {
    /// Those of the schema object at `pointer`, without those that have their default value.
    pub(crate) fn new(map: &Map<String, Value>, pointer: &Pointer) -> Self {
        let relevant = map.iter().filter(|(keyword, value)| {
            !STRUCTURE.contains(&keyword.as_str())
                && !keyword.starts_with("x-")
                && !keyword.starts_with('$')
                && !is_default(keyword, value)
        });
        let entry = |(keyword, value): (&String, &Value)| {
            let (keyword, value) = normalize(keyword, value);
            (keyword, (value, pointer.clone()))
        };
        let mut keywords: BTreeMap<_, _> = relevant.map(entry).collect();
        for (keyword, exclusive) in
            [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")]
        {
            if let Some(bound) = bound(map, keyword, exclusive) {
                keywords.insert(keyword.to_owned(), (bound, pointer.clone()));
            }
        }
        Self(keywords)
    }

    /// Adds those of another schema, which take precedence.
    pub(crate) fn overlay(&mut self, other: &Self) {
        self.0.extend(other.0.iter().map(|(keyword, entry)| (keyword.clone(), entry.clone())));
    }

    /// The value of a keyword.
    pub(crate) fn get(&self, keyword: &str) -> Option<&Value> {
        self.0.get(keyword).map(|(value, _)| value)
    }

    /// The pointer of the schema object that contains a keyword.
    pub(crate) fn pointer(&self, keyword: &str) -> Option<&Pointer> {
        self.0.get(keyword).map(|(_, pointer)| pointer)
    }

    /// Whether a keyword has the value `true`.
    pub(crate) fn is_true(&self, keyword: &str) -> bool {
        self.get(keyword) == Some(&Value::Bool(true))
    }

    /// The values of common keywords that may contain schemas.
    pub(crate) fn subschemas<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = (&'a Value, &'a Value)> {
        self.0.iter().filter_map(|(keyword, (value, _))| {
            let may_contain = value.is_object() || value.is_array();
            let is_data = PROSE.contains(&keyword.as_str()) || keyword == "default";
            (may_contain && !is_data).then_some((value, other.get(keyword)?))
        })
    }

    /// The keywords whose values differ between `self` and `other`.
    pub(crate) fn differing<'a>(&'a self, other: &'a Self) -> Vec<&'a str> {
        let mut keywords: Vec<&str> =
            self.0.keys().chain(other.0.keys()).map(String::as_str).collect();
        keywords.sort_unstable();
        keywords.dedup();
        keywords.retain(|keyword| !is_equal(self.get(keyword), other.get(keyword)));
        keywords
    }
}

/// Whether two values are equal, where numbers are compared by value: `1` is `1.0`.
fn is_equal(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => {
            let whole = (one.is_i64() || one.is_u64()) && (other.is_i64() || other.is_u64());
            one == other || !whole && one.as_f64() == other.as_f64()
        }
        (Some(Value::Array(one)), Some(Value::Array(other))) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| is_equal(Some(one), Some(other)))
        }
        _ => one == other,
    }
}

/// Whether a value is equivalent to omitting the keyword.
fn is_default(keyword: &str, value: &Value) -> bool {
    match (keyword, value) {
        ("deprecated" | "readOnly" | "writeOnly" | "uniqueItems", Value::Bool(value)) => !value,
        // They are merged into `minimum` and `maximum`.
        ("exclusiveMinimum" | "exclusiveMaximum", _) => true,
        ("minLength" | "minItems" | "minProperties", Value::Number(number)) => {
            number.as_u64() == Some(0)
        }
        (_, Value::String(text)) => PROSE.contains(&keyword) && text.trim().is_empty(),
        ("not", Value::Bool(value)) => !value,
        _ => false,
    }
}

/// The normal form of a keyword: `example` as `examples`, prose without surrounding white space.
fn normalize(keyword: &str, value: &Value) -> (String, Value) {
    match (keyword, value) {
        ("example", value) => ("examples".to_owned(), Value::Array(vec![value.clone()])),
        (_, Value::String(text)) if PROSE.contains(&keyword) => {
            (keyword.to_owned(), text.trim().into())
        }
        _ => (keyword.to_owned(), value.clone()),
    }
}

/// The lower or upper bound in OpenAPI 3.0 or 3.1: a number, or `{"exclusive": number}`.
///
/// Exclusive bounds of integers become inclusive.
fn bound(map: &Map<String, Value>, keyword: &str, exclusive: &str) -> Option<Value> {
    let (inclusive, exclusive) = match (map.get(keyword), map.get(exclusive)) {
        (Some(bound), Some(Value::Bool(true))) => (None, Some(bound)),
        (bound, exclusive) => (bound, exclusive.filter(|bound| bound.is_number())),
    };
    let is_integer = declared(map).contains(&"integer");
    let step = if keyword == "minimum" { 1 } else { -1 };
    let exclusive = exclusive.map(|bound| match bound.as_i64().filter(|_| is_integer) {
        Some(integer) => Value::from(integer.saturating_add(step)),
        None => serde_json::json!({ "exclusive": bound }),
    });
    let (Some(one), Some(other)) = (inclusive, &exclusive) else {
        return inclusive.cloned().or(exclusive);
    };
    // Of two bounds the stricter one applies.
    let is_stricter = is_tightened(keyword, Some(one), Some(other));
    Some(if is_stricter { other.clone() } else { one.clone() })
}
