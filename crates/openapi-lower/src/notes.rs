//! Notes on properties: changes of meaning, which types can't show.

use openapi_document::Pointer;
use serde::Deserialize;
use serde_json::Value;

use crate::{
    collect::Collect,
    ir::{ClientModel, TypeName},
};

/// A note on a property.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Note {
    /// The property, as `Schema.property`.
    pub property: String,
    /// The text, in Markdown.
    pub text: String,
    /// Another property, as `Schema.property`: the note applies to documents that have it, too.
    #[serde(default)]
    pub with: Option<String>,
}

/// A file of notes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Notes {
    #[serde(default)]
    pub(crate) notes: Vec<Note>,
}

impl Note {
    /// Whether a document has the properties of the note.
    pub(crate) fn applies_to(&self, root: &Value) -> bool {
        [Some(&self.property), self.with.as_ref()]
            .into_iter()
            .flatten()
            .all(|property| has_property(root, property))
    }
}

fn has_property(root: &Value, property: &str) -> bool {
    let Some((schema, name)) = property.rsplit_once('.') else { return false };
    let pointer = Pointer::from_segments(["components", "schemas", schema, "properties", name]);
    pointer.resolve(root).is_some()
}

/// Adds the notes that apply to a document to the descriptions of fields.
pub(crate) fn add(notes: &[Note], root: &Value, model: &mut ClientModel) {
    for note in notes.iter().filter(|note| note.applies_to(root)) {
        let Some((schema, property)) = note.property.rsplit_once('.') else { continue };
        let is_named = |name: &&TypeName| name.component.as_deref() == Some(schema);
        let names: Vec<String> =
            model.types.iter().filter(is_named).map(|name| name.rust.clone()).collect_vec();
        for object in model.objects.iter_mut().filter(|object| names.contains(&object.rust)) {
            for field in object.fields.iter_mut().filter(|field| field.name == property) {
                field.description = Some(match field.description.take() {
                    Some(description) => format!("{description}\n\n{}", note.text.trim()),
                    None => note.text.trim().to_owned(),
                });
            }
        }
    }
}
