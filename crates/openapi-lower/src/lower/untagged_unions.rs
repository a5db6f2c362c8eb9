//! Unions that nothing but their members' shapes tells apart.

use std::collections::HashSet;

use openapi_document::reference;
use serde_json::Value;

use super::{context::Context, names::unique, published::Published, schema::text};
use crate::ir::{ClientModel, TypeName, UntaggedUnion};

/// Collects the unions that aren't among the tagged ones.
pub(super) fn collect(
    root: &Value,
    model: &ClientModel,
    published: Published<'_>,
) -> Vec<UntaggedUnion> {
    let Some(Value::Object(schemas)) = root.pointer("/components/schemas") else {
        return Vec::new();
    };
    let untagged = schemas
        .iter()
        .filter(|(name, _)| !model.tagged_unions.iter().any(|one| one.rust == **name));
    let keys = TypeName::keys(&model.types);
    // A type that isn't one of the document's is its own key.
    let key =
        |rust: &'_ str| keys.get(rust).map_or_else(|| rust.to_owned(), |key| (*key).to_owned());
    let choices = untagged.filter_map(|(name, schema)| {
        let members = schema.get("oneOf").or_else(|| schema.get("anyOf"))?.as_array()?;
        let mut known = HashSet::new();
        let wanted: Vec<(String, String)> = members
            .iter()
            .map(|member| {
                let wanted = variant(member);
                let identity = key(&wanted);
                (unique(&identity, &mut known), wanted)
            })
            .collect();
        let names = published.variants(&key(name), &wanted);
        Some(UntaggedUnion {
            rust: name.clone(),
            description: text(schema, "description"),
            members: names.into_iter().zip(members.iter().cloned()).collect(),
            identities: wanted.into_iter().map(|(identity, _)| identity).collect(),
        })
    });
    choices.collect()
}

/// Refuses unions that are members of themselves: no value would end.
pub(super) fn check(root: &Value, types: &[TypeName], cx: &mut Context) {
    let Some(Value::Object(schemas)) = root.pointer("/components/schemas") else { return };
    for name in schemas.keys() {
        let mut seen = HashSet::new();
        let mut pending = vec![name];
        while let Some(union) = pending.pop() {
            let members = schemas
                .get(union)
                .and_then(|schema| schema.get("oneOf").or_else(|| schema.get("anyOf"))?.as_array());
            for member in members.into_iter().flatten().filter_map(reference::target) {
                if member == *name {
                    let at = TypeName::pointer_of(types, name);
                    cx.refuse(&at, "a union that is a member of itself", "no value of it ends");
                    seen.clear();
                    pending.clear();
                    break;
                }
                if let Some((member, _)) = schemas.get_key_value(&member)
                    && seen.insert(member)
                {
                    pending.push(member);
                }
            }
        }
    }
}

/// A member is called as its type, or as what kind of value it is.
fn variant(member: &Value) -> String {
    let member = member.pointer("/allOf/0").unwrap_or(member);
    if let Some(name) = reference::target(member) {
        return name;
    }
    let kind = member.get("type").and_then(Value::as_str);
    match (kind, member.get("format").and_then(Value::as_str)) {
        (Some("string"), Some("date-time")) => "Time",
        (Some("string"), Some("date")) => "Date",
        (Some("string"), Some("uuid")) => "Uuid",
        (Some("string"), _) => "Text",
        (Some("integer"), _) => "Integer",
        (Some("number"), _) => "Number",
        (Some("boolean"), _) => "Boolean",
        (Some("array"), _) => "List",
        (Some("object"), _) => "Map",
        _ => "Any",
    }
    .to_owned()
}
