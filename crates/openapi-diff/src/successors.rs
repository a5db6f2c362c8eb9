//! Proposals of what to call instead of deprecated operations.
//!
//! Where an API renames a resource, many operations move at once: `/agents/{id}/execute` becomes
//! `/workflows/{id}/execute`, and so on. A pair of operations is proposed if both have the same
//! method, the rest of their paths is the same, enough others moved alike, and their schemas have
//! the same properties. What the documents don't show is left to a person: a wrong pair is worse
//! than none.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    rc::Rc,
};

use openapi_document::{Method, Pointer};
use serde_json::{Map, Value};

use crate::{
    media_types,
    operation::{Operation, read_operations},
    resolver::Resolver,
    successor::Successor,
};

/// The minimum number of operations that move alike.
const MIN_SUPPORT: usize = 3;

/// The minimum score, in percent.
const MIN_SCORE: u32 = 70;

/// The minimum lead over the next candidate, in percent.
const MIN_LEAD: u32 = 5;

/// The maximum number of candidates for an operation whose schemas are compared.
const MAX_CANDIDATES: usize = 8;

/// The maximum number of properties of a schema that are compared.
const MAX_PROPERTIES: usize = 500;

/// The maximum number of schemas whose properties are collected for one body: a schema may be
/// reached in many ways.
const MAX_SCHEMAS: usize = 2_000;

/// The maximum number of pairs of a deprecated operation and another one. Of larger documents
/// nothing is proposed.
const MAX_PAIRS: usize = 1_000_000;

/// The depth to which the properties of nested objects are compared.
const DEPTH: usize = 3;

/// Proposes successors of the operations that are deprecated in the new document and weren't in the
/// old one, in the order of the new document.
///
/// Candidates are the operations of the new document that aren't deprecated. There is no proposal
/// for an operation without operationId, nor if two candidates are about equally good.
pub fn propose_successors(old: &Value, new: &Value) -> Vec<Successor> {
    let (old, new) = (Resolver::new(old), Resolver::new(new));
    let (old, operations) = (read_operations(&old), read_operations(&new));
    propose(&newly_deprecated(&old, &operations), &old, &operations, &new)
}

/// Proposes successors of operations that have been read: see [`propose_successors`].
pub(crate) fn propose(
    newly_deprecated: &[String],
    old: &[Operation],
    operations: &[Operation],
    new: &Resolver,
) -> Vec<Successor> {
    let newly: HashSet<&str> = newly_deprecated.iter().map(String::as_str).collect();
    let (deprecated, candidates): (Vec<_>, Vec<_>) = operations
        .iter()
        .filter(|operation| operation.has_id)
        .map(Endpoint::new)
        .partition(|endpoint| endpoint.operation.is_deprecated());
    if deprecated.len().saturating_mul(candidates.len()) > MAX_PAIRS {
        return Vec::new();
    }
    // What was there before, beside the deprecated operations, didn't follow them.
    let before: HashSet<&str> = old.iter().map(|one| one.id.as_str()).collect();
    let is_follower = |candidate: &Candidate| {
        let (from, to) = &candidate.renaming;
        !before.contains(candidate.operation.id.as_str()) || !words(from).is_disjoint(&words(to))
    };
    let mut by_method: HashMap<&Method, Vec<&Endpoint>> = HashMap::new();
    for candidate in &candidates {
        by_method.entry(&candidate.operation.method).or_default().push(candidate);
    }
    let candidates_of = |endpoint: &Endpoint| -> Vec<Candidate> {
        let candidates = by_method.get(&endpoint.operation.method).into_iter().flatten();
        let candidates = candidates.filter_map(|candidate| Candidate::new(endpoint, candidate));
        candidates.filter(is_follower).collect()
    };
    // By hashes: the renamings of all pairs would take much memory.
    let mut support: Support = HashMap::new();
    for candidate in deprecated.iter().flat_map(&candidates_of) {
        *support.entry(candidate.hash()).or_default() += 1;
    }
    let mut schemas = Schemas { resolver: new, properties: HashMap::new() };
    let is_new = |endpoint: &&Endpoint| newly.contains(endpoint.operation.id.as_str());
    let scored: Vec<(&Endpoint, Vec<Scored>)> = deprecated
        .iter()
        .filter(is_new)
        .map(|endpoint| {
            (endpoint, score(endpoint, candidates_of(endpoint), &support, &mut schemas))
        })
        .collect();
    let clear = scored.iter().filter_map(|(_, scored)| clearly_best(scored));
    let confirmed = confirmed(clear);
    let propose = |(endpoint, scored): &(&Endpoint, Vec<Scored>)| {
        let is_confirmed = |one: &&Scored| {
            confirmed.get(&one.candidate.renaming.0) == Some(&one.candidate.renaming.1)
        };
        let chosen = clearly_best(scored).or_else(|| scored.iter().find(is_confirmed))?;
        Some(Successor {
            operation: endpoint.operation.id.clone(),
            successor: chosen.candidate.operation.id.clone(),
            score: Some(chosen.score),
        })
    };
    without_collisions(scored.iter().filter_map(propose).collect())
}

/// The ids of the operations that are deprecated and weren't before.
pub(crate) fn newly_deprecated(old: &[Operation], new: &[Operation]) -> Vec<String> {
    let deprecated = old.iter().filter(|operation| operation.is_deprecated());
    let before: HashSet<&str> = deprecated.map(|one| one.id.as_str()).collect();
    let newly = new
        .iter()
        .filter(|operation| operation.is_deprecated() && !before.contains(operation.id.as_str()));
    newly.map(|operation| operation.id.clone()).collect()
}

/// A candidate with its score in percent.
struct Scored<'a, 'v> {
    candidate: Candidate<'a, 'v>,
    score: u32,
}

/// The candidates that others moved to alike, the best first.
fn score<'a, 'v>(
    endpoint: &Endpoint,
    mut candidates: Vec<Candidate<'a, 'v>>,
    support: &Support,
    schemas: &mut Schemas,
) -> Vec<Scored<'a, 'v>> {
    let support = |candidate: &Candidate| support[&candidate.hash()];
    candidates.retain(|candidate| support(candidate) >= MIN_SUPPORT);
    candidates.sort_by_key(|candidate| Reverse(support(candidate)));
    candidates.truncate(MAX_CANDIDATES);
    let most = candidates.first().map_or(0, support);
    let score = |candidate: Candidate<'a, 'v>| {
        let similarity = schemas.similarity(endpoint.operation, candidate.operation);
        let words = common_share(&words(&candidate.renaming.0), &words(&candidate.renaming.1));
        let share = percent(support(&candidate), most);
        // Paths count most. Without properties on both sides the words have their weight.
        let score = (5 * share + 4 * similarity.unwrap_or(words) + words) / 10;
        Scored { candidate, score }
    };
    let mut scored: Vec<_> = candidates.into_iter().map(score).collect();
    scored.sort_by_key(|one| Reverse(one.score));
    scored
}

/// The best candidate, if it is good enough and no other is about as good.
fn clearly_best<'s, 'a, 'v>(scored: &'s [Scored<'a, 'v>]) -> Option<&'s Scored<'a, 'v>> {
    let best = scored.first()?;
    let next = scored.get(1).map_or(0, |next| next.score);
    (best.score >= MIN_SCORE && best.score >= next + MIN_LEAD).then_some(best)
}

/// The renamings of enough of the best candidates, if the same beginning isn't renamed otherwise,
/// too. Then a few that aren't clear by themselves follow.
fn confirmed<'s>(best: impl Iterator<Item = &'s Scored<'s, 's>>) -> HashMap<String, String> {
    let mut counts: HashMap<&String, HashMap<&String, usize>> = HashMap::new();
    for scored in best {
        let (old, new) = &scored.candidate.renaming;
        *counts.entry(old).or_default().entry(new).or_default() += 1;
    }
    let only = |(old, counts): (&String, HashMap<&String, usize>)| {
        let mut counts = counts.into_iter();
        let (new, count) = counts.next()?;
        let is_confirmed = count >= MIN_SUPPORT && counts.next().is_none();
        is_confirmed.then(|| (old.clone(), new.clone()))
    };
    counts.into_iter().filter_map(only).collect()
}

/// Without operations that share their successor with one of a higher score.
fn without_collisions(mut proposed: Vec<Successor>) -> Vec<Successor> {
    let mut best: HashMap<String, Option<u32>> = HashMap::new();
    for one in &proposed {
        let score = best.entry(one.successor.clone()).or_default();
        *score = one.score.max(*score);
    }
    proposed.retain(|one| one.score == best[&one.successor]);
    proposed
}

/// The number of operations that moved alike, by the hash of the renaming.
type Support = HashMap<u64, usize>;

/// The beginnings of the paths of two operations, which differ, before the same rest.
type Renaming = (String, String);

/// An operation with the segments of its path, without the names of parameters.
struct Endpoint<'a, 'v> {
    operation: &'a Operation<'v>,
    segments: Vec<String>,
}

impl<'a, 'v> Endpoint<'a, 'v> {
    fn new(operation: &'a Operation<'v>) -> Self {
        let shape = operation.shape();
        let segments = shape.split('/').filter(|segment| !segment.is_empty());
        Self { operation, segments: segments.map(str::to_owned).collect() }
    }
}

/// An operation that may be called instead of a deprecated one.
struct Candidate<'a, 'v> {
    operation: &'a Operation<'v>,
    renaming: Renaming,
}

impl<'a, 'v> Candidate<'a, 'v> {
    /// The candidate; `None` if one path is the end of the other, or they have different numbers of
    /// parameters.
    fn new(deprecated: &Endpoint, candidate: &Endpoint<'a, 'v>) -> Option<Self> {
        let (old, new) = (deprecated.segments.as_slice(), candidate.segments.as_slice());
        let common = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new);
        let common = common.count();
        let (old, new) = (&old[..old.len() - common], &new[..new.len() - common]);
        let parameters =
            |segments: &[String]| segments.iter().filter(|one| one.contains('{')).count();
        let is_renamed = !old.is_empty() && !new.is_empty() && parameters(old) == parameters(new);
        let renaming = || (old.join("/"), new.join("/"));
        is_renamed.then(|| Self { operation: candidate.operation, renaming: renaming() })
    }
}

impl Candidate<'_, '_> {
    fn hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.renaming.hash(&mut hasher);
        hasher.finish()
    }
}

/// The words of a path, in the singular.
fn words(path: &str) -> BTreeSet<String> {
    let words = path.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.trim_end_matches('s').to_lowercase()).collect()
}

/// The share of elements of either set that are in both, in percent.
fn common_share(one: &BTreeSet<String>, other: &BTreeSet<String>) -> u32 {
    let common = one.intersection(other).count();
    percent(common, one.len() + other.len() - common)
}

fn percent(part: usize, whole: usize) -> u32 {
    u32::try_from(part * 100 / whole.max(1)).unwrap_or(100)
}

/// The properties of schemas.
struct Schemas<'a, 'v> {
    resolver: &'a Resolver<'v>,
    properties: HashMap<Pointer, Rc<BTreeSet<String>>>,
}

impl Schemas<'_, '_> {
    /// The share of properties of the bodies of both operations that are the same, in percent;
    /// `None` if one of them has no properties.
    fn similarity(&mut self, one: &Operation, other: &Operation) -> Option<u32> {
        let (one, other) = (self.bodies(one), self.bodies(other));
        (!one.is_empty() && !other.is_empty()).then(|| common_share(&one, &other))
    }

    /// The paths of the properties in the request body and in the successful response.
    fn bodies(&mut self, operation: &Operation) -> BTreeSet<String> {
        let success = operation.responses.iter().find(|response| response.is_success());
        let response = success.map(|response| ("response", &response.pointer, response.value));
        let body = operation.body.as_ref().map(|(pointer, body)| ("request", pointer, *body));
        let mut all = BTreeSet::new();
        for (prefix, pointer, body) in body.into_iter().chain(response) {
            let Some(schema) = media_types::schema(pointer, body) else { continue };
            let properties = self.properties(&schema);
            all.extend(properties.iter().map(|path| format!("{prefix}{path}")));
        }
        all
    }

    fn properties(&mut self, schema: &Pointer) -> Rc<BTreeSet<String>> {
        if let Some(known) = self.properties.get(schema) {
            return known.clone();
        }
        let mut properties = BTreeSet::new();
        collect(self.resolver, schema, ("", DEPTH), &mut properties, &mut 0);
        let properties = Rc::new(properties);
        self.properties.insert(schema.clone(), properties.clone());
        properties
    }
}

/// Collects the paths of the properties of a schema.
fn collect(
    resolver: &Resolver,
    schema: &Pointer,
    (path, depth): (&str, usize),
    properties: &mut BTreeSet<String>,
    visited: &mut usize,
) {
    *visited += 1;
    let schema = resolver.resolve_schema(schema);
    let Some(map) = resolver.value(&schema).and_then(Value::as_object) else { return };
    if depth == 0 || properties.len() >= MAX_PROPERTIES || *visited > MAX_SCHEMAS {
        return;
    }
    for keyword in ["allOf", "anyOf", "oneOf"] {
        let members = map.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
        for index in 0..members {
            let member = schema.join(keyword).join(index);
            collect(resolver, &member, (path, depth - 1), properties, visited);
        }
    }
    if map.contains_key("items") {
        let place = (format!("{path}[]"), schema.join("items"));
        collect(resolver, &place.1, (&place.0, depth - 1), properties, visited);
    }
    let named = map.get("properties").and_then(Value::as_object);
    for name in named.into_iter().flat_map(Map::keys) {
        let path = format!("{path}.{name}");
        let property = schema.join("properties").join(name);
        collect(resolver, &property, (&path, depth - 1), properties, visited);
        properties.insert(path);
    }
}
