//! Takes schemas apart: into the schemas that `allOf` combines, and unions.

use serde_json::{Map, Value, json};

use crate::{
    json,
    lower::{dialect::keywords::is_annotation, wrapper::is_wrapper},
};

/// The keywords of unions.
const UNIONS: [&str; 2] = ["oneOf", "anyOf"];

/// The schemas that apply to a value: references, unions without other keywords, and objects
/// without references and compositions.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub(super) list: Vec<Value>,
    /// The annotations, those of the schema itself before those of inline members.
    pub(super) annotations: Map<String, Value>,
    /// Whether null is a value.
    pub(super) nullable: bool,
}

impl Entries {
    /// Takes a schema apart.
    pub(super) fn new(schema: &Value) -> Self {
        let mut entries = Self::default();
        let accepts_null = entries.add(schema);
        entries.nullable = accepts_null && !entries.list.is_empty();
        entries
    }

    /// Adds the entries of a schema; returns whether it accepts null.
    fn add(&mut self, schema: &Value) -> bool {
        let Value::Object(map) = schema else { return false };
        if map.contains_key("$ref") {
            self.list.push(schema.clone());
            return false;
        }
        for (key, value) in map.iter().filter(|(key, _)| is_annotation(key)) {
            self.annotations.entry(key.clone()).or_insert_with(|| value.clone());
        }
        let (mut own, mut all_null) = (Map::new(), true);
        for (key, value) in map {
            let is_composition = matches!(key.as_str(), "allOf" | "oneOf" | "anyOf");
            if !is_composition && !is_annotation(key) && key != "nullable" && key != "discriminator"
            {
                own.insert(key.clone(), value.clone());
            }
        }
        for member in json::items(map.get("allOf")) {
            all_null &= self.add(member);
        }
        let mut discriminator = map.get("discriminator");
        for keyword in UNIONS {
            let Some(members) = map.get(keyword) else { continue };
            let mut union = json!({ keyword: members });
            if let Some(discriminator) = discriminator.take() {
                union["discriminator"] = discriminator.clone();
            }
            self.list.push(union);
            all_null = false;
        }
        // A schema without a type accepts null.
        all_null &= !["type", "enum"].iter().any(|key| own.contains_key(*key));
        if !own.is_empty() {
            self.list.push(Value::Object(own));
        }
        all_null || map.get("nullable") == Some(&Value::Bool(true))
    }
}

/// Whether a schema combines others and isn't just an annotated reference.
pub(super) fn is_composition(schema: &Map<String, Value>) -> bool {
    ["allOf", "oneOf", "anyOf"].iter().any(|key| schema.contains_key(*key)) && !is_wrapper(schema)
}

/// The members of a union without other keywords.
pub(super) fn union_members(entry: &Value) -> Option<(&'static str, &Vec<Value>)> {
    UNIONS.iter().find_map(|keyword| Some((*keyword, entry.get(*keyword)?.as_array()?)))
}
