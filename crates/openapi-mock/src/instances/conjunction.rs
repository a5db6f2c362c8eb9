//! All that a value has to meet, in one list.

use std::collections::HashSet;

use openapi_document::{Document, Node, Pointer, json_type::has_type};
use rand::{Rng, seq::IndexedRandom};
use serde_json::Value;

use super::unsatisfiable::Unsatisfiable;

/// Types in the order in which they are tried where a schema names none.
const KINDS: [&str; 6] = ["null", "boolean", "integer", "string", "array", "object"];

/// Schemas without `$ref`, `allOf`, `oneOf` and `anyOf`: those are spread out.
pub(super) struct Conjunction<'a> {
    pub(super) parts: Vec<Node<'a>>,
    /// Properties whose value says which variant the object is.
    pub(super) tags: Vec<(String, String)>,
}

impl<'a> Conjunction<'a> {
    /// Spreads schemas out; branches are chosen here.
    pub(super) fn of(
        document: &'a Document,
        schemas: &[Node<'a>],
        random: &mut impl Rng,
    ) -> Result<Self, Unsatisfiable> {
        let mut all = Self { parts: Vec::new(), tags: Vec::new() };
        let mut seen = HashSet::new();
        // A schema with a discriminator and no branches is the base of those that include it. It
        // asks for one of them where it stands by itself, not where one of them includes it.
        let mut waiting: Vec<(Node<'a>, bool)> =
            schemas.iter().cloned().map(|s| (s, true)).collect();
        while let Some((schema, alone)) = waiting.pop() {
            if !seen.insert(schema.pointer.clone()) {
                continue;
            }
            match schema.value {
                Value::Bool(true) => continue,
                Value::Object(_) => {}
                _ => return Err(Unsatisfiable),
            }
            if let Some(reference) = schema.text("$ref") {
                waiting.push((document.target(reference).ok_or(Unsatisfiable)?, alone));
            }
            waiting.extend(schema.get("allOf").iter().flat_map(Node::items).map(|s| (s, false)));
            for keyword in ["oneOf", "anyOf"] {
                let branches: Vec<_> = schema.get(keyword).iter().flat_map(Node::items).collect();
                if let Some(branch) = branches.choose(random) {
                    if let Some(tag) = tag_of(document, &schema, branch, random) {
                        all.tags.push(tag);
                    }
                    waiting.push((branch.clone(), false));
                }
            }
            let branches = schema.get("oneOf").or_else(|| schema.get("anyOf"));
            if branches.is_none()
                && let Some((tag, variant)) = variant(document, &schema, &seen, alone, random)
            {
                all.tags.push(tag);
                waiting.push((variant, false));
            }
            all.parts.push(schema);
        }
        Ok(all)
    }

    /// What `const` or `enum` leaves.
    pub(super) fn fixed(&self, random: &mut impl Rng) -> Result<Option<Value>, Unsatisfiable> {
        let mut candidates: Option<Vec<&Value>> = None;
        for part in &self.parts {
            let own: Vec<&Value> = match (part.value.get("const"), part.value.get("enum")) {
                (Some(only), _) => vec![only],
                (None, Some(Value::Array(values))) => values.iter().collect(),
                _ => continue,
            };
            candidates = Some(match candidates {
                None => own,
                Some(both) => both.into_iter().filter(|value| own.contains(value)).collect(),
            });
        }
        let Some(candidates) = candidates else { return Ok(None) };
        let fits = |value: &&&Value| {
            self.kinds().is_ok_and(|kinds| kinds.iter().any(|of| has_type(value, of)))
        };
        let fitting: Vec<_> = candidates.iter().filter(fits).collect();
        fitting.choose(random).map(|value| Some((***value).clone())).ok_or(Unsatisfiable)
    }

    /// The types that all parts allow.
    pub(super) fn kinds(&self) -> Result<Vec<&'a str>, Unsatisfiable> {
        let mut kinds: Option<Vec<&'a str>> = None;
        for part in &self.parts {
            let own: Vec<&str> = match part.value.get("type") {
                Some(Value::String(name)) => vec![name],
                Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
                _ => continue,
            };
            kinds = Some(match kinds {
                None => own,
                Some(both) => meet(&both, &own),
            });
        }
        let kinds = kinds.unwrap_or_else(|| self.implied());
        if kinds.is_empty() { Err(Unsatisfiable) } else { Ok(kinds) }
    }

    /// The types that the keywords speak of; any where they speak of none.
    fn implied(&self) -> Vec<&'a str> {
        let has = |names: &[&str]| {
            self.parts.iter().any(|part| names.iter().any(|name| part.value.get(name).is_some()))
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
            KINDS.to_vec()
        }
    }

    /// The schemas under `keyword`.
    pub(super) fn all(&self, keyword: &str) -> Vec<Node<'a>> {
        self.parts.iter().filter_map(|part| part.get(keyword)).collect()
    }

    pub(super) fn texts(&self, keyword: &str) -> impl Iterator<Item = &'a str> {
        self.parts.iter().filter_map(move |part| part.text(keyword))
    }

    pub(super) fn flag(&self, keyword: &str) -> bool {
        self.parts.iter().any(|part| part.flag(keyword) == Some(true))
    }

    pub(super) fn largest(&self, keyword: &str) -> Option<u64> {
        self.parts.iter().filter_map(|part| count(part.value.get(keyword)?)).max()
    }

    pub(super) fn smallest(&self, keyword: &str) -> Option<u64> {
        self.parts.iter().filter_map(|part| count(part.value.get(keyword)?)).min()
    }

    /// The schemas of an item.
    pub(super) fn item(&self, index: usize) -> Vec<Node<'a>> {
        let of = |part: &Node<'a>| {
            let first = part.get("prefixItems").and_then(|items| items.items().nth(index));
            first.or_else(|| part.get("items"))
        };
        self.parts.iter().filter_map(of).collect()
    }

    /// The names that must be there, those that others depend on included.
    pub(super) fn required(&self) -> HashSet<&'a str> {
        let names = |list: &Node<'a>| -> Vec<&'a str> {
            list.value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
        };
        let mut required: HashSet<&str> = self
            .parts
            .iter()
            .filter_map(|part| part.get("required"))
            .flat_map(|l| names(&l))
            .collect();
        for dependent in self.all("dependentRequired") {
            for (name, list) in dependent.members() {
                if required.contains(name) {
                    required.extend(names(&list));
                }
            }
        }
        required
    }

    /// The declared names, each once, and those that are only required.
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

    pub(super) fn declares(&self, name: &str) -> bool {
        self.all("properties").iter().any(|properties| properties.get(name).is_some())
    }

    pub(super) fn property(&self, name: &str) -> Vec<Node<'a>> {
        let declared: Vec<_> =
            self.all("properties").iter().filter_map(|properties| properties.get(name)).collect();
        if declared.is_empty() { self.additional().unwrap_or_default() } else { declared }
    }

    pub(super) fn patterns(&self) -> Vec<(&'a str, Node<'a>)> {
        self.all("patternProperties").iter().flat_map(Node::members).collect()
    }

    /// The schemas of members without a declared name: `None` where there may be none.
    pub(super) fn additional(&self) -> Option<Vec<Node<'a>>> {
        let mut schemas = self.all("additionalProperties");
        schemas.extend(self.all("unevaluatedProperties"));
        let forbidden = schemas.iter().any(|schema| schema.value == &Value::Bool(false));
        (!forbidden).then_some(schemas)
    }
}

/// A count in a schema: a number without a fraction, even if written with one.
fn count(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_f64().map(|number| number as u64))
}

/// The types in both lists; every integer is a number.
fn meet<'a>(left: &[&'a str], right: &[&'a str]) -> Vec<&'a str> {
    let mut both = Vec::new();
    for one in left {
        for other in right {
            let met = match (*one, *other) {
                (one, other) if one == other => one,
                ("integer", "number") | ("number", "integer") => "integer",
                _ => continue,
            };
            both.push(met);
        }
    }
    both
}

/// The tag by which `union` knows `branch`.
fn tag_of(
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
        .filter(|(_, to)| {
            let to = to.value.as_str().and_then(|to| named(document, to));
            to.is_some_and(|to| to.pointer == target.pointer)
        })
        .map(|(tag, _)| tag)
        .collect();
    let tag = match mapped.choose(random) {
        Some(tag) => (*tag).to_owned(),
        // Without an entry, the schema's name is its tag.
        None => reference.rsplit('/').next()?.to_owned(),
    };
    Some((property.to_owned(), tag))
}

/// One of the schemas that a base's mapping names, with its tag: the one that the base was reached
/// from, or any if it stands alone.
fn variant<'a>(
    document: &'a Document,
    base: &Node<'a>,
    seen: &HashSet<String>,
    alone: bool,
    random: &mut impl Rng,
) -> Option<((String, String), Node<'a>)> {
    let discriminator = base.get("discriminator")?;
    let property = discriminator.text("propertyName")?;
    let entries = discriminator.get("mapping")?.members();
    let variants =
        entries.filter_map(|(tag, to)| Some((tag, named(document, to.value.as_str()?)?)));
    let variants: Vec<_> =
        variants.filter(|(_, variant)| alone || seen.contains(&variant.pointer)).collect();
    let (tag, variant) = variants.choose(random)?;
    Some(((property.to_owned(), (*tag).to_owned()), variant.clone()))
}

/// What a mapping's value names: a reference, or a schema's name.
fn named<'a>(document: &'a Document, to: &str) -> Option<Node<'a>> {
    let by_name = || document.at(&format!("/components/schemas/{}", Pointer::escape(to)));
    document.target(to).or_else(by_name)
}
