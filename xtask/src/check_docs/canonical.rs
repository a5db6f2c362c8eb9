//! The normal form of an element of OpenAPI, for comparison between pages.

use std::collections::BTreeMap;

use openapi_document::Pointer;
use serde_json::{Map, Value, json};

/// The keywords that only affect documentation.
const PROSE: [&str; 7] =
    ["description", "summary", "title", "example", "examples", "externalDocs", "tags"];

/// The keywords whose members have names of the document's own.
const NAMED_MEMBERS: [&str; 9] = [
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
    "definitions",
    "responses",
    "headers",
    "content",
    "mapping",
];

/// The maximum number of components that an element is shown with.
const MAX_COMPONENTS: usize = 1_000;

/// An element of a page with the components that it refers to and the document lacks; without prose
/// unless it is compared, and with sorted keys.
pub(super) fn canonical(value: &Value, (spec, docs): (&Value, &Value), prose: bool) -> Value {
    let mut components: BTreeMap<String, Value> = BTreeMap::new();
    let mut pending = Vec::new();
    let element = normalized(value, false, prose, &mut pending);
    while let Some(reference) = pending.pop() {
        let Some(pointer) = Pointer::parse(&reference) else { continue };
        if components.contains_key(&reference)
            || components.len() >= MAX_COMPONENTS
            || pointer.resolve(spec).is_some()
        {
            continue;
        }
        if let Some(target) = pointer.resolve(docs) {
            let target = normalized(target, false, prose, &mut pending);
            components.insert(reference, target);
        }
    }
    match components.is_empty() {
        true => element,
        false => json!([element, components]),
    }
}

/// The normal form of a value. Adds its references.
fn normalized(value: &Value, is_named: bool, prose: bool, references: &mut Vec<String>) -> Value {
    match value {
        Value::Object(map) => {
            let mut members: BTreeMap<&String, Value> = BTreeMap::new();
            for (key, member) in map {
                let is_prose = PROSE.contains(&key.as_str()) || key.starts_with("x-");
                if !is_named && is_prose && !prose {
                    continue;
                }
                if let (false, "$ref", Some(reference)) = (is_named, key.as_str(), member.as_str())
                {
                    references.push(reference.to_owned());
                }
                let is_data = !is_named && ["default", "enum", "const"].contains(&key.as_str());
                let member = match is_data {
                    true => member.clone(),
                    false => {
                        let is_named = !is_named && NAMED_MEMBERS.contains(&key.as_str());
                        normalized(member, is_named, prose, references)
                    }
                };
                members.insert(key, member);
            }
            members
                .into_iter()
                .map(|(key, value)| (key.clone(), value))
                .collect::<Map<_, _>>()
                .into()
        }
        Value::Array(items) => {
            items.iter().map(|item| normalized(item, false, prose, references)).collect()
        }
        scalar => scalar.clone(),
    }
}
