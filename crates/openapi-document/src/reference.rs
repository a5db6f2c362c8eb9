//! References (`$ref`), and those of a discriminator's mapping.

use serde_json::{Value, json};

use crate::{
    pointer::Pointer,
    refusal::Refusal,
    walk::{self, Kind},
};

/// What references to component schemas begin with; most names need no escape.
const COMPONENTS: &str = "#/components/schemas/";

/// Whether a segment has characters by which escapes are written. Single characters are searched
/// for much faster than sets of them, and every reference of a document comes by here.
fn is_escaped(segment: &str) -> bool {
    segment.contains('~') || segment.contains('%')
}

/// The reference to a component schema.
pub fn to_schema(name: &str) -> String {
    if is_escaped(name) || name.contains('/') {
        return Pointer::of(["components", "schemas", name]).to_string();
    }
    format!("{COMPONENTS}{name}")
}

/// A schema that is a reference to a component.
pub fn reference_to(name: &str) -> Value {
    json!({ "$ref": to_schema(name) })
}

/// The component schema that a reference names.
pub fn schema_name(reference: &str) -> Option<String> {
    if let Some(name) = reference.strip_prefix(COMPONENTS)
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

/// The component schema that `schema` refers to, if it is a reference.
pub fn target(schema: &Value) -> Option<String> {
    schema_name(schema.get("$ref")?.as_str()?)
}

/// The component schemas that `schema` and the schemas inside it refer to, as often as they do.
pub fn targets(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk::subschemas(schema, &mut |schema| found.extend(target(schema)));
    found
}

/// The reference that a value of a mapping is: it names a schema or refers to one (OpenAPI 3.1,
/// section 4.8.25).
pub fn mapping_reference(target: &str) -> String {
    if target.contains(['#', '/']) { target.to_owned() } else { to_schema(target) }
}

/// Every reference of a document that can't be followed.
pub fn check(root: &Value) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    walk::nodes(root, &mut |kind, value, at| {
        if kind.is_referable()
            && let Some(reference) = value.get("$ref")
        {
            let broken = match reference.as_str() {
                Some(reference) => broken(root, reference),
                None => Some("a reference is a string"),
            };
            if let Some(reason) = broken {
                refusals.push(Refusal::new(
                    at.pointer().join("$ref"),
                    format!("$ref: {reference}"),
                    reason,
                ));
            }
        }
        if kind == Kind::Schema
            && let Some(Value::Object(mapping)) =
                value.get("discriminator").and_then(|discriminator| discriminator.get("mapping"))
        {
            for (tag, target) in mapping {
                let reason = match target.as_str() {
                    Some(target) => broken(root, &mapping_reference(target)),
                    None => Some("a mapping is from strings to strings"),
                };
                if let Some(reason) = reason {
                    let at = at.pointer().join("discriminator").join("mapping").join(tag);
                    refusals.push(Refusal::new(at, format!("mapping to {target}"), reason));
                }
            }
        }
    });
    refusals
}

fn broken(root: &Value, reference: &str) -> Option<&'static str> {
    if !reference.starts_with('#') {
        return Some("it leads out of the document; bundle the documents into one first");
    }
    let Some(pointer) = Pointer::parse(reference) else {
        return Some("anchors aren't supported; write a JSON pointer");
    };
    pointer.resolve(root).is_none().then_some("nothing stands there")
}
