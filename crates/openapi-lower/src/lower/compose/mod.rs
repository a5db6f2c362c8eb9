//! Resolves compositions: afterwards every schema is a scalar, a list, a map, an object, a union
//! without other keywords, or an annotated reference.
//!
//! `allOf` of objects is one object; keywords next to `oneOf` and `anyOf` go into each member;
//! `allOf` of unions is the union of all pairs. A schema that adds nothing to a component but
//! constraints stays a reference to it. Nothing here follows properties of components, so cycles
//! through these are harmless; cycles through compositions end where they come back:
//!
//! - a schema that includes itself by `allOf` was refused before,
//! - a base that lists its subtypes in `oneOf` is an object where these include it,
//! - a combination that contains itself in a property becomes a component.

mod conditions;
mod distribute;
mod enums;
mod expansion;
mod graph;
mod merge;
mod parts;
mod same_types;

use openapi_document::{
    MAX_DEPTH, Pointer, reference,
    walk::{self, Kind, Position},
};
use serde_json::{Map, Value, json};

use self::{
    expansion::{Active, Expansion, Parts},
    graph::CompositionGraph,
    merge::merge,
    parts::{Entries, is_composition, union_members},
};
use super::{
    constraints,
    diagnostics::Diagnostics,
    dialect::keywords::is_annotation,
    hints::{self, MemberHint, NARROWED},
    hoist::needs_name,
    names::{TakenNames, unique},
    references,
    schema::{distinct, mapped_component},
    wrapper::{annotated, is_wrapper},
};
use crate::{collect::Collect, json, markdown::code, text_map::TextMap};

/// The maximum number of keywords and members that the compositions of a document are merged from.
const MAX_WORK: usize = 400_000;

/// The bytes of combined schemas that count as one keyword.
const KEY_COST: usize = 64;

/// Resolves the compositions of all schemas.
pub(super) fn resolve(root: &mut Value, diagnostics: &mut Diagnostics) {
    let mut is_needed = false;
    walk::schemas_mut(root, &mut |schema, _| {
        if let Value::Object(schema) = schema {
            conditions::document(schema);
            enums::fold_constants(schema);
            is_needed |= ["allOf", "oneOf", "anyOf"].iter().any(|key| schema.contains_key(*key));
        }
    });
    if !is_needed {
        return;
    }
    let schemas = std::mem::take(references::components_schemas(root));
    let graph = CompositionGraph::new(&schemas);
    let bases = graph.subtypes(&schemas);
    let mut composer = Composer {
        schemas: &schemas,
        graph,
        bases,
        diagnostics,
        origin: Pointer::root(),
        open: Vec::new(),
        known: Map::new(),
        taken: schemas.keys().map(String::as_str).collect(),
        promoted: Map::new(),
        depth: 0,
        work: 0,
    };
    let mut composed = Map::new();
    for name in schemas.keys() {
        composer.origin = Pointer::from_segments(["components", "schemas", name]);
        composed.insert(name.clone(), composer.component(name));
    }
    for pointer in outermost_schemas(root) {
        let Some(schema) = root.pointer_mut(&pointer.to_plain()) else { continue };
        composer.origin = pointer;
        *schema = composer.compose(schema, &[], &Position::ROOT);
    }
    composed.extend(composer.promoted);
    *references::components_schemas(root) = composed;
}

/// The schemas of a document that aren't inside of other schemas.
fn outermost_schemas(root: &Value) -> Vec<Pointer> {
    let mut found: Vec<Pointer> = Vec::new();
    walk::nodes(root, &mut |kind, _, at| {
        if kind == Kind::Schema {
            let pointer = at.pointer();
            // Parents are visited first.
            if !found.last().is_some_and(|last| pointer.segments().starts_with(last.segments())) {
                found.push(pointer);
            }
        }
    });
    found
}

/// Resolves the compositions of schemas.
struct Composer<'a, 'd> {
    /// The components as they were.
    schemas: &'a Map<String, Value>,
    graph: CompositionGraph<'a>,
    /// The subtypes of each base.
    bases: TextMap<&'a str, Vec<&'a str>>,
    diagnostics: &'d mut Diagnostics,
    /// The pointer to the schema that a [`Position`] is relative to.
    origin: Pointer,
    /// The combinations between the outermost schema and the current one, at most [`MAX_DEPTH`]:
    /// the JSON of each, and the name of the component that it becomes since it contains itself.
    open: Vec<(String, Option<String>)>,
    /// The results of combinations that became components, and of those within others.
    known: Map<String, Value>,
    taken: TakenNames,
    /// These components.
    promoted: Map<String, Value>,
    depth: usize,
    work: usize,
}

impl<'a> Composer<'a, '_> {
    /// Resolves the compositions of a component.
    fn component(&mut self, name: &'a str) -> Value {
        let schemas = self.schemas;
        let Some((name, schema)) = schemas.get_key_value(name) else { return json!({}) };
        if let Some(subtypes) = self.bases.get(name.as_str()).cloned() {
            return self.base_union(name, schema, &subtypes);
        }
        let active = [name.as_str()];
        let mut composed = self.compose(schema, &active, &Position::ROOT);
        // What only annotates an object is an object of its own, with the same properties.
        if let Value::Object(map) = &mut composed
            && is_wrapper(map)
            && let Some(object) = self.object_of(map, &active)
        {
            map.shift_remove("allOf");
            for (key, value) in object {
                map.entry(key).or_insert(value);
            }
        } else if let Some(object) =
            composed.as_object().and_then(|map| self.object_of(map, &active))
        {
            return Value::Object(object);
        }
        composed
    }

    /// The object that a reference, or a wrapper around one, stands for; `None` for other types.
    fn object_of(
        &mut self,
        schema: &Map<String, Value>,
        active: &Active<'_>,
    ) -> Option<Map<String, Value>> {
        let reference = match schema.get("allOf").and_then(|members| members.get(0)) {
            Some(wrapped) => wrapped.clone(),
            None if schema.contains_key("$ref") => Value::Object(schema.clone()),
            None => return None,
        };
        let parts = self.expand(std::slice::from_ref(&reference), active);
        let is_object = |map: &Map<String, Value>| map.contains_key("properties");
        if !parts.unions.is_empty() || !parts.maps.iter().any(is_object) {
            return None;
        }
        match self.merged(&parts.maps, &Position::ROOT) {
            Value::Object(object) if object.contains_key("properties") => Some(object),
            _ => None,
        }
    }

    /// The union of a base and its subtypes.
    fn base_union(&mut self, name: &'a str, base: &Value, subtypes: &[&str]) -> Value {
        let mut discriminator = base.get("discriminator").cloned().unwrap_or_default();
        let mut own_tags = Vec::new();
        if let Some(Value::Object(mapping)) = discriminator.get_mut("mapping") {
            mapping.retain(|tag, target| {
                let is_own = mapped_component(target).as_deref() == Some(name);
                if is_own {
                    own_tags.push(tag.clone());
                }
                !is_own
            });
        }
        let mut members: Vec<Value> =
            subtypes.iter().map(|subtype| reference::reference_to(subtype)).collect_vec();
        if let Some(tag) = own_tags.first().cloned() {
            let maps = self.expand(std::slice::from_ref(base), &[name]).maps;
            if let Value::Object(mut own) = self.merged(&maps, &Position::ROOT) {
                MemberHint { name: Some(tag), tags: own_tags }.set(&mut own);
                members.push(Value::Object(own));
            }
        }
        let mut union = Map::new();
        for key in ["description", "title", "nullable", "deprecated"] {
            if let Some(value) = base.get(key) {
                union.insert(key.into(), value.clone());
            }
        }
        union.insert("oneOf".into(), Value::Array(members));
        union.insert("discriminator".into(), discriminator);
        Value::Object(union)
    }

    /// Resolves the compositions of a schema and of those inside it.
    fn compose(&mut self, schema: &Value, active: &Active<'_>, at: &Position<'_>) -> Value {
        let Value::Object(map) = schema else { return schema.clone() };
        if is_wrapper(map) || map.contains_key("$ref") {
            return schema.clone();
        }
        if !is_composition(map) {
            return Value::Object(self.compose_children(map.clone(), at));
        }
        let Entries { list, annotations, nullable } = Entries::new(schema);
        let key = active.is_empty().then(|| json!(list).to_string());
        let composed = match key {
            Some(key) => self.compose_once(key, list, at),
            None => self.combine(list, active, at),
        };
        annotated(composed, annotations, nullable)
    }

    /// Combines schemas, whose JSON is `key`. A combination that contains itself, or that another
    /// one brings in from a component, becomes a component, so that it is combined only once.
    fn compose_once(&mut self, key: String, list: Vec<Value>, at: &Position<'_>) -> Value {
        self.work += key.len() / KEY_COST;
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        if let Some(position) = self.open.iter().position(|(open, _)| *open == key) {
            let name = self.open[position].1.clone().unwrap_or_else(|| self.promoted_name(at));
            self.open[position].1 = Some(name.clone());
            return reference::reference_to(&name);
        }
        let is_nested = !self.open.is_empty() && key.contains("\"$ref\"");
        self.open.push((key.clone(), None));
        let mut composed = self.combine(list, &[], at);
        let contains_itself = self.open.pop().and_then(|(_, name)| name);
        let is_type = composed.as_object().is_some_and(needs_name);
        let name =
            contains_itself.or_else(|| (is_nested && is_type).then(|| self.promoted_name(at)));
        if let Some(name) = name {
            if let Value::Object(map) = &mut composed {
                hints::set_origin(map, &at.pointer_from(&self.origin));
            }
            let component = std::mem::replace(&mut composed, reference::reference_to(&name));
            self.promoted.insert(name, component);
            self.known.insert(key, composed.clone());
        } else if is_nested {
            self.known.insert(key, composed.clone());
        }
        composed
    }

    /// A name for a component, after its place.
    fn promoted_name(&mut self, at: &Position<'_>) -> String {
        let pointer = at.pointer_from(&self.origin);
        unique(&references::name_of_place(&pointer), &mut self.taken)
    }

    /// Resolves the compositions of the schemas inside a schema.
    fn compose_children(
        &mut self,
        mut schema: Map<String, Value>,
        at: &Position<'_>,
    ) -> Map<String, Value> {
        let properties = at.key("properties");
        for (name, property) in json::members_mut(schema.get_mut("properties")) {
            if !is_leaf(property) {
                *property = self.compose(property, &[], &properties.key(name));
            }
        }
        for key in ["items", "additionalProperties"] {
            if let Some(inner) = schema.get_mut(key).filter(|inner| !is_leaf(inner)) {
                *inner = self.compose(inner, &[], &at.key(key));
            }
        }
        schema
    }

    /// Combines schemas that apply to the same value.
    fn combine(&mut self, mut list: Vec<Value>, active: &Active<'_>, at: &Position<'_>) -> Value {
        self.work += list.len();
        if self.depth >= MAX_DEPTH || self.work > MAX_WORK {
            self.refuse_size(at);
            return json!({});
        }
        json::retain_items(&mut list, &mut |entry| *entry != json!({}));
        let entries = distinct(list);
        self.depth += 1;
        let combined = match entries.as_slice() {
            [] => json!({}),
            [only] if only.get("$ref").is_some() => only.clone(),
            [only] if union_members(only).is_none() => match only {
                Value::Object(map) => Value::Object(self.compose_children(map.clone(), at)),
                other => other.clone(),
            },
            entries => self.combine_several(entries, active, at),
        };
        self.depth -= 1;
        combined
    }

    /// Combines several schemas, or resolves a union.
    fn combine_several(
        &mut self,
        entries: &[Value],
        active: &Active<'_>,
        at: &Position<'_>,
    ) -> Value {
        let parts = self.expand(entries, active);
        self.work += (entries.len() + 1) * parts.maps.iter().map(size).sum::<usize>();
        for entry in entries.iter().filter(|entry| entry.get("$ref").is_some()) {
            if let Some(wrapper) = self.constrained(entry, &parts, active, at) {
                return wrapper;
            }
        }
        match parts.unions.is_empty() {
            true => self.merged(&parts.maps, at),
            false => {
                let shared = self.without_unions(entries, active);
                self.distribute(&parts.unions, &shared, active, at)
            }
        }
    }

    /// The entries, with the other keywords in place of those that are or include unions.
    fn without_unions(&self, entries: &[Value], active: &Active<'_>) -> Vec<Value> {
        let mut shared = Vec::new();
        for entry in entries {
            let parts = self.expand(std::slice::from_ref(entry), active);
            match parts.unions.is_empty() {
                true => shared.push(entry.clone()),
                false => shared.extend(parts.maps.into_iter().map(Value::Object)),
            }
        }
        shared
    }

    /// A reference with constraints, if the combined schemas are the same as its target but for
    /// these.
    fn constrained(
        &mut self,
        reference: &Value,
        parts: &Parts<'_>,
        active: &Active<'_>,
        at: &Position<'_>,
    ) -> Option<Value> {
        let alone = self.expand(std::slice::from_ref(reference), active);
        if !alone.is_same_union(parts) {
            return None;
        }
        let (all, alone) = (merge(&parts.maps), merge(&alone.maps));
        let contradictions = all.contradictions;
        let ([all], [alone]) = (all.schemas.as_slice(), alone.schemas.as_slice()) else {
            return None;
        };
        const TYPE: [&str; 6] =
            ["type", "format", "properties", "required", "items", "additionalProperties"];
        let is_same = |key: &&str| all.get(*key) == alone.get(*key);
        let is_bare = alone.is_empty() && !parts.unions.is_empty();
        let is_narrowed = all.get("enum") != alone.get("enum");
        if !TYPE.iter().all(|key| is_same(key) || is_bare && *key == "type")
            || is_narrowed && !alone.contains_key("enum")
        {
            return None;
        }
        for contradiction in contradictions {
            self.diagnostics.warn(&at.pointer_from(&self.origin), contradiction);
        }
        let mut wrapper = Map::new();
        for (key, value) in all {
            if alone.get(key) != Some(value) && !TYPE.contains(&key.as_str()) {
                let key = if key == "enum" { NARROWED } else { key };
                wrapper.insert(key.to_owned(), value.clone());
            }
        }
        constraints::move_to_notes(&mut wrapper);
        json::retain(&mut wrapper, &mut |key, _| is_annotation(key));
        if wrapper.is_empty() {
            return Some(reference.clone());
        }
        if let Some(narrowed) = wrapper.get(NARROWED) {
            let text = format!("one of {}", code(&narrowed.to_string()));
            constraints::note(&mut wrapper, &text);
        }
        wrapper.shift_remove(hints::VARIANTS);
        wrapper.insert("allOf".into(), json!([reference]));
        Some(Value::Object(wrapper))
    }

    /// Merges schemas without references and unions.
    fn merged(&mut self, maps: &[Map<String, Value>], at: &Position<'_>) -> Value {
        self.work += maps.iter().map(size).sum::<usize>();
        let merged = merge(maps);
        for contradiction in merged.contradictions {
            self.diagnostics.warn(&at.pointer_from(&self.origin), contradiction);
        }
        let mut schemas: Vec<Value> = Vec::new();
        for schema in merged.schemas {
            schemas.push(Value::Object(self.compose_children(schema, at)));
        }
        match schemas.len() {
            1 => schemas.swap_remove(0),
            _ => json!({ "anyOf": schemas }),
        }
    }

    /// Takes entries apart, the components that they refer to included.
    fn expand<'v>(&self, entries: &'v [Value], active: &Active<'_>) -> Parts<'v>
    where
        'a: 'v,
    {
        Expansion::new(self.schemas, &self.graph, active).expand(entries)
    }

    /// Refuses a composition that expands without bound.
    fn refuse_size(&mut self, at: &Position<'_>) {
        if self.work <= MAX_WORK && self.depth < MAX_DEPTH {
            return;
        }
        let reason = "its combinations are nested too deeply, or too many; simplify the schema";
        // Once is enough.
        if !self.diagnostics.refusals.iter().any(|one| one.construct == "composition") {
            let pointer = at.pointer_from(&self.origin);
            self.diagnostics.refuse(&pointer, "composition", reason);
        }
    }
}

/// The number of keywords and properties of a schema.
fn size(schema: &Map<String, Value>) -> usize {
    schema.len() + schema.get("properties").and_then(Value::as_object).map_or(0, Map::len)
}

/// Whether neither a schema nor those inside it combine others: a reference or a scalar.
fn is_leaf(schema: &Value) -> bool {
    schema.as_object().is_none_or(|map| {
        !["allOf", "oneOf", "anyOf", "properties", "items", "additionalProperties"]
            .iter()
            .any(|key| map.contains_key(*key))
    })
}
