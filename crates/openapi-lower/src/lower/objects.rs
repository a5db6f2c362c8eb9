//! Objects with declared properties, which become structs.

use std::collections::{HashMap, HashSet};

use openapi_document::reference;
use serde_json::{Map, Value};

use super::{
    names::{unique, value_name},
    schema::{required, text},
    secrets::is_secret,
    tagged_unions,
};
use crate::ir::{Constant, Field, Object, TagSource, TaggedUnion};

/// Collects the objects, and sets the tag source of each variant of the tagged unions.
pub(super) fn collect(root: &Value, unions: &mut [TaggedUnion]) -> Vec<Object> {
    let Some(Value::Object(schemas)) = root.pointer("/components/schemas") else {
        return Vec::new();
    };
    let request_types = request_types(root, schemas);
    let constants = constants(schemas, unions);
    let names = schemas.iter().filter(|(_, schema)| is_object(schema));
    let mut objects: Vec<Object> = names
        .map(|(name, schema)| {
            let constants = constants.get(name).map(Vec::as_slice);
            object(name, schema, constants, request_types.contains(name), schemas)
        })
        .collect();
    let tags: HashMap<String, String> =
        unions.iter().map(|union| (union.rust.clone(), union.tag.clone())).collect();
    for union in unions.iter_mut() {
        for variant in &mut union.variants {
            let is_constant = constants.get(&variant.target).is_some_and(|constants| {
                constants.iter().any(|one| one.name == union.tag && one.value == variant.value)
            });
            variant.tag_source = if is_constant {
                TagSource::Constant
            } else if tags.get(&variant.target) == Some(&union.tag) {
                TagSource::Nested
            } else {
                TagSource::Injected
            };
        }
    }
    box_recursive_fields(&mut objects, unions, schemas);
    objects
}

/// Whether a schema becomes a struct.
fn is_object(schema: &Value) -> bool {
    let has_properties =
        schema.get("properties").and_then(Value::as_object).is_some_and(|map| !map.is_empty());
    has_properties && ["allOf", "oneOf", "anyOf"].iter().all(|key| schema.get(key).is_none())
}

/// Builds the model of an object.
fn object(
    name: &str,
    schema: &Value,
    constants: Option<&[Constant]>,
    in_requests: bool,
    schemas: &Map<String, Value>,
) -> Object {
    let required: HashSet<&str> = required(schema).collect();
    let constants = constants.unwrap_or_default().to_vec();
    let mut fields = Vec::new();
    let mut taken: HashSet<String> =
        constants.iter().map(|constant| value_name(&constant.name)).collect();
    let mut setters = HashSet::new();
    let properties = schema["properties"].as_object();
    // A required property without a schema accepts any value.
    let any_value = Value::Object(Map::new());
    let undeclared = required
        .iter()
        .filter(|name| properties.is_none_or(|properties| !properties.contains_key(**name)))
        .map(|name| ((*name).to_owned(), &any_value));
    let mut undeclared: Vec<(String, &Value)> = undeclared.collect();
    undeclared.sort_by(|left, right| left.0.cmp(&right.0));
    let declared = properties.into_iter().flatten().map(|(name, schema)| (name.clone(), schema));
    for (property, schema) in declared.chain(undeclared) {
        let property = &property;
        if constants.iter().any(|constant| constant.name == *property) {
            continue;
        }
        let flag = |key: &str| schema.get(key) == Some(&Value::Bool(true));
        // The server fills in properties that a request omits.
        let default = schema.get("default").filter(|_| !in_requests && !flag("nullable")).cloned();
        let mut bare = schema.clone();
        if let Value::Object(map) = &mut bare {
            map.shift_remove("nullable");
        }
        let rust_name = unique(&value_name(property), &mut taken);
        let bare_name = rust_name.trim_matches('_');
        fields.push(Field {
            setter: unique(&format!("with_{bare_name}"), &mut setters),
            null_setter: String::new(),
            rust_name,
            name: property.clone(),
            description: text(schema, "description"),
            deprecated: flag("deprecated"),
            required: required.contains(property.as_str()),
            nullable: flag("nullable"),
            secret: is_secret(property, schema, schemas),
            schema: bare,
            default,
            boxed: false,
        });
    }
    for field in &mut fields {
        field.null_setter = unique(&format!("{}_null", field.setter), &mut setters);
    }
    let extra = match schema.get("additionalProperties") {
        None | Some(Value::Bool(false)) => None,
        Some(schema) => Some((unique("extra", &mut taken), schema.clone())),
    };
    Object {
        rust: name.to_owned(),
        description: text(schema, "description"),
        fields,
        constants,
        extra,
    }
}

/// The constant properties of each component, which aren't fields: the tag of a variant, if all
/// unions with that variant use the same value.
fn constants(
    schemas: &Map<String, Value>,
    unions: &[TaggedUnion],
) -> HashMap<String, Vec<Constant>> {
    let mut wanted: HashMap<(&str, &str), HashSet<&str>> = HashMap::new();
    for union in unions {
        for variant in &union.variants {
            let key = (variant.target.as_str(), union.tag.as_str());
            wanted.entry(key).or_default().insert(&variant.value);
        }
    }
    let mut constants: HashMap<String, Vec<Constant>> = HashMap::new();
    for ((target, tag), values) in wanted {
        let own = schemas
            .get(target)
            .and_then(|schema| tagged_unions::single_value(schema, tag, schemas));
        if let Some(own) = own
            && values.iter().all(|value| *value == own)
        {
            let constant = Constant { name: tag.to_owned(), value: own };
            constants.entry(target.to_owned()).or_default().push(constant);
        }
    }
    for list in constants.values_mut() {
        list.sort_by(|left, right| left.name.cmp(&right.name));
    }
    constants
}

/// The components that are reachable from request bodies and parameters.
fn request_types(root: &Value, schemas: &Map<String, Value>) -> HashSet<String> {
    let mut reached = HashSet::new();
    let mut pending = Vec::new();
    let operations = root.get("paths").and_then(Value::as_object).into_iter().flatten();
    for operation in operations.filter_map(|(_, item)| item.as_object()).flatten() {
        let content = operation.1.pointer("/requestBody/content").and_then(Value::as_object);
        for schema in content.into_iter().flatten().filter_map(|(_, media)| media.get("schema")) {
            pending.extend(reference::targets(schema));
        }
        let parameters = operation.1.get("parameters").and_then(Value::as_array);
        for parameter in parameters.into_iter().flatten() {
            let content = parameter.get("content").and_then(Value::as_object);
            let media_types = content.into_iter().flatten().map(|(_, media_type)| media_type);
            for schema in [parameter].into_iter().chain(media_types) {
                pending.extend(schema.get("schema").map(reference::targets).unwrap_or_default());
            }
        }
    }
    while let Some(name) = pending.pop() {
        if let Some(schema) = schemas.get(&name)
            && reached.insert(name)
        {
            pending.extend(reference::targets(schema));
        }
    }
    reached
}

/// Boxes the fields by which a struct would contain itself.
fn box_recursive_fields(
    objects: &mut [Object],
    unions: &[TaggedUnion],
    schemas: &Map<String, Value>,
) {
    let names: HashMap<&str, usize> =
        schemas.keys().enumerate().map(|(index, name)| (name.as_str(), index)).collect();
    // The types that a value contains directly; lists and maps store their items on the heap.
    let mut contained: Vec<Vec<usize>> = schemas
        .values()
        .map(|schema| {
            contained_types(schema).iter().filter_map(|name| names.get(&**name).copied()).collect()
        })
        .collect();
    for union in unions {
        let targets = union.variants.iter().filter_map(|variant| names.get(&*variant.target));
        if let Some(index) = names.get(&*union.rust) {
            contained[*index].extend(targets);
        }
    }
    let cycles = strong_components(&contained);
    for object in objects {
        let Some(own) = names.get(&*object.rust).map(|index| cycles[*index]) else { continue };
        for field in &mut object.fields {
            let types = contained_types(&field.schema);
            let mut types = types.iter().filter_map(|name| names.get(&**name));
            field.boxed = types.any(|index| cycles[*index] == own);
        }
    }
}

/// The number of the strongly connected component of each node (Kosaraju's algorithm). Two nodes
/// have the same number if each is reachable from the other.
fn strong_components(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut reversed = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for to in targets {
            reversed[*to].push(from);
        }
    }
    let mut finished = Vec::with_capacity(edges.len());
    let mut seen = vec![false; edges.len()];
    for start in 0..edges.len() {
        let mut path = vec![(start, 0)];
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        while let Some((node, next)) = path.last_mut() {
            match edges[*node].get(*next) {
                Some(to) => {
                    *next += 1;
                    if !std::mem::replace(&mut seen[*to], true) {
                        path.push((*to, 0));
                    }
                }
                None => {
                    finished.push(*node);
                    path.pop();
                }
            }
        }
    }
    let mut components = vec![usize::MAX; edges.len()];
    for start in finished.into_iter().rev() {
        let mut pending = vec![start];
        while let Some(node) = pending.pop() {
            if components[node] == usize::MAX {
                components[node] = start;
                pending.extend(&reversed[node]);
            }
        }
    }
    components
}

/// The components that a value of a schema contains directly.
fn contained_types(schema: &Value) -> Vec<String> {
    if let Some(name) = reference::target(schema) {
        return vec![name];
    }
    let mut found = Vec::new();
    for list in ["allOf", "anyOf", "oneOf"] {
        let members = schema.get(list).and_then(Value::as_array).into_iter().flatten();
        found.extend(members.flat_map(contained_types));
    }
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    found.extend(properties.flat_map(|(_, property)| contained_types(property)));
    found
}
