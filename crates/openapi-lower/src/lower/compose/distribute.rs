//! Unions next to other schemas: these go into each member.

use std::collections::HashSet;

use openapi_document::{reference, walk::Position};
use serde_json::{Map, Value, json};

use super::{
    Composer, enums,
    expansion::{Active, UnionPart},
    merge::type_of,
    parts::{Entries, union_members},
    size,
};
use crate::{
    collect::Collect,
    json,
    lower::{
        hints::{MemberHint, NARROWED},
        schema::{distinct, mapped_component},
        wrapper::annotated,
    },
    text_map::TextMap,
};

/// The maximum number of members of a union that is combined from several.
const MAX_PRODUCT: usize = 64;

/// The number of keywords that a member which becomes a type of its own counts as.
const MEMBER_COST: usize = 50;

/// The number of schemas in a row that are examined for the values of a property.
const MAX_STEPS: usize = 16;

/// One member of each union, and the schemas that they share.
struct Combination {
    list: Vec<Value>,
    annotations: Map<String, Value>,
    /// The components that the members are.
    sources: Vec<String>,
    /// The components that the members are, or only add keywords to.
    bases: Vec<String>,
    nullable: bool,
}

/// A discriminator and the values that select each component.
struct Discriminator<'v> {
    tag: &'v str,
    declared: &'v Value,
    tags: TextMap<String, Vec<String>>,
}

impl<'v> Discriminator<'v> {
    fn from_union(union: &UnionPart<'v>) -> Option<Self> {
        let declared = union.discriminator?;
        let tag = declared.get("propertyName")?.as_str()?;
        let mapping = json::members(declared.get("mapping"));
        let mut tags: TextMap<String, Vec<String>> = TextMap::new();
        for (value, target) in mapping {
            if let Some(name) = mapped_component(target) {
                tags.or_default(name).push(value.clone());
            }
        }
        Some(Self { tag, declared, tags })
    }
}

impl<'a> Composer<'a, '_> {
    /// The union of the combinations of unions and the schemas that apply to all of their members.
    pub(super) fn distribute(
        &mut self,
        unions: &[UnionPart<'_>],
        shared: &[Value],
        active: &Active<'_>,
        at: &Position<'_>,
    ) -> Value {
        let owners: Vec<&str> =
            active.iter().copied().chain(unions.iter().filter_map(|one| one.owner)).collect_vec();
        let count = unions.iter().map(|union| union.members.len());
        let count = count.fold(1_usize, usize::saturating_mul);
        if unions.len() > 1 && count > MAX_PRODUCT {
            let message = format!(
                "the unions combined here have {count} pairs of members, more than {MAX_PRODUCT}: \
                 read as any value"
            );
            self.diagnostics.warn(&at.pointer_from(&self.origin), message);
            return json!({});
        }
        let is_combined = !shared.is_empty() || unions.len() > 1;
        let combinations = combinations(unions, shared);
        let mut possible: Vec<&Combination> = combinations.iter().collect_vec();
        if is_combined {
            possible.retain(|one| {
                let maps = self.expand(&one.list, &owners).maps;
                self.work += maps.iter().map(size).sum::<usize>();
                self.is_satisfiable(&maps)
            });
            if possible.is_empty() {
                possible = combinations.iter().collect_vec();
            }
        }
        let discriminator = match unions {
            [union] => Discriminator::from_union(union),
            unions => {
                if unions.iter().any(|union| union.discriminator.is_some()) {
                    self.diagnostics.warn(
                        &at.pointer_from(&self.origin),
                        "`discriminator` is ignored: the union is combined with another one",
                    );
                }
                None
            }
        };
        let mut union = UnionBuilder::new(discriminator);
        if is_combined {
            self.work += possible.len() * MEMBER_COST;
        }
        for combination in possible {
            let combined = self.combine(combination.list.clone(), &owners, at);
            union.nullable |= combination.nullable && !is_combined;
            union.add(combined, combination, self);
        }
        union.finish(unions[0].keyword, self)
    }

    /// Whether a value can satisfy all of several schemas, as far as types and constants show.
    fn is_satisfiable(&self, maps: &[Map<String, Value>]) -> bool {
        let mut kind: Option<&str> = None;
        let mut values: TextMap<&str, Vec<&Value>> = TextMap::new();
        for map in maps {
            if let Some(own) = type_of(map) {
                let own = if own == "integer" { "number" } else { own };
                if *kind.get_or_insert(own) != own {
                    return false;
                }
            }
            for (name, schema) in json::members(map.get("properties")) {
                let Some(listed) = listed_values(schema, self.schemas) else { continue };
                match values.get(name.as_str()) {
                    Some(others) if !listed.iter().any(|one| others.contains(&one)) => {
                        return false;
                    }
                    _ => values.insert(name, listed.iter().collect_vec()),
                };
            }
        }
        true
    }
}

/// All combinations of one member of each union with the shared schemas.
fn combinations(unions: &[UnionPart<'_>], shared: &[Value]) -> Vec<Combination> {
    let mut combinations = vec![Combination {
        list: Vec::new(),
        annotations: Map::new(),
        sources: Vec::new(),
        bases: Vec::new(),
        nullable: true,
    }];
    for union in unions {
        let mut longer = Vec::new();
        for before in &combinations {
            for member in union.members {
                let entries = Entries::new(member);
                let mut sources = before.sources.clone();
                let mut bases = before.bases.clone();
                let targets: Vec<String> =
                    entries.list.iter().filter_map(reference::target).collect_vec();
                if let [only] = targets.as_slice() {
                    bases.push(only.clone());
                    if entries.list.len() == 1 {
                        sources.push(only.clone());
                    }
                }
                let mut annotations = before.annotations.clone();
                annotations.extend(entries.annotations);
                longer.push(Combination {
                    list: before.list.iter().cloned().chain(entries.list).collect_vec(),
                    annotations,
                    sources,
                    bases,
                    nullable: before.nullable && entries.nullable,
                });
            }
        }
        combinations = longer;
    }
    for combination in &mut combinations {
        let own = std::mem::replace(&mut combination.list, shared.to_vec());
        combination.list.extend(own);
    }
    combinations
}

/// The values that a schema lists.
fn listed_values<'v>(schema: &'v Value, schemas: &'v Map<String, Value>) -> Option<&'v Vec<Value>> {
    let mut narrowest: Option<&Vec<Value>> = None;
    let mut pending = vec![schema];
    for _ in 0..MAX_STEPS {
        let Some(schema) = pending.pop() else { break };
        let target = reference::target(schema).and_then(|name| schemas.get(&name));
        let schema = target.unwrap_or(schema);
        pending.extend(json::items(schema.get("allOf")));
        if let Some(listed) = schema.get("enum").and_then(Value::as_array)
            && narrowest.is_none_or(|narrowest| listed.len() < narrowest.len())
        {
            narrowest = Some(listed);
        }
    }
    narrowest
}

/// Collects the members of a union.
struct UnionBuilder<'v> {
    discriminator: Option<Discriminator<'v>>,
    members: Vec<Value>,
    /// The mapping of unions that were members.
    mapping: Map<String, Value>,
    /// The components that were replaced by other members.
    replaced: HashSet<String>,
    nullable: bool,
}

impl<'v> UnionBuilder<'v> {
    fn new(discriminator: Option<Discriminator<'v>>) -> Self {
        Self {
            discriminator,
            members: Vec::new(),
            mapping: Map::new(),
            replaced: HashSet::new(),
            nullable: false,
        }
    }

    /// Adds a member.
    fn add(&mut self, combined: Value, combination: &Combination, composer: &Composer<'_, '_>) {
        let Value::Object(mut map) = combined else { return };
        if let Some(reference) = map.get("allOf").and_then(|members| members.get(0)) {
            // Constraints of a member don't change its type.
            self.members.push(reference.clone());
            return;
        }
        if map.contains_key("$ref") {
            self.members.push(Value::Object(map));
            return;
        }
        self.replaced.extend(combination.bases.iter().cloned());
        let as_value = Value::Object(map);
        if let Some((_, inner)) = union_members(&as_value)
            && self.is_compatible(&as_value)
        {
            let mapping = as_value.pointer("/discriminator/mapping").and_then(Value::as_object);
            self.mapping.extend(mapping.cloned().unwrap_or_default());
            self.nullable |= as_value.get("nullable") == Some(&json!(true));
            self.members.extend(inner.iter().cloned());
            return;
        }
        map = match as_value {
            Value::Object(map) => map,
            _ => return,
        };
        let hint = self.hint(&map, combination, composer);
        if let (Some(discriminator), [value]) = (&self.discriminator, hint.tags.as_slice()) {
            fix_tag(&mut map, discriminator.tag, value);
        }
        hint.set(&mut map);
        let mut annotations = combination.annotations.clone();
        if let [source] = combination.sources.as_slice()
            && let Some(text) = composer.schemas.get(source).and_then(|one| one.get("description"))
        {
            annotations.entry("description").or_insert_with(|| text.clone());
        }
        self.members.push(annotated(Value::Object(map), annotations, false));
    }

    /// Whether the members of a union can be members of this one.
    fn is_compatible(&self, union: &Value) -> bool {
        let tag = union.pointer("/discriminator/propertyName").and_then(Value::as_str);
        match (&self.discriminator, tag) {
            (Some(own), Some(tag)) => own.tag == tag,
            (None, None) => true,
            _ => false,
        }
    }

    /// The name and the tags of a member that is an object of its own.
    fn hint(
        &self,
        member: &Map<String, Value>,
        combination: &Combination,
        composer: &Composer<'_, '_>,
    ) -> MemberHint {
        let names: Vec<&str> =
            combination.sources.iter().map(|name| last_segment(name)).collect_vec();
        let name = (!names.is_empty()).then(|| names.concat());
        let Some(discriminator) = &self.discriminator else {
            return MemberHint { name, tags: Vec::new() };
        };
        let listed = member
            .get("properties")
            .and_then(|properties| properties.get(discriminator.tag))
            .and_then(|property| listed_values(property, composer.schemas));
        let constant = match listed.map(Vec::as_slice) {
            Some([Value::String(constant)]) => Some(constant.clone()),
            _ => None,
        };
        let mut tags = Vec::new();
        for base in &combination.bases {
            tags.extend(discriminator.tags.get(base).into_iter().flatten().cloned());
        }
        // Where the member lists the values of its tag, these select it.
        if tags.is_empty() && listed.is_none() {
            tags.extend(combination.bases.first().cloned());
        }
        let base = combination.bases.first().map(|base| last_segment(base).to_owned());
        MemberHint { name: name.or(constant).or(base), tags }
    }

    /// The union.
    fn finish(self, keyword: &str, composer: &Composer<'_, '_>) -> Value {
        let Self { discriminator, members, mut mapping, replaced, nullable } = self;
        let mut members = distinct(members);
        let mut union = Map::new();
        let declared = discriminator.map(|discriminator| discriminator.declared);
        if declared.is_none() {
            members = enums::fold(members, composer.schemas);
            if members.len() == 1 {
                return annotated(members.swap_remove(0), Map::new(), nullable);
            }
        }
        if let Some(mut declared) = declared.cloned() {
            let own = declared.get_mut("mapping").map(Value::take);
            let own = json::members(own.as_ref());
            // The tags of members that became objects of their own are in their hints.
            let remaining: HashSet<String> =
                members.iter().filter_map(reference::target).collect_set();
            let is_replaced = |target: &Value| {
                mapped_component(target)
                    .is_some_and(|name| replaced.contains(&name) && !remaining.contains(&name))
            };
            mapping.extend(
                own.filter(|(_, target)| !is_replaced(target))
                    .map(|(value, target)| (value.clone(), target.clone())),
            );
            match mapping.is_empty() {
                true => declared.as_object_mut().and_then(|map| map.shift_remove("mapping")),
                false => declared
                    .as_object_mut()
                    .and_then(|map| map.insert("mapping".into(), Value::Object(mapping))),
            };
            union.insert("discriminator".into(), declared);
        }
        union.insert(keyword.into(), Value::Array(members));
        annotated(Value::Object(union), Map::new(), nullable)
    }
}

/// Restricts a required property to the only tag of a member.
fn fix_tag(member: &mut Map<String, Value>, tag: &str, value: &str) {
    let required = json::items(member.get("required"));
    if !required.iter().any(|name| name == tag) {
        return;
    }
    let property = member.get_mut("properties").and_then(|properties| properties.get_mut(tag));
    let Some(Value::Object(property)) = property else { return };
    let is_reference = property.contains_key("$ref") || property.contains_key("allOf");
    let typed = match property.get("type").and_then(Value::as_str) {
        Some("string") => Some(json!(value)),
        Some("integer") => value.parse::<i64>().ok().map(Value::from),
        Some("boolean") => value.parse::<bool>().ok().map(Value::from),
        _ => None,
    };
    if let Some(value) = typed {
        property.insert("enum".into(), json!([value]));
    } else if is_reference {
        let reference = match property.contains_key("$ref") {
            true => Map::from_iter([("allOf".to_owned(), json!([property]))]),
            false => property.clone(),
        };
        *property = reference;
        property.insert(NARROWED.into(), json!([value]));
    }
}

/// The last segment of a name with namespaces.
fn last_segment(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}
