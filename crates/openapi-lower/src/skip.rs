//! Skips refused operations, webhooks and callbacks, so that the others can be generated.

use std::{
    collections::{BTreeSet, HashSet},
    fmt,
};

use openapi_document::{Document, Method, Pointer, Refusal, Refusals, reference};
use serde_json::Value;

use crate::{collect::Collect, json, order::sort, text_map::TextMap};

/// An operation, a webhook or a callback that was skipped because it is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SkippedOperation {
    /// The method in capitals and the path: `GET /pets`; for others, `webhook newPet` or `callback
    /// onData of POST /pets`.
    pub operation: String,
    /// The refusal of a construct in the operation, or in a component that it refers to.
    pub refusal: Refusal,
}

impl fmt::Display for SkippedOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} skipped: {}", self.operation, self.refusal)
    }
}

/// The place of an operation, a webhook or a callback: the segments of its pointer.
type Segments = Vec<String>;

/// The pointer to a component, as text.
type ComponentKey = String;

/// The key of the component of this name in a section of the components.
fn component_key(section: &str, name: &str) -> ComponentKey {
    Pointer::from_segments(["components", section, name]).to_string()
}

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
        let Affected { mut operations, unused, security } =
            Affected::by(&refusals, document.root());
        let mut is_reduced = remove_components(document.root_mut(), &unused);
        if let (true, Value::Object(root)) = (security, document.root_mut()) {
            // All operations that have this requirement are removed below.
            is_reduced |= root.shift_remove("security").is_some();
        }
        // The callbacks of an operation come after it: with it, they are removed.
        sort(&mut operations, &|(place, _)| (0, place.join("\0")));
        for (place, refusal) in operations {
            if remove(document.root_mut(), &place) {
                is_reduced = true;
                skipped.push(SkippedOperation { operation: display_name(&place), refusal });
            }
        }
        if !is_reduced {
            return Err(refusals);
        }
    }
}

/// Removes what is at a place. Returns whether there was something.
fn remove(root: &mut Value, place: &[String]) -> bool {
    let Some((last, parents)) = place.split_last() else { return false };
    let parent = parents.iter().try_fold(root, |value, key| value.get_mut(key));
    let Some(Value::Object(parent)) = parent else { return false };
    parent.shift_remove(last).is_some()
}

/// The name of what is at a place, for users.
fn display_name(place: &[String]) -> String {
    match place {
        [webhooks, name] if webhooks == "webhooks" => format!("webhook {name}"),
        [_, path, rest @ ..] => match Method::split(rest) {
            Some((method, [])) => format!("{method} {path}"),
            Some((method, [_, callback])) => format!("callback {callback} of {method} {path}"),
            _ => format!("{} {path}", rest.join("/")),
        },
        _ => Pointer::from_segments(place.iter().cloned()).to_string(),
    }
}

/// The parts of a document that its refusals affect.
#[derive(Default)]
struct Affected {
    /// The operations that contain or refer to a refused construct, each with the first refusal.
    operations: Vec<(Segments, Refusal)>,
    /// The refused components that no operation refers to.
    unused: HashSet<ComponentKey>,
    /// Whether the security requirements of the document are refused.
    security: bool,
}

impl Affected {
    fn by(refusals: &Refusals, root: &Value) -> Self {
        let operations = operations(root);
        let graph = ComponentGraph::new(root, &operations);
        let positions = |is_affected: &dyn Fn(&Skippable<'_>) -> bool| {
            let all = operations.iter().enumerate();
            all.filter(|(_, one)| is_affected(one)).map(|(position, _)| position).collect_vec()
        };
        let mut affected = Self::default();
        let mut first_refusals: Vec<Option<&Refusal>> = vec![None; operations.len()];
        let mut seen = HashSet::new();
        for refusal in refusals {
            let segments = refusal.pointer.segments();
            let positions = match segments {
                [first, _, ..] if first == "paths" || first == "webhooks" => {
                    // The innermost of those around the refusal, or all below a path item.
                    let around = positions(&|one| segments.starts_with(&one.place));
                    match around.into_iter().max_by_key(|one| operations[*one].place.len()) {
                        Some(innermost) => vec![innermost],
                        None => positions(&|one| one.place.starts_with(&segments[..2])),
                    }
                }
                [security, ..] if security == "security" => {
                    affected.security = true;
                    positions(&|one| one.is_operation && one.value.get("security").is_none())
                }
                [components, section, name, ..] if components == "components" => {
                    let component = component_key(section, name);
                    if !graph.is_used(&component) {
                        affected.unused.insert(component.clone());
                    }
                    graph.users(component, &mut seen)
                }
                _ => continue,
            };
            for position in positions {
                first_refusals[position].get_or_insert(refusal);
            }
        }
        for (operation, refusal) in operations.into_iter().zip(first_refusals) {
            if let Some(refusal) = refusal {
                affected.operations.push((operation.place, refusal.clone()));
            }
        }
        affected
    }
}

/// An operation, a webhook or a callback.
struct Skippable<'a> {
    place: Segments,
    value: &'a Value,
    is_operation: bool,
}

impl Skippable<'_> {
    /// The components that it refers to, not by its callbacks.
    fn referenced(&self) -> Vec<ComponentKey> {
        match self.value {
            Value::Object(map) if self.is_operation => {
                let own = map.iter().filter(|(key, _)| *key != "callbacks");
                let own = own.flat_map(|(key, value)| match key.as_str() {
                    "$ref" => referenced(self.value),
                    _ => referenced(value),
                });
                own.collect_vec()
            }
            value => referenced(value),
        }
    }
}

/// All operations, with their callbacks, and all webhooks. A path item that is a reference counts
/// as one.
fn operations(root: &Value) -> Vec<Skippable<'_>> {
    let mut found = Vec::new();
    for (path, item) in json::members(root.get("paths")) {
        let Value::Object(map) = item else { continue };
        // A reference isn't resolved yet, so its methods are unknown.
        if map.contains_key("$ref") {
            let place = vec!["paths".to_owned(), path.clone(), "$ref".to_owned()];
            found.push(Skippable { place, value: item, is_operation: true });
        }
        for (method, value) in Method::operations(map) {
            let at = method.pointer(&Pointer::from_segments(["paths", path]));
            for (name, value) in json::members(value.get("callbacks")) {
                let place = at.join("callbacks").join(name).segments().to_vec();
                found.push(Skippable { place, value, is_operation: false });
            }
            found.push(Skippable { place: at.segments().to_vec(), value, is_operation: true });
        }
    }
    for (name, value) in json::members(root.get("webhooks")) {
        let place = vec!["webhooks".to_owned(), name.clone()];
        found.push(Skippable { place, value, is_operation: false });
    }
    found
}

/// Removes components. Returns whether there was one.
fn remove_components(root: &mut Value, removed: &HashSet<ComponentKey>) -> bool {
    let mut is_reduced = false;
    for (section, components) in json::members_mut(root.get_mut("components")) {
        let Value::Object(components) = components else { continue };
        let count = components.len();
        json::retain(components, &mut |name, _| !removed.contains(&component_key(section, name)));
        is_reduced |= components.len() < count;
    }
    is_reduced
}

/// The components with what refers to them. A base schema refers to the schemas that include it by
/// `allOf`.
#[derive(Default)]
struct ComponentGraph {
    /// The components that refer to each component.
    referring: TextMap<ComponentKey, Vec<ComponentKey>>,
    /// The positions of the operations that refer to each component.
    operations: TextMap<ComponentKey, Vec<usize>>,
    /// The components that operations refer to, directly or indirectly.
    used: HashSet<ComponentKey>,
}

impl ComponentGraph {
    fn new(root: &Value, operations: &[Skippable<'_>]) -> Self {
        let mut graph = Self::default();
        let mut targets: TextMap<ComponentKey, Vec<ComponentKey>> = TextMap::new();
        for (section, components) in json::members(root.get("components")) {
            for (name, component) in json::members(Some(components)) {
                let key = component_key(section, name);
                let members = json::items(component.get("allOf"));
                for base in members.iter().filter_map(reference::target) {
                    targets.or_default(component_key(section, &base)).push(key.clone());
                }
                targets.or_default(key).extend(referenced(component));
            }
        }
        for (component, targets) in targets.iter() {
            for target in targets {
                graph.referring.or_default(target.clone()).push(component.clone());
            }
        }
        let mut pending = Vec::new();
        for (position, operation) in operations.iter().enumerate() {
            for target in operation.referenced() {
                graph.operations.or_default(target.clone()).push(position);
                pending.push(target);
            }
        }
        while let Some(component) = pending.pop() {
            if !graph.used.contains(&component) {
                if let Some(targets) = targets.get(&component) {
                    pending.extend_from_slice(targets);
                }
                graph.used.insert(component);
            }
        }
        graph
    }

    fn is_used(&self, component: &str) -> bool {
        self.used.contains(component)
    }

    /// The positions of the operations that refer to a component, directly or through components
    /// that aren't in `seen` yet.
    fn users(&self, component: ComponentKey, seen: &mut HashSet<ComponentKey>) -> Vec<usize> {
        let mut users = Vec::new();
        let mut pending = vec![component];
        while let Some(component) = pending.pop() {
            if !seen.contains(&component) {
                if let Some(operations) = self.operations.get(&component) {
                    users.extend_from_slice(operations);
                }
                if let Some(referring) = self.referring.get(&component) {
                    pending.extend_from_slice(referring);
                }
                seen.insert(component);
            }
        }
        users
    }
}

/// The components that a value refers to.
fn referenced(value: &Value) -> Vec<ComponentKey> {
    let mut references = BTreeSet::new();
    collect_references(value, &mut references);
    let pointers = references.iter().filter_map(|reference| Pointer::parse(reference));
    let component = |pointer: Pointer| match pointer.segments() {
        [components, section, name, ..] if components == "components" => {
            Some(component_key(section, name))
        }
        _ => None,
    };
    pointers.filter_map(component).collect_vec()
}

/// Collects all strings that may be references. False positives, such as in examples, only skip
/// more operations.
fn collect_references(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if text.starts_with("#/") => drop(references.insert(text.clone())),
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, references)),
        Value::Object(map) => {
            let mapping = json::members(map.get("mapping"));
            let targets = mapping.filter_map(|(_, target)| target.as_str());
            references.extend(targets.map(reference::mapping_reference));
            map.values().for_each(|member| collect_references(member, references));
        }
        _ => {}
    }
}
