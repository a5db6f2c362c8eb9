//! The members of a union, and what identifies each of them.

use std::collections::HashSet;

use openapi_document::{Pointer, json_type::declared, reference::mapping_reference};
use serde_json::Value;

use crate::{
    component::named,
    node::{Member, Union},
    place::Place,
    source::Source,
};

/// Reads the members of a union.
///
/// With a discriminator each entry of its mapping is a member, and each schema that no entry leads
/// to is one by its own name (OpenAPI 3.1, section 4.8.25).
pub(crate) fn read(source: &Source, places: &[Pointer], discriminator: Option<&Value>) -> Union {
    let tag = discriminator
        .and_then(|discriminator| discriminator.get("propertyName"))
        .and_then(Value::as_str);
    let mapping = discriminator
        .and_then(|discriminator| discriminator.get("mapping"))
        .and_then(Value::as_object);
    let mut members = Vec::new();
    let mut mapped = HashSet::new();
    for (value, target) in mapping.into_iter().flatten() {
        let Some(reference) = target.as_str().map(mapping_reference) else { continue };
        let Some(pointer) = Pointer::parse(&reference) else { continue };
        let pointer = source.follow(&pointer);
        if source.value(&pointer).is_some() {
            mapped.insert(pointer.clone());
            members.push(Member { key: value.clone(), place: Place::at(pointer) });
        }
    }
    let places = match tag {
        Some(_) => places.to_vec(),
        None => places.iter().flat_map(|place| flat(source, place, 0)).collect(),
    };
    for place in &places {
        let followed = source.follow(place);
        if !mapped.contains(&followed) {
            let key = match tag.and_then(|tag| fixed_tag(source, &followed, tag)) {
                Some(value) => value,
                None => identity(source, &followed),
            };
            members.push(Member { key, place: Place::at(followed) });
        }
    }
    let mut seen = HashSet::new();
    for member in &mut members {
        // Members that look alike are told apart by their order.
        let plain = member.key.clone();
        let mut count = 2;
        while !seen.insert(member.key.clone()) {
            member.key = format!("{plain} ({count})");
            count += 1;
        }
    }
    Union { members, tag: tag.map(str::to_owned) }
}

/// The members of a union that stands in another one without a name or anything else of its own.
fn flat(source: &Source, place: &Pointer, depth: usize) -> Vec<Pointer> {
    let itself = || vec![place.clone()];
    let followed = source.follow(place);
    let Some(Value::Object(map)) = source.value(&followed) else { return itself() };
    let mut keys = map.keys();
    match (keys.next(), keys.next()) {
        (Some(only), None)
            if ["anyOf", "oneOf"].contains(&only.as_str())
                && named(&followed).is_none()
                && depth < 8 =>
        {
            let count = map[only].as_array().map_or(0, Vec::len);
            let member = |index| flat(source, &followed.join(only).join(index), depth + 1);
            (0..count).flat_map(member).collect()
        }
        _ => itself(),
    }
}

/// The one value that a member's schema allows for the tag.
fn fixed_tag(source: &Source, place: &Pointer, tag: &str) -> Option<String> {
    let property = source.value(place)?.get("properties")?.get(tag)?;
    let one =
        property.get("const").or_else(|| match property.get("enum")?.as_array()?.as_slice() {
            [one] => Some(one),
            _ => None,
        })?;
    one.as_str().map(str::to_owned)
}

/// The name of a component, or what an inline schema looks like.
fn identity(source: &Source, place: &Pointer) -> String {
    named(place).map_or_else(|| looks(source, place), str::to_owned)
}

/// What a schema looks like from outside: its type, its values, the names of its properties.
pub(crate) fn looks(source: &Source, place: &Pointer) -> String {
    let Some(Value::Object(map)) = source.value(place) else { return "anything".to_owned() };
    let mut looks: Vec<String> = declared(map).iter().map(ToString::to_string).collect();
    looks.extend(map.get("format").and_then(Value::as_str).map(str::to_owned));
    for keyword in ["const", "enum"] {
        looks.extend(map.get(keyword).map(Value::to_string));
    }
    if let Some(properties) = map.get("properties").and_then(Value::as_object) {
        let mut names: Vec<String> = properties
            .iter()
            .map(|(name, property)| {
                let fixed = property.get("const").or_else(|| property.get("enum"));
                fixed.map_or_else(|| name.clone(), |value| format!("{name}={value}"))
            })
            .collect();
        names.sort_unstable();
        looks.extend(names);
    }
    if looks.is_empty() { "anything".to_owned() } else { looks.join(" ") }
}
