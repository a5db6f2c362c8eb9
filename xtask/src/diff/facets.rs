//! What a schema says besides its type, each with the place where it is said.

use std::collections::BTreeMap;

use openapi_lower::Pointer;
use serde_json::{Map, Value};

/// Keywords that only documentation shows.
pub(super) const PROSE: [&str; 6] =
    ["title", "description", "example", "examples", "externalDocs", "xml"];

/// Keywords that make a type, which [`Node`](super::node::Node) has as its kind.
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

/// Keywords and their values, which aren't structure.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Facets(BTreeMap<String, (Value, Pointer)>);

impl Facets {
    /// Those of one schema object; what says nothing is left out.
    pub(super) fn of(map: &Map<String, Value>, at: &Pointer) -> Self {
        let said = map.iter().filter(|(keyword, value)| {
            !STRUCTURE.contains(&keyword.as_str())
                && !keyword.starts_with("x-")
                && !keyword.starts_with('$')
                && !says_nothing(keyword, value)
        });
        let facet = |(keyword, value): (&String, &Value)| {
            let (keyword, value) = written_anew(keyword, value, map);
            (keyword, (value, at.clone()))
        };
        Self(said.map(facet).collect())
    }

    /// Adds those of a schema that stands over this one.
    pub(super) fn overlay(&mut self, over: &Self) {
        self.0.extend(over.0.iter().map(|(keyword, facet)| (keyword.clone(), facet.clone())));
    }

    pub(super) fn get(&self, keyword: &str) -> Option<&Value> {
        self.0.get(keyword).map(|(value, _)| value)
    }

    pub(super) fn place(&self, keyword: &str) -> Option<&Pointer> {
        self.0.get(keyword).map(|(_, at)| at)
    }

    pub(super) fn is_true(&self, keyword: &str) -> bool {
        self.get(keyword) == Some(&Value::Bool(true))
    }

    /// The keywords that `self` and `other` have different values for.
    pub(super) fn differing<'a>(&'a self, other: &'a Self) -> Vec<&'a str> {
        let mut keywords: Vec<&str> =
            self.0.keys().chain(other.0.keys()).map(String::as_str).collect();
        keywords.sort_unstable();
        keywords.dedup();
        keywords.retain(|keyword| !same(self.get(keyword), other.get(keyword)));
        keywords
    }
}

/// Numbers are what they are, however they are written.
pub(super) fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => {
            one == other || one.as_f64() == other.as_f64()
        }
        (Some(Value::Array(one)), Some(Value::Array(other))) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| same(Some(one), Some(other)))
        }
        _ => one == other,
    }
}

/// Values that are the same as leaving the keyword out.
fn says_nothing(keyword: &str, value: &Value) -> bool {
    match (keyword, value) {
        ("deprecated" | "readOnly" | "writeOnly" | "uniqueItems", Value::Bool(said)) => !said,
        // OpenAPI 3.0: it says what kind of bound `minimum` or `maximum` is.
        ("exclusiveMinimum" | "exclusiveMaximum", Value::Bool(_)) => true,
        ("minLength" | "minItems" | "minProperties", Value::Number(number)) => {
            number.as_u64() == Some(0)
        }
        (_, Value::String(text)) => PROSE.contains(&keyword) && text.trim().is_empty(),
        ("not", Value::Bool(said)) => !said,
        _ => false,
    }
}

/// One way of writing for what has several: bounds of OpenAPI 3.0 as those of 3.1, one example as
/// a list.
fn written_anew(keyword: &str, value: &Value, map: &Map<String, Value>) -> (String, Value) {
    let exclusive = |exclusive: &str| map.get(exclusive) == Some(&Value::Bool(true));
    match keyword {
        "minimum" if exclusive("exclusiveMinimum") => {
            ("exclusiveMinimum".to_owned(), value.clone())
        }
        "maximum" if exclusive("exclusiveMaximum") => {
            ("exclusiveMaximum".to_owned(), value.clone())
        }
        "example" => ("examples".to_owned(), Value::Array(vec![value.clone()])),
        _ => (keyword.to_owned(), value.clone()),
    }
}
