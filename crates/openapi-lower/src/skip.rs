//! Skips refused operations, so that the others can be generated.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fmt,
};

use openapi_document::{Document, METHODS, Pointer, Refusal, Refusals, reference};
use serde_json::Value;

/// An operation that was skipped because it is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SkippedOperation {
    /// The method in capitals and the path: `GET /pets`.
    pub operation: String,
    /// The refusal of a construct in the operation, or in a component that it refers to.
    pub refusal: Refusal,
}

impl fmt::Display for SkippedOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} skipped: {}", self.operation, self.refusal)
    }
}

/// The path and the method of an operation.
type OperationKey = (String, String);

/// Removes operations that `generate` refuses until it succeeds.
///
/// Terminates, since each iteration removes an operation or a component.
///
/// # Errors
///
/// Refusals that don't belong to operations.
pub(crate) fn skip_refused<T>(
    document: &Document,
    generate: impl Fn(&Document) -> Result<T, Refusals>,
) -> Result<(T, Vec<SkippedOperation>), Refusals> {
    let mut document = document.clone();
    let mut skipped = Vec::new();
    loop {
        let refusals = match generate(&document) {
            Ok(generated) => return Ok((generated, skipped)),
            Err(refusals) => refusals,
        };
        let mut is_reduced = false;
        let mut operations: BTreeMap<OperationKey, Refusal> = BTreeMap::new();
        for refusal in &refusals {
            let affected = affected_operations(document.root(), &refusal.pointer);
            if affected.is_empty() {
                is_reduced |= remove_component(document.root_mut(), &refusal.pointer);
            }
            for operation in affected {
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
            is_reduced = true;
            let operation = format!("{} {path}", method.to_ascii_uppercase());
            skipped.push(SkippedOperation { operation, refusal });
        }
        if !is_reduced {
            return Err(refusals);
        }
    }
}

/// The operations that contain or refer to the construct at `pointer`.
fn affected_operations(root: &Value, pointer: &Pointer) -> Vec<OperationKey> {
    match pointer.segments() {
        [paths, path, method, ..] if paths == "paths" && METHODS.contains(&method.as_str()) => {
            vec![(path.clone(), method.clone())]
        }
        [paths, path, ..] if paths == "paths" => operations(root)
            .into_iter()
            .filter(|((own, _), _)| own == path)
            .map(|(operation, _)| operation)
            .collect(),
        [components, section, name, ..] if components == "components" => {
            let component = (section.clone(), name.clone());
            let reaches = |value: &Value| reachable_components(root, value).contains(&component);
            let all = operations(root).into_iter();
            all.filter(|(_, value)| reaches(value)).map(|(operation, _)| operation).collect()
        }
        _ => Vec::new(),
    }
}

/// All operations. A path item that is a reference counts as one.
fn operations(root: &Value) -> Vec<(OperationKey, &Value)> {
    let mut found = Vec::new();
    for (path, item) in root.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for (method, value) in item.as_object().into_iter().flatten() {
            if METHODS.contains(&method.as_str()) {
                found.push(((path.clone(), method.clone()), value));
            } else if method == "$ref" {
                // The reference isn't resolved yet, so its methods are unknown.
                found.push(((path.clone(), method.clone()), item));
            }
        }
    }
    found
}

/// Removes the component at `pointer`, which no operation reaches. Returns whether there was one.
fn remove_component(root: &mut Value, pointer: &Pointer) -> bool {
    let [components, section, name, ..] = pointer.segments() else { return false };
    if components != "components" {
        return false;
    }
    let section = root.get_mut(components).and_then(|all| all.get_mut(section));
    section.and_then(Value::as_object_mut).is_some_and(|map| map.shift_remove(name).is_some())
}

/// The sections and names of the components that `value` refers to, directly or indirectly. A base
/// schema refers to the schemas that include it by `allOf`.
fn reachable_components(root: &Value, value: &Value) -> HashSet<(String, String)> {
    let mut reached = HashSet::new();
    let mut pending = vec![value];
    loop {
        add_reachable(root, pending, &mut reached);
        let schemas = root.pointer("/components/schemas").and_then(Value::as_object);
        let subtypes = schemas.into_iter().flatten().filter(|(name, schema)| {
            let members = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
            let mut bases = members.filter_map(reference::target);
            !reached.contains(&("schemas".to_owned(), (*name).clone()))
                && bases.any(|base| reached.contains(&("schemas".to_owned(), base)))
        });
        let subtypes: Vec<(String, &Value)> =
            subtypes.map(|(name, schema)| (name.clone(), schema)).collect();
        if subtypes.is_empty() {
            return reached;
        }
        pending = Vec::new();
        for (name, schema) in subtypes {
            reached.insert(("schemas".to_owned(), name));
            pending.push(schema);
        }
    }
}

/// Adds all components that `pending` refers to, directly or indirectly.
fn add_reachable<'a>(
    root: &'a Value,
    mut pending: Vec<&'a Value>,
    reached: &mut HashSet<(String, String)>,
) {
    while let Some(value) = pending.pop() {
        let mut references = BTreeSet::new();
        collect_references(value, &mut references);
        for reference in references {
            let Some(pointer) = Pointer::parse(&reference) else { continue };
            let [components, section, name, ..] = pointer.segments() else { continue };
            if components == "components" && reached.insert((section.clone(), name.clone())) {
                let target = Pointer::from_segments(["components", section, name]).resolve(root);
                pending.extend(target);
            }
        }
    }
}

/// Collects all strings that may be references. False positives, such as in examples, only skip
/// more operations.
fn collect_references(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.starts_with("#/") => drop(references.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, references)),
        Value::Object(map) => {
            let mapping = map.get("mapping").and_then(Value::as_object).into_iter().flatten();
            let targets = mapping.filter_map(|(_, target)| target.as_str());
            references.extend(targets.map(reference::mapping_reference));
            map.values().for_each(|member| collect_references(member, references));
        }
        _ => {}
    }
}
