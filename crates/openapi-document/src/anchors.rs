//! References that aren't JSON pointers, written as such: to anchors (JSON Schema 2020-12, core,
//! section 8.2.2), and dynamic ones (section 8.2.3.2) whose target no other schema overrides.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::{pointer::Pointer, reference, walk, walk::Kind};

/// The keywords of references whose target may depend on how a schema was reached; the second one
/// is of draft 2019-09.
const DYNAMIC: [&str; 2] = ["$dynamicRef", "$recursiveRef"];

/// Whether a text may have references that [`resolve`] writes as pointers.
pub(crate) fn may_have(text: &str) -> bool {
    ["$anchor", "$dynamicRef", "$recursiveRef"].iter().any(|key| text.contains(key))
}

/// Replaces references to anchors (`#name`) by JSON pointers to the schemas with `$anchor`, and
/// dynamic references by `$ref` to the schema that they lead to by themselves.
///
/// A reference stays as it is if no schema has the anchor, or several have it. So do anchors below
/// `$id`, which are those of another resource (section 8.2.1).
pub(crate) fn resolve(root: &mut Value) {
    let found = Anchors::new(root);
    if found.anchors.is_empty() && found.dynamic.is_empty() {
        return;
    }
    for (pointer, target) in &found.dynamic {
        let schema = root.pointer_mut(&pointer.to_plain()).and_then(Value::as_object_mut);
        if let Some(schema) = schema {
            DYNAMIC.iter().for_each(|key| drop(schema.shift_remove(*key)));
            schema.insert("$ref".to_owned(), target.to_string().into());
        }
    }
    let replace = |reference: &mut Value| {
        let name = reference.as_str().and_then(|reference| reference.strip_prefix('#'));
        if let Some(Some(target)) = name.and_then(|name| found.anchors.get(name)) {
            *reference = target.to_string().into();
        }
    };
    walk::schemas_mut(root, &mut |schema, _| {
        let Value::Object(schema) = schema else { return };
        schema.get_mut("$ref").into_iter().for_each(replace);
        let discriminator = schema.get_mut("discriminator").into_iter();
        discriminator.flat_map(reference::mapping_targets_mut).for_each(replace);
    });
}

/// The schema with an anchor in a file that need not be a document; `None` if none or several have
/// it.
pub(crate) fn find(root: &Value, name: &str) -> Option<Pointer> {
    let mut found = Vec::new();
    let mut pending = vec![(root, Pointer::root())];
    while let Some((value, pointer)) = pending.pop() {
        match value {
            Value::Object(map) => {
                let has = |key: &str| map.get(key).and_then(Value::as_str) == Some(name);
                if has("$anchor") || has("$dynamicAnchor") {
                    found.push(pointer.clone());
                }
                pending.extend(map.iter().map(|(key, value)| (value, pointer.join(key))));
            }
            Value::Array(items) => {
                let items = items.iter().enumerate();
                pending.extend(items.map(|(index, item)| (item, pointer.join(index))));
            }
            _ => {}
        }
    }
    let last = found.pop()?;
    found.is_empty().then_some(last)
}

/// The anchors of a document, and its dynamic references.
#[derive(Default)]
struct Anchors {
    /// The schemas by their anchors; `None` for an anchor of several schemas.
    anchors: HashMap<String, Option<Pointer>>,
    /// The schemas with dynamic references whose targets are known, with the targets.
    dynamic: Vec<(Pointer, Pointer)>,
}

impl Anchors {
    fn new(root: &Value) -> Self {
        let mut found = Self::default();
        // The schemas with `$id` that the visited one is within.
        let mut resources: Vec<Pointer> = Vec::new();
        // The outermost schema that the visited one is within, and its depth.
        let mut outermost: Option<(usize, Pointer)> = None;
        let mut dynamic = Vec::new();
        let mut recursive_anchors = Vec::new();
        walk::nodes(root, &mut |kind, value, position| {
            // All nodes on the way to a schema are visited, so one that is no deeper is outside.
            let depth = position.depth();
            if outermost.as_ref().is_some_and(|(outer, _)| depth <= *outer) {
                outermost = None;
            }
            let (Kind::Schema, Value::Object(schema)) = (kind, value) else { return };
            if outermost.is_none() {
                outermost = Some((depth, position.pointer()));
            }
            let has = |key: &str| schema.contains_key(key);
            let keys = ["$anchor", "$dynamicAnchor", "$recursiveAnchor", "$id"];
            if !keys.into_iter().chain(DYNAMIC).any(has) {
                return;
            }
            let pointer = position.pointer();
            resources.retain(|resource| pointer.segments().starts_with(resource.segments()));
            if has("$id") {
                resources.push(pointer.clone());
            }
            if schema.get("$recursiveAnchor") == Some(&Value::Bool(true)) {
                recursive_anchors.push(pointer.clone());
            }
            if !has("$ref") && DYNAMIC.into_iter().any(has) {
                let outermost = outermost.as_ref().map(|(_, pointer)| pointer);
                let resource = resources.last().or(outermost).cloned();
                dynamic.push((pointer.clone(), schema, resource));
            }
            if !resources.is_empty() {
                return;
            }
            for key in ["$anchor", "$dynamicAnchor"] {
                let Some(anchor) = schema.get(key).and_then(Value::as_str) else { continue };
                let one = || Some(pointer.clone());
                found
                    .anchors
                    .entry(anchor.to_owned())
                    .and_modify(|other| {
                        // A schema may have both.
                        if *other != one() {
                            *other = None;
                        }
                    })
                    .or_insert_with(one);
            }
        });
        for (pointer, schema, resource) in dynamic {
            let target = found.dynamic_target(schema, resource, &recursive_anchors);
            found.dynamic.extend(target.map(|target| (pointer, target)));
        }
        found
    }

    /// The target of a dynamic reference; `None` if it may depend on how the schema was reached.
    fn dynamic_target(
        &self,
        schema: &Map<String, Value>,
        resource: Option<Pointer>,
        recursive_anchors: &[Pointer],
    ) -> Option<Pointer> {
        match DYNAMIC.map(|key| schema.get(key).and_then(Value::as_str)) {
            [Some(reference), None] => match Pointer::parse(reference) {
                Some(pointer) => Some(pointer),
                None => self.anchors.get(reference.strip_prefix('#')?)?.clone(),
            },
            [None, Some("#")] => {
                let target = resource?;
                let others = recursive_anchors.iter().filter(|other| **other != target).count();
                let is_overridden = recursive_anchors.contains(&target) && others > 0;
                (!is_overridden).then_some(target)
            }
            _ => None,
        }
    }
}
