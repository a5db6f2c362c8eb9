//! Comparison of two unions without their members.

use openapi_document::Pointer;

use crate::{
    comparison::{Comparison, Purpose},
    describe::describe_change,
    rules as r,
    schema_diff::{SchemaDiff, Subschemas, in_both},
    schema_node::{SchemaKind, SchemaNode, UnionMember, UnionSchema},
    schema_view::SchemaView,
    schemas::Schemas,
    unions,
    value_sets::{Notation, inclusion},
};

/// The maximum number of removed members of a union that are looked for in the others.
const MAX_INCLUDED: usize = 50;

/// Compares two unions. Returns false if they have no common members.
pub(crate) fn compare(
    comparison: &Comparison,
    (old, new): (&UnionSchema, &UnionSchema),
    new_node: &SchemaNode,
    diff: &mut SchemaDiff,
    pointers: (&Pointer, &Pointer),
) -> bool {
    let members =
        unions::match_members((old, &comparison.old.resolver), (new, &comparison.new.resolver));
    if members.common.is_empty() {
        return false;
    }
    let name = comparison.describe_new(pointers.1);
    // In documentation a second schema of one discriminator value follows from another mapping.
    let is_reported = |member: &&UnionMember| {
        !(member.is_duplicate && comparison.purpose == Purpose::Documentation)
    };
    // Each is compared with each member of the other union.
    let is_included =
        comparison.purpose == Purpose::Versions && members.removed.len() <= MAX_INCLUDED;
    for member in members.removed.into_iter().filter(is_reported) {
        // Its values may be those of another member.
        let node = comparison.old.node(&member.view);
        let rule = |notation| {
            let (member, union) = ((&*node, &comparison.old), (new_node, &comparison.new));
            // Objects that it depends on would have to be compared, too.
            let holds = |assumed: Vec<_>| assumed.is_empty();
            match is_included && inclusion(member, union, notation).is_some_and(holds) {
                true => r::REQUEST_TYPE_WIDENED,
                false => r::REQUEST_UNION_VARIANT_REMOVED,
            }
        };
        let (request, text) = (rule(Notation::Json), rule(Notation::Text));
        diff.record(
            (request, r::RESPONSE_UNION_VARIANT_REMOVED),
            (&member.view.pointer, pointers.1),
            format!("{name}: variant `{}` removed", member.key),
            (Some(member.key.clone()), None),
        );
        diff.set_text_rule(text);
        diff.locate(member.location.clone(), new.list.clone());
    }
    for member in members.added.into_iter().filter(is_reported) {
        diff.record(
            in_both(r::UNION_VARIANT_ADDED),
            (pointers.0, &member.view.pointer),
            format!("{name}: variant `{}` added", member.key),
            (None, Some(member.key.clone())),
        );
        diff.locate(old.list.clone(), member.location.clone());
    }
    diff.children.extend(members.common.iter().map(|(old, new)| Subschemas {
        views: (old.view.clone(), new.view.clone()),
        locations: (old.location.clone(), new.location.clone()),
    }));
    if old.discriminator != new.discriminator {
        let rules = match (&old.discriminator, &new.discriminator) {
            (Some(_), Some(_)) => in_both(r::UNION_TAG_CHANGED),
            (None, Some(tag)) => {
                let is_sent = |(old, new): &(&UnionMember, &UnionMember)| {
                    sends_tag(&comparison.old, &old.view, (tag, &new.key))
                };
                let is_version = comparison.purpose == Purpose::Versions;
                match !is_version || members.common.iter().all(is_sent) {
                    true => in_both(r::UNION_TAG_ADDED),
                    false => (r::REQUEST_UNION_TAG_ADDED, r::UNION_TAG_ADDED),
                }
            }
            (_, None) => in_both(r::UNION_TAG_REMOVED),
        };
        let values = (old.discriminator.clone(), new.discriminator.clone());
        let key = format!("{name}: discriminator");
        let presence = (values.0.as_deref(), values.1.as_deref());
        let message = describe_change(&key, presence, true);
        diff.record_keyed(rules, pointers, key, message, values);
        let (old, new) = comparison.keyword_pointers(pointers, &["discriminator"]);
        diff.locate(old, new);
    }
    true
}

/// Whether values of a schema always have a property with this value.
fn sends_tag(schemas: &Schemas, view: &SchemaView, (tag, value): (&str, &str)) -> bool {
    let node = schemas.node(view);
    let SchemaKind::Object(object) = &node.kind else { return false };
    let property = object.properties.get(tag).filter(|_| object.required.contains_key(tag));
    property.is_some_and(|property| {
        let property = schemas.node(&SchemaView::from_pointers(property));
        matches!(&property.kind, SchemaKind::Enum(values) if values.iter().all(|one| one == value))
    })
}
