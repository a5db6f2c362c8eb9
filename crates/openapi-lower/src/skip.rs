//! Documents that are broken or beyond this crate in some operations: the rest of them.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fmt,
};

use openapi_document::{Document, METHODS, Pointer, Refusal, Refusals, reference};
use serde_json::Value;

/// An operation that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SkippedOperation {
    /// Its method, in capitals, and its path.
    pub operation: String,
    /// What of it, or of a component that it refers to, is refused.
    pub refusal: Refusal,
}

impl fmt::Display for SkippedOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is left out: {}", self.operation, self.refusal)
    }
}

/// Path and method.
type Operation = (String, String);

/// Leaves out what `generate` refuses, until it refuses nothing. A document has finitely many
/// parts, so this ends.
pub(crate) fn refused<T>(
    document: &Document,
    generate: impl Fn(&Document) -> Result<T, Refusals>,
) -> Result<(T, Vec<SkippedOperation>), Refusals> {
    let mut document = document.clone();
    let mut left_out = Vec::new();
    loop {
        let refusals = match generate(&document) {
            Ok(generated) => return Ok((generated, left_out)),
            Err(refusals) => refusals,
        };
        let mut dropped = false;
        let mut operations: BTreeMap<Operation, Refusal> = BTreeMap::new();
        for refusal in &refusals {
            let blamed = blamed(document.root(), &refusal.pointer);
            if blamed.is_empty() {
                dropped |= drop_component(document.root_mut(), &refusal.pointer);
            }
            for operation in blamed {
                operations.entry(operation).or_insert_with(|| refusal.clone());
            }
        }
        for ((path, method), refusal) in operations {
            let item = document.root_mut().get_mut("paths").and_then(|paths| paths.get_mut(&path));
            let Some(Value::Object(item)) = item else { continue };
            if item.contains_key("$ref") {
                item.shift_remove("$ref");
            } else if item.shift_remove(&method).is_none() {
                continue;
            }
            dropped = true;
            let operation = format!("{} {path}", method.to_ascii_uppercase());
            left_out.push(SkippedOperation { operation, refusal });
        }
        if !dropped {
            return Err(refusals);
        }
    }
}

/// The operations that can't be generated because of what stands at `pointer`.
fn blamed(root: &Value, pointer: &Pointer) -> Vec<Operation> {
    match pointer.segments() {
        [paths, path, method, ..] if paths == "paths" && METHODS.contains(&method.as_str()) => {
            vec![(path.clone(), method.clone())]
        }
        [paths, path, ..] if paths == "paths" => operations(root)
            .into_iter()
            .filter(|((of, _), _)| of == path)
            .map(|(operation, _)| operation)
            .collect(),
        [components, section, name, ..] if components == "components" => {
            let component = (section.clone(), name.clone());
            let reaches = |value: &Value| reached(root, value).contains(&component);
            let all = operations(root).into_iter();
            all.filter(|(_, value)| reaches(value)).map(|(operation, _)| operation).collect()
        }
        _ => Vec::new(),
    }
}

fn operations(root: &Value) -> Vec<(Operation, &Value)> {
    let mut found = Vec::new();
    for (path, item) in root.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for (method, value) in item.as_object().into_iter().flatten() {
            if METHODS.contains(&method.as_str()) {
                found.push(((path.clone(), method.clone()), value));
            } else if method == "$ref" {
                // Which methods stand behind it is known once it is followed.
                found.push(((path.clone(), method.clone()), item));
            }
        }
    }
    found
}

/// A component that no operation reaches only stands in the way.
fn drop_component(root: &mut Value, pointer: &Pointer) -> bool {
    let [components, section, name, ..] = pointer.segments() else { return false };
    if components != "components" {
        return false;
    }
    let section = root.get_mut(components).and_then(|all| all.get_mut(section));
    section.and_then(Value::as_object_mut).is_some_and(|map| map.shift_remove(name).is_some())
}

/// The components that `value` refers to, directly or not: section and name. What includes a base
/// by `allOf` belongs to it.
fn reached(root: &Value, value: &Value) -> HashSet<(String, String)> {
    let mut reached = HashSet::new();
    let mut pending = vec![value];
    loop {
        follow(root, pending, &mut reached);
        let schemas = root.pointer("/components/schemas").and_then(Value::as_object);
        let heirs = schemas.into_iter().flatten().filter(|(name, schema)| {
            let members = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
            let mut bases = members.filter_map(reference::target);
            !reached.contains(&("schemas".to_owned(), (*name).clone()))
                && bases.any(|base| reached.contains(&("schemas".to_owned(), base)))
        });
        let heirs: Vec<(String, &Value)> =
            heirs.map(|(name, schema)| (name.clone(), schema)).collect();
        if heirs.is_empty() {
            return reached;
        }
        pending = Vec::new();
        for (name, schema) in heirs {
            reached.insert(("schemas".to_owned(), name));
            pending.push(schema);
        }
    }
}

fn follow<'a>(
    root: &'a Value,
    mut pending: Vec<&'a Value>,
    reached: &mut HashSet<(String, String)>,
) {
    while let Some(value) = pending.pop() {
        let mut found = BTreeSet::new();
        mentioned(value, &mut found);
        for reference in found {
            let Some(pointer) = Pointer::parse(&reference) else { continue };
            let [components, section, name, ..] = pointer.segments() else { continue };
            if components == "components" && reached.insert((section.clone(), name.clone())) {
                let target = Pointer::of(["components", section, name]).resolve(root);
                pending.extend(target);
            }
        }
    }
}

/// All that may be a reference; an example that looks like one does no harm.
fn mentioned(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.starts_with("#/") => drop(found.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| mentioned(item, found)),
        Value::Object(map) => {
            let mapping = map.get("mapping").and_then(Value::as_object).into_iter().flatten();
            let targets = mapping.filter_map(|(_, target)| target.as_str());
            found.extend(targets.map(reference::mapping_reference));
            map.values().for_each(|member| mentioned(member, found));
        }
        _ => {}
    }
}
