//! Lookup of values and resolution of references in a document.

use openapi_document::Pointer;
use serde_json::{Map, Value};

/// The maximum number of references followed in a row.
const MAX_REFERENCES: usize = 64;

/// Looks up values and resolves references in a document.
pub(crate) struct Resolver<'a> {
    pub(crate) root: &'a Value,
    is_3_0: bool,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(root: &'a Value) -> Self {
        let version = root.get("openapi").and_then(Value::as_str).unwrap_or_default();
        Self { root, is_3_0: version.starts_with("3.0") }
    }

    /// The value at a pointer.
    pub(crate) fn value(&self, pointer: &Pointer) -> Option<&'a Value> {
        pointer.resolve(self.root)
    }

    /// Follows the references of a schema while they have no sibling keywords.
    pub(crate) fn resolve_schema(&self, pointer: &Pointer) -> Pointer {
        self.resolve_while(pointer, |map| {
            // OpenAPI 3.0 ignores the siblings of `$ref`.
            self.is_3_0 || map.keys().all(|key| key == "$ref" || key.starts_with("x-"))
        })
    }

    /// Follows the references of an object that isn't a schema. Its siblings of `$ref` are
    /// summaries and descriptions (OpenAPI 3.1, section 4.8.23).
    pub(crate) fn resolve(&self, pointer: &Pointer) -> Pointer {
        self.resolve_while(pointer, |_| true)
    }

    /// Follows references while `condition` holds and the target exists.
    fn resolve_while(
        &self,
        pointer: &Pointer,
        condition: impl Fn(&Map<String, Value>) -> bool,
    ) -> Pointer {
        let mut current = pointer.clone();
        for _ in 0..MAX_REFERENCES {
            let map = self.value(&current).and_then(Value::as_object).filter(|map| condition(map));
            let target = map.and_then(|map| Pointer::parse(map.get("$ref")?.as_str()?));
            match target.filter(|target| self.value(target).is_some()) {
                Some(target) => current = target,
                None => break,
            }
        }
        current
    }
}
