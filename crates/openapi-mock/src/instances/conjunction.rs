//! Conjunctions: all schemas that apply to one value.

use std::collections::HashSet;

use openapi_document::{Document, Node, Pointer, json_type::has_type, media_type::is_json};
use rand::{Rng, RngExt, seq::IndexedRandom};
use serde_json::Value;

use super::unsatisfiable::Unsatisfiable;
use crate::pattern;

/// The types of a value whose schemas name none.
const TYPES: [&str; 6] = ["null", "boolean", "integer", "string", "array", "object"];

/// The keywords that a value isn't built towards in each case.
const UNCERTAIN: [&str; 11] = [
    "contains",
    "dependentRequired",
    "dependentSchemas",
    "if",
    "multipleOf",
    "not",
    "oneOf",
    "patternProperties",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// The schemas that a value has to meet, with `$ref`, `allOf`, `oneOf` and `anyOf` resolved.
pub(super) struct Conjunction<'a> {
    pub(super) schemas: Vec<Node<'a>>,
    /// The discriminator properties, each with the value for the chosen variant.
    pub(super) tags: Vec<(String, String)>,
}

impl<'a> Conjunction<'a> {
    /// Resolves schemas, and chooses a branch of each `oneOf`, `anyOf` and `if`; deep in an
    /// instance, one that ends recursion if there is one.
    pub(super) fn new(
        document: &'a Document,
        schemas: &[Node<'a>],
        is_deep: bool,
        random: &mut impl Rng,
    ) -> Result<Self, Unsatisfiable> {
        let mut all = Self { schemas: Vec::new(), tags: Vec::new() };
        let mut visited = HashSet::new();
        // A schema with a discriminator and without branches is the base of the schemas that
        // include it. A variant is chosen only where the base stands alone, not where a variant
        // includes it.
        let mut pending: Vec<(Node<'a>, bool)> =
            schemas.iter().cloned().map(|schema| (schema, true)).collect();
        while let Some((schema, alone)) = pending.pop() {
            if !visited.insert(schema.pointer.clone()) {
                continue;
            }
            match schema.value {
                Value::Bool(true) => continue,
                Value::Object(_) => {}
                _ => return Err(Unsatisfiable),
            }
            if let Some(reference) = schema.text("$ref") {
                pending.push((document.target(reference).ok_or(Unsatisfiable)?, alone));
            }
            pending.extend(schema.get("allOf").iter().flat_map(Node::items).map(|s| (s, false)));
            for keyword in ["oneOf", "anyOf"] {
                let mut branches: Vec<_> =
                    schema.get(keyword).iter().flat_map(Node::items).collect();
                if is_deep && branches.iter().any(|branch| is_scalar(document, branch)) {
                    branches.retain(|branch| is_scalar(document, branch));
                }
                if let Some(branch) = branches.choose(random) {
                    if let Some(tag) = branch_tag(document, &schema, branch, random) {
                        all.tags.push(tag);
                    }
                    pending.push((branch.clone(), false));
                }
            }
            if let Some(condition) = schema.get("if") {
                let (branch, condition) = match random.random_bool(0.5) {
                    true => (schema.get("then"), Some(condition)),
                    // That the condition fails is validated afterwards.
                    false => (schema.get("else"), None),
                };
                pending.extend(branch.into_iter().chain(condition).map(|branch| (branch, false)));
            }
            for (_, dependent) in schema.get("dependentSchemas").iter().flat_map(Node::members) {
                // Whether the property is present isn't known yet; this is validated afterwards.
                if random.random_bool(0.75) {
                    pending.push((dependent, false));
                }
            }
            let branches = schema.get("oneOf").or_else(|| schema.get("anyOf"));
            if branches.is_none()
                && let Some((tag, variant)) =
                    choose_variant(document, &schema, &visited, alone, random)
            {
                all.tags.push(tag);
                pending.push((variant, false));
            }
            all.schemas.push(schema);
        }
        Ok(all)
    }

    /// Whether a value that is built for the schemas may violate them.
    pub(super) fn needs_validation(&self) -> bool {
        let has = |schema: &Node<'a>| UNCERTAIN.iter().any(|keyword| schema.get(keyword).is_some());
        self.schemas.iter().any(has)
    }

    /// Chooses a value that `const` and `enum` allow; `None` if no schema has them.
    pub(super) fn constant(&self, random: &mut impl Rng) -> Result<Option<Value>, Unsatisfiable> {
        let mut candidates: Option<Vec<&Value>> = None;
        for schema in &self.schemas {
            let own: Vec<&Value> = match (schema.value.get("const"), schema.value.get("enum")) {
                (Some(only), _) => vec![only],
                (None, Some(Value::Array(values))) => values.iter().collect(),
                _ => continue,
            };
            candidates = Some(match candidates {
                None => own,
                Some(others) => others.into_iter().filter(|value| own.contains(value)).collect(),
            });
        }
        let Some(candidates) = candidates else { return Ok(None) };
        let has_allowed_type = |value: &&&Value| {
            self.types().is_ok_and(|types| types.iter().any(|name| has_type(value, name)))
        };
        let allowed: Vec<_> = candidates.iter().filter(has_allowed_type).collect();
        allowed.choose(random).map(|value| Some((***value).clone())).ok_or(Unsatisfiable)
    }

    /// Returns the types that all schemas allow.
    pub(super) fn types(&self) -> Result<Vec<&'a str>, Unsatisfiable> {
        let mut types: Option<Vec<&'a str>> = None;
        for schema in &self.schemas {
            let own: Vec<&str> = match schema.value.get("type") {
                Some(Value::String(name)) => vec![name],
                Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
                _ => continue,
            };
            types = Some(match types {
                None => own,
                Some(others) => intersect_types(&others, &own),
            });
        }
        let types = types.unwrap_or_else(|| self.implied_types());
        if types.is_empty() { Err(Unsatisfiable) } else { Ok(types) }
    }

    /// Returns the type that the keywords apply to; all types if there are no such keywords.
    fn implied_types(&self) -> Vec<&'a str> {
        let has = |keywords: &[&str]| {
            self.schemas
                .iter()
                .any(|schema| keywords.iter().any(|keyword| schema.value.get(keyword).is_some()))
        };
        if !self.tags.is_empty()
            || has(&["properties", "required", "additionalProperties", "patternProperties"])
        {
            vec!["object"]
        } else if has(&["items", "prefixItems", "minItems", "contains"]) {
            vec!["array"]
        } else if has(&["pattern", "format", "minLength", "maxLength"]) {
            vec!["string"]
        } else if has(&["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]) {
            vec!["number"]
        } else {
            TYPES.to_vec()
        }
    }

    /// Returns the values of a keyword in all schemas.
    pub(super) fn all(&self, keyword: &str) -> Vec<Node<'a>> {
        self.schemas.iter().filter_map(|schema| schema.get(keyword)).collect()
    }

    /// Returns the strings of a keyword in all schemas.
    pub(super) fn texts(&self, keyword: &str) -> impl Iterator<Item = &'a str> {
        self.schemas.iter().filter_map(move |schema| schema.text(keyword))
    }

    /// Returns the schemas of the value whose JSON text a string is; `None` if it isn't JSON text.
    pub(super) fn json_content(&self) -> Option<Vec<Node<'a>>> {
        let schemas = self.all("contentSchema");
        let is_other = self.texts("contentMediaType").any(|media_type| !is_json(media_type))
            || self.texts("contentEncoding").next().is_some();
        (!schemas.is_empty() && !is_other).then_some(schemas)
    }

    /// Whether a keyword is `true` in any schema.
    pub(super) fn flag(&self, keyword: &str) -> bool {
        self.schemas.iter().any(|schema| schema.flag(keyword) == Some(true))
    }

    /// Returns the largest count of a keyword.
    pub(super) fn largest(&self, keyword: &str) -> Option<u64> {
        self.schemas.iter().filter_map(|schema| count(schema.value.get(keyword)?)).max()
    }

    /// Returns the smallest count of a keyword.
    pub(super) fn smallest(&self, keyword: &str) -> Option<u64> {
        self.schemas.iter().filter_map(|schema| count(schema.value.get(keyword)?)).min()
    }

    /// Returns the schemas of the array item at an index.
    pub(super) fn item(&self, index: usize) -> Vec<Node<'a>> {
        let item = |schema: &Node<'a>| {
            let prefix = schema.get("prefixItems").and_then(|items| items.items().nth(index));
            prefix.or_else(|| schema.get("items"))
        };
        self.schemas.iter().filter_map(item).collect()
    }

    /// Returns the required properties, by `required` and `dependentRequired`.
    pub(super) fn required(&self) -> HashSet<&'a str> {
        let names = |list: &Node<'a>| -> Vec<&'a str> {
            list.value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
        };
        let mut required: HashSet<&str> = self.all("required").iter().flat_map(names).collect();
        for dependent in self.all("dependentRequired") {
            for (name, list) in dependent.members() {
                if required.contains(name) {
                    required.extend(names(&list));
                }
            }
        }
        required
    }

    /// Returns the names of all declared properties, then of those that are only required.
    pub(super) fn properties(&self) -> Vec<&'a str> {
        let mut names = Vec::new();
        let declared = self.all("properties");
        for (name, _) in declared.iter().flat_map(Node::members) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let mut undeclared: Vec<_> =
            self.required().into_iter().filter(|name| !names.contains(name)).collect();
        undeclared.sort_unstable();
        names.extend(undeclared);
        names
    }

    /// Whether a property is declared by name.
    pub(super) fn declares(&self, name: &str) -> bool {
        self.all("properties").iter().any(|properties| properties.get(name).is_some())
    }

    /// Returns the schemas of a property: in each schema, those that declare its name or match it,
    /// or else that of additional properties.
    pub(super) fn property(&self, name: &str) -> Vec<Node<'a>> {
        let mut schemas = Vec::new();
        for schema in &self.schemas {
            let declared = schema.get("properties").and_then(|properties| properties.get(name));
            let patterns = schema.get("patternProperties");
            let matching = patterns.iter().flat_map(Node::members);
            let matching = matching.filter(|(pattern, _)| pattern::matches(pattern, name));
            let mut own: Vec<_> = declared.into_iter().collect();
            own.extend(matching.map(|(_, schema)| schema));
            if own.is_empty() {
                own.extend(schema.get("additionalProperties"));
            }
            schemas.extend(own);
        }
        if schemas.is_empty() { self.all("unevaluatedProperties") } else { schemas }
    }

    /// Returns the schemas of `contains`, each with the number of items that it requires.
    pub(super) fn contained(&self) -> Vec<(Node<'a>, u64)> {
        let contained = self.schemas.iter().filter_map(|schema| {
            let minimum = schema.value.get("minContains").and_then(count).unwrap_or(1);
            Some((schema.get("contains")?, minimum))
        });
        contained.collect()
    }

    /// Returns the patterns of `patternProperties` with their schemas.
    pub(super) fn pattern_properties(&self) -> Vec<(&'a str, Node<'a>)> {
        self.all("patternProperties").iter().flat_map(Node::members).collect()
    }

    /// Returns the schemas of additional properties; `None` if these are forbidden.
    pub(super) fn additional(&self) -> Option<Vec<Node<'a>>> {
        let mut schemas = self.all("additionalProperties");
        schemas.extend(self.all("unevaluatedProperties"));
        let forbidden = schemas.iter().any(|schema| schema.value == &Value::Bool(false));
        (!forbidden).then_some(schemas)
    }
}

/// Whether a schema allows scalars only, so that it ends recursion.
fn is_scalar<'a>(document: &'a Document, schema: &Node<'a>) -> bool {
    let target = schema.text("$ref").and_then(|reference| document.target(reference));
    let schema = target.as_ref().unwrap_or(schema);
    let is_scalar = |name: &Value| name != "object" && name != "array";
    match schema.value.get("type") {
        Some(Value::Array(names)) => names.iter().all(is_scalar),
        Some(name) => is_scalar(name),
        None => schema.get("const").or_else(|| schema.get("enum")).is_some(),
    }
}

/// Returns a count such as `minLength`, which may be written as `1.0`.
fn count(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_f64().map(|number| number as u64))
}

/// Returns the types in both lists. Every integer is a number.
fn intersect_types<'a>(left: &[&'a str], right: &[&'a str]) -> Vec<&'a str> {
    let mut common = Vec::new();
    for left in left {
        for right in right {
            let both = match (*left, *right) {
                (left, right) if left == right => left,
                ("integer", "number") | ("number", "integer") => "integer",
                _ => continue,
            };
            common.push(both);
        }
    }
    common
}

/// Returns the discriminator property of a union, with its value for a branch.
fn branch_tag(
    document: &Document,
    union: &Node<'_>,
    branch: &Node<'_>,
    random: &mut impl Rng,
) -> Option<(String, String)> {
    let discriminator = union.get("discriminator")?;
    let property = discriminator.text("propertyName")?;
    let reference = branch.text("$ref")?;
    let target = document.target(reference)?;
    let mapping = discriminator.get("mapping");
    let mapped: Vec<&str> = mapping
        .iter()
        .flat_map(Node::members)
        .filter(|(_, entry)| {
            let entry = entry.value.as_str().and_then(|entry| mapping_target(document, entry));
            entry.is_some_and(|entry| entry.pointer == target.pointer)
        })
        .map(|(tag, _)| tag)
        .collect();
    let tag = match mapped.choose(random) {
        Some(tag) => (*tag).to_owned(),
        // Without an entry, the name of the schema is its tag.
        None => reference.rsplit('/').next()?.to_owned(),
    };
    Some((property.to_owned(), tag))
}

/// Chooses a schema from the mapping of a base with a discriminator, and its tag.
///
/// Unless the base stands alone, it is the variant that includes the base.
fn choose_variant<'a>(
    document: &'a Document,
    base: &Node<'a>,
    visited: &HashSet<String>,
    alone: bool,
    random: &mut impl Rng,
) -> Option<((String, String), Node<'a>)> {
    let discriminator = base.get("discriminator")?;
    let property = discriminator.text("propertyName")?;
    let entries = discriminator.get("mapping")?.members();
    let variants = entries
        .filter_map(|(tag, entry)| Some((tag, mapping_target(document, entry.value.as_str()?)?)));
    let variants: Vec<_> =
        variants.filter(|(_, variant)| alone || visited.contains(&variant.pointer)).collect();
    let (tag, variant) = variants.choose(random)?;
    Some(((property.to_owned(), (*tag).to_owned()), variant.clone()))
}

/// Resolves an entry of a discriminator's mapping: a reference, or the name of a schema.
fn mapping_target<'a>(document: &'a Document, entry: &str) -> Option<Node<'a>> {
    let by_name = || document.node_at(&format!("/components/schemas/{}", Pointer::escape(entry)));
    document.target(entry).or_else(by_name)
}
