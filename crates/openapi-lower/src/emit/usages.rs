//! The places where a type is used, for the documentation of types.

use openapi_document::reference;
use serde_json::Value;

use crate::{
    collect::Collect,
    ir::{ClientModel, Operation},
    text_map::TextMap,
};

/// The number of links per kind of use.
const MAX_LINKS: usize = 3;

/// The uses of all types, by their Rust names.
pub(super) struct Usages<'a>(TextMap<&'a str, Usage>);

/// The uses of one type: links to operations and types, in the order of the document.
#[derive(Default)]
struct Usage {
    returned_by: Vec<String>,
    error_of: Vec<String>,
    sent_by: Vec<String>,
    received_as: Vec<String>,
    responds_to: Vec<String>,
    field_of: Vec<String>,
    variant_of: Vec<String>,
    item_of: Vec<String>,
}

impl<'a> Usages<'a> {
    /// Finds the uses of all types of a model.
    pub(super) fn new(model: &'a ClientModel) -> Self {
        let types = model.types.iter().map(|name| (name.rust.as_str(), Usage::default()));
        let mut usages = Self(types.collect_map());
        for operation in &model.operations {
            usages.record_operation(operation);
        }
        for union in &model.received {
            for one in &union.variants {
                let rust = union.kind.rust_name();
                let link = format!("[`{rust}::{0}`](super::webhooks::{rust}::{0})", one.rust_name);
                usages.record(&one.payload, &link, |usage| &mut usage.received_as);
                for schema in one.responses.iter().filter_map(|(_, _, schema)| schema.as_ref()) {
                    usages.record(schema, &link, |usage| &mut usage.responds_to);
                }
            }
        }
        for object in &model.objects {
            let link = type_link(&object.rust);
            for field in &object.fields {
                usages.record(&field.schema, &link, |usage| &mut usage.field_of);
            }
            if let Some((_, schema)) = &object.extra {
                usages.record(schema, &link, |usage| &mut usage.field_of);
            }
        }
        for newtype in &model.newtypes {
            let link = type_link(&newtype.rust);
            usages.record(&newtype.schema, &link, |usage| &mut usage.item_of);
        }
        for union in &model.untagged_unions {
            for (_, schema) in &union.members {
                usages.record(schema, &type_link(&union.rust), |usage| &mut usage.variant_of);
            }
        }
        for union in &model.tagged_unions {
            for variant in &union.variants {
                let link = type_link(&union.rust);
                usages.add(&variant.target, &link, |usage| &mut usage.variant_of);
            }
        }
        usages
    }

    /// Sentences that name the uses of a type; empty for a type that nothing uses.
    pub(super) fn describe(&self, rust: &str) -> String {
        let Some(usage) = self.0.get(rust) else { return String::new() };
        let kinds = [
            ("Returned by", &usage.returned_by),
            ("Error of", &usage.error_of),
            ("Sent by", &usage.sent_by),
            ("Received as", &usage.received_as),
            ("Responds to", &usage.responds_to),
            ("Field of", &usage.field_of),
            ("Variant of", &usage.variant_of),
            ("Item of", &usage.item_of),
        ];
        let mut sentences = Vec::new();
        for (kind, links) in kinds {
            if !links.is_empty() {
                sentences.push(format!("{kind} {}.", enumerate(links)));
            }
        }
        sentences.join(" ")
    }

    /// Records the types that an operation sends and receives.
    fn record_operation(&mut self, operation: &Operation) {
        let link = format!("[`{0}`](super::operations::{0})", operation.builder);
        for response in &operation.responses {
            for content in &response.contents {
                let Some(schema) = content.kind.schema() else { continue };
                match response.status.is_success() {
                    true => self.record(schema, &link, |usage| &mut usage.returned_by),
                    false => self.record(schema, &link, |usage| &mut usage.error_of),
                }
            }
        }
        for schema in operation.sent_schemas() {
            self.record(schema, &link, |usage| &mut usage.sent_by);
        }
    }

    /// Records `link` for all types that a schema refers to.
    fn record(&mut self, schema: &Value, link: &str, uses: fn(&mut Usage) -> &mut Vec<String>) {
        for target in reference::targets(schema) {
            self.add(&target, link, uses);
        }
    }

    /// Adds `link` to the list that `uses` selects, unless it is the last one there.
    fn add(&mut self, rust: &str, link: &str, uses: fn(&mut Usage) -> &mut Vec<String>) {
        let Some(usage) = self.0.get_mut(rust) else { return };
        let links = uses(usage);
        if links.last().is_none_or(|last| last != link) {
            links.push(link.to_owned());
        }
    }
}

/// A link to a type, from the module of the types.
fn type_link(rust: &str) -> String {
    format!("[`{rust}`](types::{rust})")
}

/// The first links and the number of the others.
fn enumerate(links: &[String]) -> String {
    // A count of one would take as much room as the link.
    let shown = if links.len() == MAX_LINKS + 1 { links.len() } else { MAX_LINKS };
    let (first, others) = links.split_at(links.len().min(shown));
    match (others.len(), first) {
        (0, [.., one, last]) => {
            let before =
                first[..first.len() - 2].iter().map(|link| format!("{link}, ")).collect_vec();
            format!("{}{one} and {last}", before.concat())
        }
        (0, _) => first.concat(),
        (count, _) => format!("{} and {count} more", first.join(", ")),
    }
}
