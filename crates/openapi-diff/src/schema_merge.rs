//! Merging of the schemas that apply at once.

use std::{collections::HashSet, rc::Rc};

use serde_json::Value;

use crate::{
    schema_node::{AdditionalProperties, SchemaKind, SchemaNode},
    schema_view::SchemaView,
};

/// Merges nodes that apply at once. The keywords of later nodes take precedence; the last node is
/// the schema object that combines the others.
pub(crate) fn merge(view: &SchemaView, nodes: &[Rc<SchemaNode>]) -> SchemaNode {
    let mut merged = SchemaNode::new(view, SchemaKind::Any);
    let with_structure = || nodes.iter().filter(|node| !matches!(node.kind, SchemaKind::Any));
    let mut structures = with_structure();
    if let (Some(node), None) = (structures.next(), structures.next()) {
        merged.definition = node.definition.clone();
    }
    // All nodes with a structure must allow null, but `nullable` of OpenAPI 3.0 stands beside them.
    let is_own_nullable = nodes.last().is_some_and(|own| own.nullable);
    let mut structures = with_structure().peekable();
    merged.nullable =
        is_own_nullable || structures.peek().is_some() && structures.all(|node| node.nullable);
    for node in nodes {
        merged.keywords.overlay(&node.keywords);
    }
    let mut kind = SchemaKind::Any;
    for node in nodes {
        kind = match merge_kinds(kind, &node.kind) {
            Some(kind) => kind,
            None => {
                // Unions come last, so that the order in the document makes no difference.
                let mut views: Vec<_> = with_structure()
                    .map(|node| (matches!(node.kind, SchemaKind::AnyOf(_)), node.view.clone()))
                    .collect();
                views.sort_by_key(|(is_union, _)| *is_union);
                kind = SchemaKind::AllOf(views.into_iter().map(|(_, view)| view).collect());
                break;
            }
        };
    }
    if let SchemaKind::Object(object) = &mut kind {
        for pointers in object.properties.values_mut().filter(|pointers| pointers.len() > 1) {
            let mut seen = HashSet::new();
            pointers.retain(|pointer| seen.insert(pointer.clone()));
        }
    }
    merged.kind = kind;
    merged
}

/// Merges two kinds that apply at once; `None` if no kind represents both.
fn merge_kinds(one: SchemaKind, other: &SchemaKind) -> Option<SchemaKind> {
    use SchemaKind::{Any, Enum, Object, Scalar};
    Some(match (one, other) {
        (Any, kind) => kind.clone(),
        (kind, Any) => kind,
        (Object(mut object), Object(other)) => {
            for (name, pointers) in &other.properties {
                object.properties.entry(name.clone()).or_default().extend(pointers.iter().cloned());
            }
            for (name, pointer) in &other.required {
                object.required.entry(name.clone()).or_insert_with(|| pointer.clone());
            }
            if other.additional != AdditionalProperties::Unspecified {
                object.additional = other.additional.clone();
            }
            Object(object)
        }
        (Scalar { ty: one, format }, Scalar { ty, format: other }) if one == *ty => {
            Scalar { ty: one, format: other.clone().or(format) }
        }
        (Enum(values), Scalar { .. }) => Enum(values),
        (Scalar { .. }, Enum(values)) => Enum(values.clone()),
        (Enum(mut one), Enum(other)) => {
            let other: HashSet<&Value> = other.iter().collect();
            one.retain(|value| other.contains(value));
            Enum(one)
        }
        _ => return None,
    })
}
