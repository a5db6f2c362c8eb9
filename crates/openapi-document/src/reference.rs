//! References: `$ref` and the mappings of discriminators.

use serde_json::{Value, json};

use crate::{
    pointer::Pointer,
    refusal::Refusal,
    walk::{self, Kind},
};

/// The prefix of references to component schemas; most names need no escaping.
const COMPONENT_SCHEMAS: &str = "#/components/schemas/";

/// Whether a segment may contain escapes. Two searches for single characters are much faster than
/// one for a set, and this runs for every reference of a document.
fn is_escaped(segment: &str) -> bool {
    segment.contains('~') || segment.contains('%')
}

/// The reference to a component schema: `#/components/schemas/NAME`, escaped.
pub fn to_schema(name: &str) -> String {
    if is_escaped(name) || name.contains('/') {
        return Pointer::from_segments(["components", "schemas", name]).to_string();
    }
    format!("{COMPONENT_SCHEMAS}{name}")
}

/// A schema that consists of a reference to a component schema: `{"$ref": …}`.
pub fn reference_to(name: &str) -> Value {
    json!({ "$ref": to_schema(name) })
}

/// The name of the component schema that a reference points to; `None` for any other target.
pub fn schema_name(reference: &str) -> Option<String> {
    if let Some(name) = reference.strip_prefix(COMPONENT_SCHEMAS)
        && !is_escaped(name)
        && !name.contains('/')
    {
        return Some(name.to_owned());
    }
    match Pointer::parse(reference)?.segments() {
        [components, schemas, name] if components == "components" && schemas == "schemas" => {
            Some(name.clone())
        }
        _ => None,
    }
}

/// The name of the component schema that the `$ref` of `schema` points to, if it has one.
pub fn target(schema: &Value) -> Option<String> {
    schema_name(schema.get("$ref")?.as_str()?)
}

/// The names of the component schemas that `schema` and its subschemas refer to, with duplicates.
pub fn targets(schema: &Value) -> Vec<String> {
    let mut names = Vec::new();
    walk::subschemas(schema, &mut |schema| names.extend(target(schema)));
    names
}

/// The reference that a value of a discriminator's `mapping` or `defaultMapping` stands for: the
/// value is the name of a component schema or a reference (OpenAPI 3.1, section 4.8.25).
pub fn mapping_reference(target: &str) -> String {
    if is_mapping_name(target) { to_schema(target) } else { target.to_owned() }
}

/// Whether a value of a discriminator mapping is a name rather than a reference.
pub(crate) fn is_mapping_name(target: &str) -> bool {
    !target.contains(['#', '/'])
}

/// Finds the references and discriminator mappings of a document that don't resolve within it.
pub fn check(root: &Value) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    walk::nodes(root, &mut |kind, value, position| {
        if kind.is_referable()
            && let Some(reference) = value.get("$ref")
        {
            let reason = match reference.as_str() {
                Some(reference) => unresolved_reason(root, reference),
                None => Some("expected a string"),
            };
            if let Some(reason) = reason {
                refusals.push(Refusal::new(
                    position.pointer().join("$ref"),
                    format!("$ref: {reference}"),
                    reason,
                ));
            }
        }
        let discriminator = value.get("discriminator").filter(|_| kind == Kind::Schema);
        let at = || position.pointer().join("discriminator");
        for (path, target) in discriminator.into_iter().flat_map(mapping_targets) {
            let reason = match target.as_str() {
                Some(target) => unresolved_reason(root, &mapping_reference(target)),
                None => Some("expected a string"),
            };
            if let Some(reason) = reason {
                let pointer = path.into_iter().fold(at(), |at, segment| at.join(segment));
                refusals.push(Refusal::new(pointer, format!("mapping to {target}"), reason));
            }
        }
    });
    refusals
}

/// The targets of a Discriminator Object, `mapping` and `defaultMapping` (OpenAPI 3.2), with the
/// segments of their pointers in it.
fn mapping_targets(discriminator: &Value) -> impl Iterator<Item = (Vec<&str>, &Value)> {
    let mapping = discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten();
    let mapping = mapping.map(|(tag, target)| (vec!["mapping", tag.as_str()], target));
    let default = discriminator.get("defaultMapping");
    mapping.chain(default.map(|target| (vec!["defaultMapping"], target)))
}

/// The targets of a Discriminator Object, mutably.
pub(crate) fn mapping_targets_mut(discriminator: &mut Value) -> impl Iterator<Item = &mut Value> {
    let members = discriminator.as_object_mut().into_iter().flatten();
    members.flat_map(|(key, value)| match (key.as_str(), value) {
        ("mapping", Value::Object(mapping)) => mapping.values_mut().collect(),
        ("defaultMapping", target) => vec![target],
        _ => Vec::new(),
    })
}

/// The reason why a reference doesn't resolve; `None` if it does.
fn unresolved_reason(root: &Value, reference: &str) -> Option<&'static str> {
    if !reference.starts_with('#') {
        return Some("another file: load the document from its path, or bundle the files into one");
    }
    let Some(pointer) = Pointer::parse(reference) else {
        return Some("no schema has this `$anchor`, or several have it");
    };
    pointer.resolve(root).is_none().then_some("target not found")
}
