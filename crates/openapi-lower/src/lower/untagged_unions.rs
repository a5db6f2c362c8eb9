//! Untagged unions: the shape of a value determines the member.

use std::collections::HashSet;

use openapi_document::reference;
use serde_json::Value;

use super::{diagnostics::Diagnostics, names::unique, published::PublishedNames, schema::text};
use crate::ir::{ClientModel, TypeName, UntaggedUnion};

/// Collects the unions that aren't tagged.
pub(super) fn collect(
    root: &Value,
    model: &ClientModel,
    published: PublishedNames<'_>,
) -> Vec<UntaggedUnion> {
    let Some(Value::Object(schemas)) = root.pointer("/components/schemas") else {
        return Vec::new();
    };
    let untagged = schemas
        .iter()
        .filter(|(name, _)| !model.tagged_unions.iter().any(|one| one.rust == **name));
    let keys = TypeName::keys(&model.types);
    // A name such as `Text`, which isn't a type of the document, is its own key.
    let key =
        |rust: &'_ str| keys.get(rust).map_or_else(|| rust.to_owned(), |key| (*key).to_owned());
    let unions = untagged.filter_map(|(name, schema)| {
        let members = schema.get("oneOf").or_else(|| schema.get("anyOf"))?.as_array()?;
        let mut identities = HashSet::new();
        let wanted: Vec<(String, String)> = members
            .iter()
            .map(|member| {
                let wanted = variant_name(member);
                let identity = key(&wanted);
                (unique(&identity, &mut identities), wanted)
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
    unions.collect()
}

/// Refuses unions that are members of themselves: decoding would not terminate.
pub(super) fn check(root: &Value, types: &[TypeName], diagnostics: &mut Diagnostics) {
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
                    diagnostics.refuse(&at, "recursive union", "the union is a member of itself");
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

/// The name of a member's variant: its type's, or one for the JSON type.
fn variant_name(member: &Value) -> String {
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
