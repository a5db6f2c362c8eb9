//! Untagged unions: the shape of a value determines the member.

use std::collections::HashSet;

use openapi_document::reference;
use serde_json::Value;

use super::{
    diagnostics::Diagnostics,
    names::{TakenNames, unique},
    published::PublishedNames,
    references,
    schema::text,
};
use crate::{
    collect::Collect,
    graph::Components,
    ir::{ClientModel, TypeIndex, TypeName, UntaggedUnion},
    json,
    markdown::code,
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
    let tagged: HashSet<&str> = model.tagged_unions.iter().map(|one| &*one.rust).collect_set();
    let untagged = schemas.iter().filter(|(name, _)| !tagged.contains(name.as_str()));
    let index = TypeIndex::new(&model.types);
    // A name such as `Text`, which isn't a type of the document, is its own key.
    let key = |rust: &str| index.key(rust).unwrap_or(rust).to_owned();
    let inline: HashSet<&str> = model
        .types
        .iter()
        .filter(|one| one.component.is_none())
        .map(|one| one.rust.as_str())
        .collect_set();
    let unions = untagged.filter_map(|(name, schema)| {
        let members = schema.get("oneOf").or_else(|| schema.get("anyOf"))?.as_array()?;
        let mut identities = TakenNames::default();
        let wanted: Vec<(String, String)> = members
            .iter()
            .map(|member| {
                let wanted = variant_name(member);
                let identity = key(&wanted);
                // The type of an inline member is named after the union.
                let own = wanted.strip_prefix(name.as_str()).filter(|rest| {
                    inline.contains(wanted.as_str()) && rest.starts_with(char::is_uppercase)
                });
                let wanted = own.map_or_else(|| wanted.clone(), str::to_owned);
                (unique(&identity, &mut identities), wanted)
            })
            .collect_vec();
        let names = published.variants(&key(name), &wanted);
        Some(UntaggedUnion {
            rust: name.clone(),
            description: text(schema, "description"),
            members: names.into_iter().zip(members.iter().cloned()).collect_vec(),
            identities: wanted.into_iter().map(|(identity, _)| identity).collect_vec(),
        })
    });
    unions.collect_vec()
}

/// Removes the members by which unions are members of themselves: decoding would not terminate.
/// Refuses unions that have no others.
pub(super) fn break_cycles(root: &mut Value, types: &[TypeName], diagnostics: &mut Diagnostics) {
    let schemas = references::components_schemas(root);
    let edges = Components::new(schemas).edges(&|schema| {
        let members = json::items(schema.get("oneOf").or_else(|| schema.get("anyOf")));
        members.iter().filter_map(reference::target).collect_vec()
    });
    let removed = back_edges(&edges);
    if removed.is_empty() {
        return;
    }
    let index = TypeIndex::new(types);
    let all: Vec<String> = schemas.keys().cloned().collect_vec();
    for (from, to) in removed {
        let at = index.pointer(&all[from]);
        let Some(Value::Object(union)) = schemas.get_mut(&all[from]) else { continue };
        let member = reference::reference_to(&all[to]);
        for keyword in ["oneOf", "anyOf"] {
            let Some(Value::Array(members)) = union.get_mut(keyword) else { continue };
            json::retain_items(members, &mut |one| *one != member);
            if members.is_empty() {
                diagnostics.refuse(&at, "recursive union", "the union is only a member of itself");
            } else {
                let text = format!(
                    "the member {} is ignored: this union is a member of it",
                    code(&all[to])
                );
                diagnostics.warn(&at, text);
            }
        }
    }
}

/// The edges that close the cycles of a graph, found by a depth-first search.
fn back_edges(edges: &[Vec<usize>]) -> Vec<(usize, usize)> {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; edges.len()];
    let mut found = Vec::new();
    for start in 0..edges.len() {
        let mut path = vec![(start, 0)];
        while let Some((node, next)) = path.last_mut() {
            if *next == 0 && states[*node] == State::Done {
                path.pop();
                continue;
            }
            states[*node] = State::Open;
            match edges[*node].get(*next).copied() {
                Some(to) => {
                    *next += 1;
                    match states[to] {
                        State::New => path.push((to, 0)),
                        State::Open => found.push((*node, to)),
                        State::Done => {}
                    }
                }
                None => {
                    states[*node] = State::Done;
                    path.pop();
                }
            }
        }
    }
    found
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
