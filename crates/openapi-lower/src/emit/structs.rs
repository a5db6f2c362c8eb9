//! The names of the structs.

use std::collections::HashSet;

use crate::ir::{ClientModel, Object, SiblingTag};

/// The names of the structs.
pub(super) struct Structs<'a> {
    /// All structs.
    pub(super) all: HashSet<&'a str>,
    /// Those that are read property by property.
    pub(super) plain: HashSet<&'a str>,
}

impl<'a> Structs<'a> {
    pub(super) fn new(model: &'a ClientModel) -> Self {
        let mut structs = Self { all: HashSet::new(), plain: HashSet::new() };
        for object in &model.objects {
            structs.all.insert(&object.rust);
            if sibling_tag(object).is_none() {
                structs.plain.insert(&object.rust);
            }
        }
        structs
    }
}

/// The property that tells the type of another. An object with additional properties has none.
pub(super) fn sibling_tag(object: &Object) -> Option<&SiblingTag> {
    object.sibling_tag.as_ref().filter(|_| object.extra.is_none())
}
