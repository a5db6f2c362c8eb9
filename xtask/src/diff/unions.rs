//! Unions: what identifies a member, so that it is found again in another document.

use std::collections::{HashMap, HashSet, VecDeque};

use openapi_lower::Pointer;
use serde_json::Value;

use super::{
    node::{Member, Place, Union},
    schemas::Schemas,
    words::named,
};

/// Reads the members of a union.
///
/// With a discriminator each entry of its mapping is a member, and each schema that no entry leads
/// to is one by its own name (OpenAPI 3.1, section 4.8.25).
pub(super) fn read(schemas: &Schemas, places: &[Pointer], discriminator: Option<&Value>) -> Union {
    let tag = discriminator
        .and_then(|discriminator| discriminator.get("propertyName"))
        .and_then(Value::as_str);
    let mapping = discriminator
        .and_then(|discriminator| discriminator.get("mapping"))
        .and_then(Value::as_object);
    let mut members = Vec::new();
    let mut mapped = HashSet::new();
    for (value, target) in mapping.into_iter().flatten() {
        let Some(pointer) = target.as_str().and_then(target_of) else { continue };
        let pointer = schemas.follow(&pointer);
        if schemas.value(&pointer).is_some() {
            mapped.insert(pointer.clone());
            members.push(Member { key: value.clone(), place: Place::at(pointer) });
        }
    }
    let places = match tag {
        Some(_) => places.to_vec(),
        None => places.iter().flat_map(|place| flat(schemas, place, 0)).collect(),
    };
    for place in &places {
        let followed = schemas.follow(place);
        if !mapped.contains(&followed) {
            let key = match tag.and_then(|tag| fixed_tag(schemas, &followed, tag)) {
                Some(value) => value,
                None => identity(schemas, &followed),
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
fn flat(schemas: &Schemas, place: &Pointer, depth: usize) -> Vec<Pointer> {
    let itself = || vec![place.clone()];
    let followed = schemas.follow(place);
    let Some(Value::Object(map)) = schemas.value(&followed) else { return itself() };
    let mut keys = map.keys();
    match (keys.next(), keys.next()) {
        (Some(only), None)
            if ["anyOf", "oneOf"].contains(&only.as_str())
                && named(&followed).is_none()
                && depth < 8 =>
        {
            let count = map[only].as_array().map_or(0, Vec::len);
            let member = |index| flat(schemas, &followed.join(only).join(index), depth + 1);
            (0..count).flat_map(member).collect()
        }
        _ => itself(),
    }
}

/// What a value of a mapping leads to: a reference, or the name of a component.
fn target_of(target: &str) -> Option<Pointer> {
    match Pointer::parse(target) {
        Some(pointer) => Some(pointer),
        None => Some(Pointer::of(["components", "schemas", target])),
    }
}

/// The one value that a member's schema allows for the tag.
fn fixed_tag(schemas: &Schemas, place: &Pointer, tag: &str) -> Option<String> {
    let property = schemas.value(place)?.get("properties")?.get(tag)?;
    let one =
        property.get("const").or_else(|| match property.get("enum")?.as_array()?.as_slice() {
            [one] => Some(one),
            _ => None,
        })?;
    one.as_str().map(str::to_owned)
}

/// The name of a component, or what an inline schema looks like.
fn identity(schemas: &Schemas, place: &Pointer) -> String {
    named(place).map_or_else(|| looks(schemas, place), str::to_owned)
}

/// What a schema looks like from outside: its type, its values, the names of its properties.
fn looks(schemas: &Schemas, place: &Pointer) -> String {
    let Some(Value::Object(map)) = schemas.value(place) else { return "anything".to_owned() };
    let mut looks: Vec<String> =
        super::schemas::types(map).iter().map(ToString::to_string).collect();
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

/// The members of two unions that are the same, then those of only one.
pub(super) type Matched<'a> = (Vec<(&'a Member, &'a Member)>, Vec<&'a Member>, Vec<&'a Member>);

/// Finds the members of one union in the other: by what identifies them, then by what they look
/// like, then, if just one inline schema is left on each side, those two.
pub(super) fn matched<'a>(
    (old, old_schemas): (&'a Union, &Schemas),
    (new, new_schemas): (&'a Union, &Schemas),
) -> Matched<'a> {
    let mut pairs = Vec::new();
    let mut gone: Vec<&Member> = old.members.iter().collect();
    let mut come: Vec<&Member> = new.members.iter().collect();
    let key = |member: &Member| Some(member.key.clone());
    pair(&mut pairs, &mut gone, &mut come, (key, key));
    // A tag is a name that others know: who has another one is another member.
    if old.tag.is_none() && new.tag.is_none() {
        let old_looks = |member: &Member| Some(looks(old_schemas, &member.place.pointer));
        let new_looks = |member: &Member| Some(looks(new_schemas, &member.place.pointer));
        pair(&mut pairs, &mut gone, &mut come, (old_looks, new_looks));
        if gone.len() == 1 && come.len() == 1 {
            let inline = |member: &Member| named(&member.place.pointer).is_none().then(String::new);
            pair(&mut pairs, &mut gone, &mut come, (inline, inline));
        }
    }
    (pairs, gone, come)
}

/// Moves members of the same identity from both lists to the pairs; those without one stay.
fn pair<'a>(
    pairs: &mut Vec<(&'a Member, &'a Member)>,
    gone: &mut Vec<&'a Member>,
    come: &mut Vec<&'a Member>,
    (of_old, of_new): (impl Fn(&Member) -> Option<String>, impl Fn(&Member) -> Option<String>),
) {
    let mut known: HashMap<String, VecDeque<&'a Member>> = HashMap::new();
    for member in come.iter() {
        if let Some(identity) = of_new(member) {
            known.entry(identity).or_default().push_back(member);
        }
    }
    let mut taken = HashSet::new();
    gone.retain(|one| {
        let other = of_old(one).and_then(|identity| known.get_mut(&identity)?.pop_front());
        if let Some(other) = other {
            taken.insert(&raw const *other);
            pairs.push((one, other));
        }
        other.is_none()
    });
    come.retain(|member| !taken.contains(&(&raw const **member)));
}
