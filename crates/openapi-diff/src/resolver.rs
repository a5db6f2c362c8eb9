//! Lookup of values and resolution of references in a document.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
};

use openapi_document::Pointer;
use serde_json::{Map, Value};

/// Looks up values and resolves references in a document.
pub(crate) struct Resolver<'a> {
    pub(crate) root: &'a Value,
    is_3_0: bool,
    /// The final targets of references in schemas, and of others.
    schemas: Targets,
    others: Targets,
}

/// Final targets of references, by the pointers of the objects with the references.
type Targets = RefCell<HashMap<Pointer, Pointer>>;

impl<'a> Resolver<'a> {
    pub(crate) fn new(root: &'a Value) -> Self {
        let version = root.get("openapi").and_then(Value::as_str).unwrap_or_default();
        let is_3_0 = version.starts_with("3.0");
        Self { root, is_3_0, schemas: Targets::default(), others: Targets::default() }
    }

    /// The value at a pointer.
    pub(crate) fn value(&self, pointer: &Pointer) -> Option<&'a Value> {
        pointer.resolve(self.root)
    }

    /// Follows the references of a schema while they have no sibling keywords.
    pub(crate) fn resolve_schema(&self, pointer: &Pointer) -> Pointer {
        self.resolve_while(pointer, &self.schemas, |map| {
            // OpenAPI 3.0 ignores the siblings of `$ref`.
            self.is_3_0 || map.keys().all(|key| key == "$ref" || key.starts_with("x-"))
        })
    }

    /// Follows the references of an object that isn't a schema. Its siblings of `$ref` are
    /// summaries and descriptions (OpenAPI 3.1, section 4.8.23).
    pub(crate) fn resolve(&self, pointer: &Pointer) -> Pointer {
        self.resolve_while(pointer, &self.others, |_| true)
    }

    /// Follows references while `condition` holds and the target exists, at most once through a
    /// cycle.
    fn resolve_while(
        &self,
        pointer: &Pointer,
        known: &Targets,
        condition: impl Fn(&Map<String, Value>) -> bool,
    ) -> Pointer {
        let mut path = HashSet::new();
        let mut current = pointer.clone();
        loop {
            if let Some(target) = known.borrow().get(&current) {
                current = target.clone();
                break;
            }
            let map = self.value(&current).and_then(Value::as_object).filter(|map| condition(map));
            let target = map.and_then(|map| Pointer::parse(map.get("$ref")?.as_str()?));
            let Some(target) = target.filter(|target| self.value(target).is_some()) else { break };
            if path.contains(&current) {
                break;
            }
            path.insert(std::mem::replace(&mut current, target));
        }
        let targets = path.into_iter().map(|pointer| (pointer, current.clone()));
        known.borrow_mut().extend(targets);
        current
    }
}
