//! Media Type Objects that are references to `components.mediaTypes` (OpenAPI 3.2).

use std::borrow::Cow;

use openapi_document::{
    Pointer,
    walk::{self, Kind},
};
use serde_json::{Map, Value, json};

/// The limit on the Encoding Objects that are copied; a longer list isn't compared.
const MAX_ENCODINGS: usize = 100_000;

/// The limit on a chain of references.
const MAX_CHAIN: usize = 32;

/// The document with Media Type Objects in the place of references to them. Their schemas are
/// references to those of the targets.
pub(crate) fn resolved(root: &Value) -> Cow<'_, Value> {
    let has_shared = root.get("components").is_some_and(|all| all.get("mediaTypes").is_some());
    if !has_shared {
        return Cow::Borrowed(root);
    }
    let mut changed = root.clone();
    let mut encodings = 0;
    walk::nodes_mut(&mut changed, &mut |kind, value, _| {
        let reference = value.get("$ref").and_then(Value::as_str);
        let Some(reference) = reference.filter(|_| kind == Kind::MediaType) else { return };
        let Some((at, target)) = target(root, reference) else { return };
        let mut media_type = Map::new();
        for keyword in ["schema", "itemSchema"] {
            if target.contains_key(keyword) {
                let schema = json!({ "$ref": at.join(keyword).to_string() });
                media_type.insert(keyword.to_owned(), schema);
            }
        }
        if let Some(Value::Object(encoding)) = target.get("encoding") {
            encodings += encoding.len();
            if encodings <= MAX_ENCODINGS {
                media_type.insert("encoding".to_owned(), encoding.clone().into());
            }
        }
        *value = media_type.into();
    });
    Cow::Owned(changed)
}

/// The final target of a reference.
fn target<'a>(root: &'a Value, reference: &str) -> Option<(Pointer, &'a Map<String, Value>)> {
    let mut at = Pointer::parse(reference)?;
    for _ in 0..MAX_CHAIN {
        let target = at.resolve(root)?.as_object()?;
        match target.get("$ref").and_then(Value::as_str) {
            None => return Some((at, target)),
            Some(next) => at = Pointer::parse(next)?,
        }
    }
    None
}
