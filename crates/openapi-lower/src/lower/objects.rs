//! Objects with declared properties, which become structs.

use std::collections::HashSet;

use openapi_document::reference;
use serde_json::{Map, Value};

use super::{
    directions::{Directions, is_flagged},
    field_names::shared_names,
    names::{TakenNames, unique, value_name},
    schema::{required, text},
    secrets::Secrets,
    tag_values::KnownTags,
};
use crate::{
    collect::Collect,
    graph::{self, Components},
    ir::{Constant, Direction, Field, Object, TagSource, TagType, TaggedUnion},
    json,
    order::sort,
    text_map::TextMap,
};

/// Collects the objects, and sets the tag source of each variant of the tagged unions.
pub(super) fn collect(root: &Value, unions: &mut [TaggedUnion]) -> Vec<Object> {
    let Some(Value::Object(schemas)) = root.pointer("/components/schemas") else {
        return Vec::new();
    };
    let directions = Directions::new(root, schemas, unions);
    let constants = constants(schemas, unions);
    let secrets = Secrets::new(root);
    let names = schemas.iter().filter(|(_, schema)| is_object(schema));
    let mut objects: Vec<Object> = names
        .map(|(name, schema)| {
            let constants = constants.get(name).map(Vec::as_slice);
            object(name, schema, constants, directions.get(name), (schemas, &secrets))
        })
        .collect_vec();
    let tags: TextMap<String, String> =
        unions.iter().map(|union| (union.rust.clone(), union.tag.clone())).collect_map();
    for union in unions.iter_mut() {
        for variant in &mut union.variants {
            let value = union.tag_type.value(&variant.value);
            let is_constant = constants.get(&variant.target).is_some_and(|constants| {
                let tag = constants.binary_search_by(|one| one.name.cmp(&union.tag));
                tag.is_ok_and(|tag| Some(&constants[tag].value) == value.as_ref())
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
    direction: Direction,
    (schemas, secrets): (&Map<String, Value>, &Secrets),
) -> Object {
    let required: HashSet<&str> = required(schema).collect_set();
    let constants = constants.unwrap_or_default().to_vec();
    let constant_names: HashSet<&str> = constants.iter().map(|one| one.name.as_str()).collect_set();
    let mut fields = Vec::new();
    let mut taken: TakenNames =
        constants.iter().map(|constant| value_name(&constant.name)).collect();
    let mut setters = TakenNames::default();
    let properties = schema["properties"].as_object();
    // A required property without a schema accepts any value.
    let any_value = Value::Object(Map::new());
    let is_declared = |name: &str| properties.is_some_and(|all| all.contains_key(name));
    let mut undeclared: Vec<&str> = required.iter().copied().collect_vec();
    undeclared.retain(|name| !is_declared(name));
    undeclared.sort_unstable();
    let shared = properties.map(shared_names).unwrap_or_default();
    let declared = json::members(schema.get("properties"));
    let declared = declared.map(|(name, schema)| (name.as_str(), schema));
    let undeclared = undeclared.into_iter().map(|name| (name, &any_value));
    for (property, schema) in declared.chain(undeclared) {
        if constant_names.contains(property) {
            continue;
        }
        let flag = |key: &str| schema.get(key) == Some(&Value::Bool(true));
        // The server fills in properties that a request omits.
        let default = schema.get("default").filter(|_| !direction.is_sent() && !flag("nullable"));
        let read_only = is_flagged(schema, "readOnly", schemas);
        let write_only = is_flagged(schema, "writeOnly", schemas);
        let is_listed = required.contains(property);
        let is_both = is_listed && direction == Direction::Both;
        let notes = [
            // Not in the description yet if the flag is that of the component.
            (read_only && !flag("readOnly"), "Only in responses."),
            (write_only && !flag("writeOnly"), "Only in requests."),
            (is_both && read_only && !write_only, "Responses always have it."),
            (is_both && write_only && !read_only, "Requests always need it."),
        ];
        let notes = notes.into_iter().filter(|(applies, _)| *applies).map(|(_, note)| note);
        let description = text(schema, "description");
        let paragraphs: Vec<&str> = description.as_deref().into_iter().chain(notes).collect_vec();
        let description = (!paragraphs.is_empty()).then(|| paragraphs.join("\n\n"));
        let mut bare = schema.clone();
        if let Value::Object(map) = &mut bare {
            map.shift_remove("nullable");
        }
        let rust_name = shared.get(property).cloned();
        let rust_name = unique(&rust_name.unwrap_or_else(|| value_name(property)), &mut taken);
        let bare_name = rust_name.trim_matches('_');
        fields.push(Field {
            setter: unique(&format!("with_{bare_name}"), &mut setters),
            null_setter: String::new(),
            rust_name,
            name: property.to_owned(),
            description,
            deprecated: flag("deprecated"),
            required: is_listed
                && !(read_only && direction.is_sent())
                && !(write_only && direction.is_received()),
            argument: is_listed && !read_only && direction.is_sent(),
            nullable: flag("nullable"),
            secret: secrets.is_secret(property, schema),
            schema: bare,
            default: default.cloned(),
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
        direction,
        fields,
        constants,
        extra,
        sibling_tag: None,
    }
}

/// The constant properties of each component, sorted by name, which aren't fields: the tag of a
/// variant, if all unions with that variant use the same value.
fn constants(
    schemas: &Map<String, Value>,
    unions: &[TaggedUnion],
) -> TextMap<String, Vec<Constant>> {
    // `None` if there are several.
    type Only<'a> = Option<(TagType, &'a str)>;
    let mut wanted: TextMap<&str, TextMap<&str, Only<'_>>> = TextMap::new();
    for union in unions {
        for variant in &union.variants {
            let value = Some((union.tag_type, variant.value.as_str()));
            let tags = wanted.or_default(&variant.target);
            let only = tags.or_insert(&union.tag, value);
            if *only != value {
                *only = None;
            }
        }
    }
    let mut known = KnownTags::new(schemas);
    let mut constants: TextMap<String, Vec<Constant>> = TextMap::new();
    for (target, tags) in wanted {
        let mut list = Vec::new();
        for (tag, only) in tags {
            if let Some((tag_type, value)) = only
                && let Some(own) = known.single_value(target, tag)
                && own == value
                && let Some(value) = tag_type.value(value)
            {
                list.push(Constant { name: tag.to_owned(), value });
            }
        }
        sort(&mut list, &|constant| (0, constant.name.clone()));
        if !list.is_empty() {
            constants.insert(target.to_owned(), list);
        }
    }
    constants
}

/// Boxes the fields by which a struct would contain itself.
fn box_recursive_fields(
    objects: &mut [Object],
    unions: &[TaggedUnion],
    schemas: &Map<String, Value>,
) {
    let components = Components::new(schemas);
    // The types that a value contains directly; lists and maps store their items on the heap.
    let mut contained = components.edges(&contained_types);
    for union in unions {
        let Some(position) = components.position(&union.rust) else { continue };
        for variant in &union.variants {
            contained[position].extend(components.position(&variant.target));
        }
    }
    let cycles = graph::strong_components(&contained);
    for object in objects {
        let cycle = |name: &str| Some(cycles[components.position(name)?]);
        let Some(own) = cycle(&object.rust) else { continue };
        for field in &mut object.fields {
            let types = contained_types(&field.schema);
            field.boxed = types.iter().any(|name| cycle(name) == Some(own));
        }
    }
}

/// The components that a value of a schema contains directly.
fn contained_types(schema: &Value) -> Vec<String> {
    if let Some(name) = reference::target(schema) {
        return vec![name];
    }
    let mut found = Vec::new();
    for list in ["allOf", "anyOf", "oneOf"] {
        for member in json::items(schema.get(list)) {
            found.extend(contained_types(member));
        }
    }
    for (_, property) in json::members(schema.get("properties")) {
        found.extend(contained_types(property));
    }
    found
}
