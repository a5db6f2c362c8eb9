//! What a schema says besides its type, each with the place where it is said.

use std::collections::BTreeMap;

use openapi_document::{Pointer, json_type::declared};
use serde_json::{Map, Value};

use crate::constraints::is_tightened;

/// Keywords that only documentation shows.
pub(crate) const PROSE: [&str; 6] =
    ["title", "description", "example", "examples", "externalDocs", "xml"];

/// Keywords that make a type, which [`Node`](crate::node::Node) has as its kind.
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
pub(crate) struct Facets(BTreeMap<String, (Value, Pointer)>);

impl Facets {
    /// Those of one schema object; what says nothing is left out.
    pub(crate) fn of(map: &Map<String, Value>, at: &Pointer) -> Self {
        let said = map.iter().filter(|(keyword, value)| {
            !STRUCTURE.contains(&keyword.as_str())
                && !keyword.starts_with("x-")
                && !keyword.starts_with('$')
                && !says_nothing(keyword, value)
        });
        let facet = |(keyword, value): (&String, &Value)| {
            let (keyword, value) = written_anew(keyword, value);
            (keyword, (value, at.clone()))
        };
        let mut facets: BTreeMap<_, _> = said.map(facet).collect();
        for (keyword, exclusive) in
            [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")]
        {
            if let Some(bound) = bound(map, keyword, exclusive) {
                facets.insert(keyword.to_owned(), (bound, at.clone()));
            }
        }
        Self(facets)
    }

    /// Adds those of a schema that stands over this one.
    pub(crate) fn overlay(&mut self, over: &Self) {
        self.0.extend(over.0.iter().map(|(keyword, facet)| (keyword.clone(), facet.clone())));
    }

    pub(crate) fn get(&self, keyword: &str) -> Option<&Value> {
        self.0.get(keyword).map(|(value, _)| value)
    }

    pub(crate) fn place(&self, keyword: &str) -> Option<&Pointer> {
        self.0.get(keyword).map(|(_, at)| at)
    }

    pub(crate) fn is_true(&self, keyword: &str) -> bool {
        self.get(keyword) == Some(&Value::Bool(true))
    }

    /// The values of keywords that both have and that may hold schemas.
    pub(crate) fn schemas<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = (&'a Value, &'a Value)> {
        self.0.iter().filter_map(|(keyword, (value, _))| {
            let has_schemas = value.is_object() || value.is_array();
            let data = PROSE.contains(&keyword.as_str()) || keyword == "default";
            (has_schemas && !data).then_some((value, other.get(keyword)?))
        })
    }

    /// The keywords that `self` and `other` have different values for.
    pub(crate) fn differing<'a>(&'a self, other: &'a Self) -> Vec<&'a str> {
        let mut keywords: Vec<&str> =
            self.0.keys().chain(other.0.keys()).map(String::as_str).collect();
        keywords.sort_unstable();
        keywords.dedup();
        keywords.retain(|keyword| !same(self.get(keyword), other.get(keyword)));
        keywords
    }
}

/// Numbers are what they are, however they are written.
pub(crate) fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => {
            let whole = (one.is_i64() || one.is_u64()) && (other.is_i64() || other.is_u64());
            one == other || !whole && one.as_f64() == other.as_f64()
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
        // They are part of `minimum` and `maximum`.
        ("exclusiveMinimum" | "exclusiveMaximum", _) => true,
        ("minLength" | "minItems" | "minProperties", Value::Number(number)) => {
            number.as_u64() == Some(0)
        }
        (_, Value::String(text)) => PROSE.contains(&keyword) && text.trim().is_empty(),
        ("not", Value::Bool(said)) => !said,
        _ => false,
    }
}

/// One way of writing for what has several: one example as a list, text without space around it.
fn written_anew(keyword: &str, value: &Value) -> (String, Value) {
    match (keyword, value) {
        ("example", value) => ("examples".to_owned(), Value::Array(vec![value.clone()])),
        (_, Value::String(text)) if PROSE.contains(&keyword) => {
            (keyword.to_owned(), text.trim().into())
        }
        _ => (keyword.to_owned(), value.clone()),
    }
}

/// The lower or upper bound, of OpenAPI 3.0 or 3.1: a number, or one that isn't allowed itself as
/// `{"exclusive": number}`. Integers have a bound that is allowed in any case.
fn bound(map: &Map<String, Value>, keyword: &str, exclusive: &str) -> Option<Value> {
    let (inclusive, excluded) = match (map.get(keyword), map.get(exclusive)) {
        (Some(bound), Some(Value::Bool(true))) => (None, Some(bound)),
        (bound, excluded) => (bound, excluded.filter(|excluded| excluded.is_number())),
    };
    let is_integer = declared(map).contains(&"integer");
    let step = if keyword == "minimum" { 1 } else { -1 };
    let excluded = excluded.map(|excluded| match excluded.as_i64().filter(|_| is_integer) {
        Some(whole) => Value::from(whole.saturating_add(step)),
        None => serde_json::json!({ "exclusive": excluded }),
    });
    let (Some(one), Some(other)) = (inclusive, &excluded) else {
        return inclusive.cloned().or(excluded);
    };
    // Both are said: the tighter one holds.
    let tighter = is_tightened(keyword, Some(one), Some(other));
    Some(if tighter { other.clone() } else { one.clone() })
}
