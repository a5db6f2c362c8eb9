//! Private keywords by which passes inform later ones. Those of the document are removed first.

use openapi_document::{Pointer, walk};
use serde_json::{Map, Value, json};

use crate::{collect::Collect, json};

/// The constraints of a schema until they are added to its description.
pub(super) const NOTES: &str = "x-constraints";

/// The document's `operationId`, while `operationId` is unique in Rust.
pub(super) const DOCUMENT_ID: &str = "x-document-operation-id";

/// The values that a use of an enum is restricted to; its type stays the enum.
pub(super) const NARROWED: &str = "x-narrowed";

/// The annotations of the values of an `enum`: a list as long as `enum` of objects with `title` and
/// `description`. It stands for a `oneOf` of constants.
pub(super) const VARIANTS: &str = "x-variants";

/// The `title` of an object, after it has become documentation.
pub(super) const TITLE: &str = "x-title";

/// The place in the document of a component that it doesn't have.
const ORIGIN: &str = "x-origin";

/// The name and the tags of a union's member that is an inline schema; see [`MemberHint`].
const MEMBER: &str = "x-union-member";

/// Removes all keywords of this module that the document itself has.
pub(super) fn remove_all(root: &mut Value) {
    walk::schemas_mut(root, &mut |schema, _| remove(schema));
}

/// Removes the keywords of this module from a schema and those inside it.
pub(super) fn remove_within(schema: &mut Value) {
    walk::subschemas_mut(schema, &mut remove);
}

fn remove(schema: &mut Value) {
    if let Value::Object(map) = schema
        && map.keys().any(|key| key.starts_with("x-"))
    {
        for key in [NARROWED, VARIANTS, ORIGIN, MEMBER, NOTES, TITLE] {
            map.shift_remove(key);
        }
    }
}

/// Sets the place in the document of a component that it doesn't have.
pub(super) fn set_origin(schema: &mut Map<String, Value>, origin: &Pointer) {
    schema.insert(ORIGIN.into(), json!(origin.segments()));
}

/// Removes the place that [`set_origin`] set.
pub(super) fn take_origin(schema: &mut Value) -> Option<Pointer> {
    let origin = schema.as_object_mut()?.shift_remove(ORIGIN)?;
    let segments = origin.as_array()?.iter().filter_map(Value::as_str);
    Some(Pointer::from_segments(segments))
}

/// The name and the tags of a union's member that is an inline schema.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct MemberHint {
    /// The last part of its type's name.
    pub(super) name: Option<String>,
    /// The values of the discriminator that select it.
    pub(super) tags: Vec<String>,
}

impl MemberHint {
    /// Puts the hint into a member.
    pub(super) fn set(self, member: &mut Map<String, Value>) {
        if self != Self::default() {
            member.insert(MEMBER.into(), json!({ "name": self.name, "tags": self.tags }));
        }
    }

    /// Removes the hint from a member.
    pub(super) fn take(member: &mut Value) -> Self {
        let hint = member.as_object_mut().and_then(|map| map.shift_remove(MEMBER));
        let hint = hint.unwrap_or_default();
        let tags = json::items(hint.get("tags")).iter();
        Self {
            name: hint.get("name").and_then(Value::as_str).map(str::to_owned),
            tags: tags.filter_map(Value::as_str).map(str::to_owned).collect_vec(),
        }
    }
}
