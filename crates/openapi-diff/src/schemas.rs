//! Reading what schemas mean, each once.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
    rc::Rc,
};

use openapi_document::{Pointer, json_type::declared};
use serde_json::{Map, Value};

use crate::{
    facets::Facets,
    node::{AdditionalProperties, Kind, Member, Node, Object, Union},
    place::{Part, Place},
    source::Source,
    union_members,
};

/// How many schemas deep a schema is looked at that is made of others.
const DEPTH: usize = 64;

/// The schemas of one document.
pub(crate) struct Schemas<'a> {
    pub(crate) source: Source<'a>,
    nodes: RefCell<HashMap<Place, Rc<Node>>>,
    open: RefCell<HashSet<Place>>,
}

impl<'a> Schemas<'a> {
    pub(crate) fn new(root: &'a Value) -> Self {
        Self { source: Source::new(root), nodes: RefCell::default(), open: RefCell::default() }
    }

    pub(crate) fn root(&self) -> &'a Value {
        self.source.root
    }

    /// What stands at a place.
    pub(crate) fn value(&self, pointer: &Pointer) -> Option<&'a Value> {
        self.source.value(pointer)
    }

    /// What the schema at `place` means.
    pub(crate) fn node(&self, place: &Place) -> Rc<Node> {
        if let Some(known) = self.nodes.borrow().get(place) {
            return known.clone();
        }
        if self.open.borrow().len() >= DEPTH {
            return Rc::new(unresolved(place, "schemas that are made of others without end"));
        }
        if !self.open.borrow_mut().insert(place.clone()) {
            return Rc::new(unresolved(place, "a schema that is made of itself"));
        }
        let node = self.read(place);
        self.open.borrow_mut().remove(place);
        self.nodes.borrow_mut().insert(place.clone(), node.clone());
        node
    }

    fn read(&self, place: &Place) -> Rc<Node> {
        if let Part::With(others) = &place.part {
            let at = |pointer: &Pointer| self.node(&Place::at(pointer.clone()));
            let mut nodes: Vec<_> = others.iter().map(at).collect();
            nodes.push(at(&place.pointer));
            return Rc::new(joined(place, &nodes));
        }
        let map = match self.value(&place.pointer) {
            Some(Value::Object(map)) => map,
            Some(Value::Bool(false)) => return Rc::new(plain(place, Kind::Never)),
            Some(_) => return Rc::new(plain(place, Kind::Any)),
            // A body or parameter without a schema is anything.
            None if place.pointer.segments().last().is_some_and(|last| last == "schema") => {
                return Rc::new(plain(place, Kind::Any));
            }
            None => return Rc::new(unresolved(place, &place.pointer.to_string())),
        };
        if place.part == Part::Whole
            && let Some(reference) = map.get("$ref").and_then(Value::as_str)
        {
            let followed = self.source.follow(&place.pointer);
            if followed != place.pointer {
                return self.node(&Place::at(followed));
            }
            let target = match Pointer::parse(reference) {
                Some(target) if target.resolve(self.root()).is_some() => {
                    self.node(&Place::at(target))
                }
                _ => Rc::new(unresolved(place, reference)),
            };
            return Rc::new(joined(place, &[target, self.own_part(place, map)]));
        }
        if let Some(parts) = map.get("allOf").and_then(Value::as_array)
            && place.part == Part::Whole
        {
            let at = place.pointer.join("allOf");
            let part = |index| self.node(&Place::at(at.join(index)));
            let mut nodes: Vec<_> = (0..parts.len()).map(part).collect();
            nodes.push(self.own_part(place, map));
            return Rc::new(joined(place, &nodes));
        }
        Rc::new(self.own(place, map))
    }

    fn own_part(&self, place: &Place, map: &Map<String, Value>) -> Rc<Node> {
        let place = Place { pointer: place.pointer.clone(), part: Part::Own };
        Rc::new(self.own(&place, map))
    }

    /// What a schema says itself, without `$ref` and `allOf`.
    fn own(&self, place: &Place, map: &Map<String, Value>) -> Node {
        let at = &place.pointer;
        let mut node = plain(place, Kind::Any);
        if !matches!(place.part, Part::Type(_) | Part::Choice) {
            node.facets = Facets::of(map, at);
        }
        let types = declared(map);
        let is_whole = matches!(place.part, Part::Whole | Part::Own);
        if is_whole {
            node.nullable = map.get("nullable") == Some(&Value::Bool(true));
            node.nullable |= types.len() > 1 && types.contains(&"null");
        }
        let types: Vec<&str> =
            types.iter().copied().filter(|ty| types.len() == 1 || *ty != "null").collect();
        let choice = ["oneOf", "anyOf"].into_iter().find(|keyword| map.contains_key(*keyword));
        if let Some(keyword) = choice
            && place.part != Part::Base
            && !matches!(place.part, Part::Type(_))
        {
            let structural = [
                "properties",
                "required",
                "additionalProperties",
                "unevaluatedProperties",
                "items",
                "prefixItems",
                "enum",
                "const",
            ];
            let both = structural.iter().any(|keyword| map.contains_key(*keyword))
                || types.iter().any(|ty| *ty != "object")
                || map.contains_key("oneOf") && map.contains_key("anyOf");
            if both && is_whole {
                let part = |part| Place { pointer: at.clone(), part };
                node.kind = Kind::All(vec![part(Part::Base), part(Part::Choice)]);
                return node;
            }
            return self.choice(node, map, keyword);
        }
        let values = match (map.get("const"), map.get("enum").and_then(Value::as_array)) {
            (Some(value), _) => Some(vec![value.clone()]),
            (None, Some(values)) => Some(values.clone()),
            (None, None) => None,
        };
        if let Some(mut values) = values {
            let before = values.len();
            values.retain(|value| !value.is_null());
            node.nullable |= values.len() < before && is_whole;
            node.kind = if values.is_empty() { Kind::Null } else { Kind::Enum(values) };
            return node;
        }
        node.kind = match (&place.part, types.as_slice()) {
            (Part::Type(ty), _) => self.typed(ty, map, at),
            (_, [one]) => self.typed(one, map, at),
            (_, [])
                if map.contains_key("properties")
                    || map.contains_key("additionalProperties")
                    || map.contains_key("required") =>
            {
                self.typed("object", map, at)
            }
            (_, []) if map.contains_key("items") || map.contains_key("prefixItems") => {
                self.typed("array", map, at)
            }
            (_, []) => Kind::Any,
            (_, several) => {
                let mut several = several.to_vec();
                several.sort_unstable();
                let member = |ty: &&str| Member {
                    key: (*ty).to_owned(),
                    place: Place { pointer: at.clone(), part: Part::Type((*ty).to_owned()) },
                };
                Kind::Union(Union { members: several.iter().map(member).collect(), tag: None })
            }
        };
        node
    }

    fn choice(&self, mut node: Node, map: &Map<String, Value>, keyword: &str) -> Node {
        let at = node.place.pointer.join(keyword);
        let members = map[keyword].as_array().map_or(0, Vec::len);
        let mut places: Vec<Pointer> = (0..members).map(|index| at.join(index)).collect();
        let before = places.len();
        places.retain(|place| !self.is_null(place));
        node.nullable |= places.len() < before;
        match places.as_slice() {
            [] => node.kind = if before > 0 { Kind::Null } else { Kind::Any },
            [one] if !map.contains_key("discriminator") => {
                let member = self.node(&Place::at(one.clone()));
                let nullable = node.nullable || member.nullable;
                node = joined(&node.place.clone(), &[member, Rc::new(node)]);
                node.nullable = nullable;
            }
            several => {
                node.kind = Kind::Union(union_members::read(
                    &self.source,
                    several,
                    map.get("discriminator"),
                ))
            }
        }
        node
    }

    /// Whether a member of a union is null and nothing else; without reading it as a node, which
    /// may be being read.
    fn is_null(&self, pointer: &Pointer) -> bool {
        let followed = self.source.follow(pointer);
        let Some(Value::Object(map)) = self.value(&followed) else { return false };
        declared(map) == ["null"]
            || map.get("const") == Some(&Value::Null)
            || map
                .get("enum")
                .and_then(Value::as_array)
                .is_some_and(|values| !values.is_empty() && values.iter().all(Value::is_null))
    }

    fn typed(&self, ty: &str, map: &Map<String, Value>, at: &Pointer) -> Kind {
        match ty {
            "null" => Kind::Null,
            "array" => {
                let prefix = map.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
                let prefix_at = at.join("prefixItems");
                Kind::Array {
                    items: says_something(map.get("items")).then(|| Place::at(at.join("items"))),
                    prefix: (0..prefix).map(|index| Place::at(prefix_at.join(index))).collect(),
                }
            }
            "object" => {
                let properties_at = at.join("properties");
                let names = map.get("properties").and_then(Value::as_object);
                let required = map.get("required").and_then(Value::as_array);
                Kind::Object(Object {
                    properties: names
                        .into_iter()
                        .flat_map(Map::keys)
                        .map(|name| (name.clone(), vec![properties_at.join(name)]))
                        .collect(),
                    required: required
                        .into_iter()
                        .flatten()
                        .filter_map(Value::as_str)
                        .map(|name| (name.to_owned(), at.join("required")))
                        .collect(),
                    extra: extra(map, at),
                })
            }
            scalar => Kind::Scalar {
                ty: scalar.to_owned(),
                format: map.get("format").and_then(Value::as_str).map(str::to_owned),
            },
        }
    }
}

/// Whether a schema allows less than anything.
fn says_something(schema: Option<&Value>) -> bool {
    match schema {
        Some(Value::Object(map)) => !map.is_empty(),
        Some(Value::Bool(allowed)) => !allowed,
        _ => false,
    }
}

/// What the schema says of properties without a name.
fn extra(map: &Map<String, Value>, at: &Pointer) -> AdditionalProperties {
    for keyword in ["additionalProperties", "unevaluatedProperties"] {
        let place = || at.join(keyword);
        match map.get(keyword) {
            Some(Value::Bool(false)) => return AdditionalProperties::Forbidden(place()),
            Some(Value::Object(schema)) if !schema.is_empty() => {
                return AdditionalProperties::Schema(place());
            }
            Some(_) => return AdditionalProperties::Any(place()),
            None => {}
        }
    }
    AdditionalProperties::Unspecified
}

fn plain(place: &Place, kind: Kind) -> Node {
    Node {
        place: place.clone(),
        definition: place.pointer.clone(),
        nullable: false,
        kind,
        facets: Facets::default(),
    }
}

fn unresolved(place: &Place, what: &str) -> Node {
    plain(place, Kind::Unresolved(what.to_owned()))
}

/// One node of several that hold at once; later ones stand over earlier ones.
fn joined(place: &Place, parts: &[Rc<Node>]) -> Node {
    let mut node = plain(place, Kind::Any);
    let mut says = parts.iter().filter(|part| !matches!(part.kind, Kind::Any));
    if let (Some(one), None) = (says.next(), says.next()) {
        node.definition = one.definition.clone();
    }
    // Null must be allowed by all that say anything of types; `nullable` of 3.0 stands beside them.
    let own = parts.last().is_some_and(|own| own.nullable);
    let mut typed = parts.iter().filter(|part| !matches!(part.kind, Kind::Any)).peekable();
    node.nullable = own || typed.peek().is_some() && typed.all(|part| part.nullable);
    for part in parts {
        node.facets.overlay(&part.facets);
        node.kind = match combined(&node.kind, &part.kind) {
            Some(kind) => kind,
            None => {
                // In an order that doesn't depend on how they are written: unions last.
                let says = parts.iter().filter(|part| !matches!(part.kind, Kind::Any));
                let mut places: Vec<_> = says
                    .map(|part| (matches!(part.kind, Kind::Union(_)), part.place.clone()))
                    .collect();
                places.sort_by_key(|(is_union, _)| *is_union);
                node.kind = Kind::All(places.into_iter().map(|(_, place)| place).collect());
                for part in parts {
                    node.facets.overlay(&part.facets);
                }
                break;
            }
        };
    }
    node
}

/// Two kinds as one, if there is one that says both.
fn combined(one: &Kind, other: &Kind) -> Option<Kind> {
    Some(match (one, other) {
        (Kind::Any, kind) | (kind, Kind::Any) => kind.clone(),
        (Kind::Object(one), Kind::Object(other)) => {
            let mut object = one.clone();
            for (name, places) in &other.properties {
                let said = object.properties.entry(name.clone()).or_default();
                for place in places {
                    if !said.contains(place) {
                        said.push(place.clone());
                    }
                }
            }
            for (name, at) in &other.required {
                object.required.entry(name.clone()).or_insert_with(|| at.clone());
            }
            if other.extra != AdditionalProperties::Unspecified {
                object.extra = other.extra.clone();
            }
            Kind::Object(object)
        }
        (Kind::Scalar { ty: one, format }, Kind::Scalar { ty, format: other }) if one == ty => {
            Kind::Scalar { ty: ty.clone(), format: other.clone().or_else(|| format.clone()) }
        }
        (Kind::Enum(values), Kind::Scalar { .. }) | (Kind::Scalar { .. }, Kind::Enum(values)) => {
            Kind::Enum(values.clone())
        }
        (Kind::Enum(one), Kind::Enum(other)) => {
            Kind::Enum(one.iter().filter(|value| other.contains(value)).cloned().collect())
        }
        _ => return None,
    })
}
