//! A document as it is written: what stands where, and where references lead.

use openapi_document::Pointer;
use serde_json::{Map, Value};

/// How many references in a row are followed.
const CHAIN: usize = 64;

/// A document.
pub(crate) struct Source<'a> {
    pub(crate) root: &'a Value,
    is_3_0: bool,
}

impl<'a> Source<'a> {
    pub(crate) fn new(root: &'a Value) -> Self {
        let version = root.get("openapi").and_then(Value::as_str).unwrap_or_default();
        Self { root, is_3_0: version.starts_with("3.0") }
    }

    /// What stands at a place.
    pub(crate) fn value(&self, pointer: &Pointer) -> Option<&'a Value> {
        pointer.resolve(self.root)
    }

    /// Follows references that nothing stands beside.
    pub(crate) fn follow(&self, pointer: &Pointer) -> Pointer {
        self.chase(pointer, |map| {
            self.is_3_0 || map.keys().all(|key| key == "$ref" || key.starts_with("x-"))
        })
    }

    /// Follows references whatever stands beside them: outside of schemas that is prose (OpenAPI 3.1,
    /// section 4.8.23).
    pub(crate) fn resolve(&self, pointer: &Pointer) -> Pointer {
        self.chase(pointer, |_| true)
    }

    /// Follows the references that `passes` lets through, as far as they lead somewhere.
    fn chase(&self, pointer: &Pointer, passes: impl Fn(&Map<String, Value>) -> bool) -> Pointer {
        let mut at = pointer.clone();
        for _ in 0..CHAIN {
            let map = self.value(&at).and_then(Value::as_object).filter(|map| passes(map));
            let target = map.and_then(|map| Pointer::parse(map.get("$ref")?.as_str()?));
            match target.filter(|target| self.value(target).is_some()) {
                Some(target) => at = target,
                None => break,
            }
        }
        at
    }
}
