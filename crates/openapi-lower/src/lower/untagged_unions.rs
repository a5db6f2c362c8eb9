//! Untagged unions: the shape of a value determines the member.

use std::collections::{HashMap, HashSet};

use openapi_document::reference;
use serde_json::Value;

use super::{
    diagnostics::Diagnostics,
    names::{TakenNames, unique},
    published::PublishedNames,
    schema::text,
};
use crate::{
    graph,
    ir::{ClientModel, TypeName, TypePointers, UntaggedUnion},
};

/// Collects the unions that aren't tagged.
pub(super) fn collect(
    root: &Value,
    model: &ClientModel,
    published: PublishedNames<'_>,
) -> Vec<UntaggedUnion> {
    let Some(Value::Object(schemas)) = root.pointer("/components/schemas") else {
        return Vec::new();
    };
    let tagged: HashSet<&str> = model.tagged_unions.iter().map(|one| &*one.rust).collect();
    let untagged = schemas.iter().filter(|(name, _)| !tagged.contains(name.as_str()));
    let keys = TypeName::keys(&model.types);
    // A name such as `Text`, which isn't a type of the document, is its own key.
    let key =
        |rust: &'_ str| keys.get(rust).map_or_else(|| rust.to_owned(), |key| (*key).to_owned());
    let unions = untagged.filter_map(|(name, schema)| {
        let members = schema.get("oneOf").or_else(|| schema.get("anyOf"))?.as_array()?;
        let mut identities = TakenNames::default();
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
    let positions: HashMap<&str, usize> =
        schemas.keys().enumerate().map(|(position, name)| (name.as_str(), position)).collect();
    let members = schemas.values().map(|schema| {
        let members = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array);
        let names = members.into_iter().flatten().filter_map(reference::target);
        names.filter_map(|name| positions.get(name.as_str()).copied()).collect()
    });
    let members: Vec<Vec<usize>> = members.collect();
    let pointers = TypePointers::new(types);
    for (name, is_member_of_itself) in schemas.keys().zip(graph::on_cycle(&members)) {
        if is_member_of_itself {
            let at = pointers.get(name);
            diagnostics.refuse(&at, "recursive union", "the union is a member of itself");
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
