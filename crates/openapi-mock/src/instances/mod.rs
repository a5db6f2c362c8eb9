//! Instances of the document's schemas: the same for the same seed, minimal or full.
//!
//! A schema is taken as the conjunction of all that it says (`$ref`, `allOf`, the chosen branch of
//! `oneOf` and `anyOf`), and a value is built that meets the conjunction. What can't be built
//! towards (`not`, `if`, exactly one of overlapping branches) is judged: the next draw is tried.

mod conjunction;
mod numbers;
mod strings;
mod unsatisfiable;

use std::fmt;

use openapi_document::{Document, Node, Pointer};
use rand::{RngExt, SeedableRng, seq::IndexedRandom};
use rand_pcg::Pcg64Mcg;
use serde_json::{Map, Value};

use self::{conjunction::Conjunction, unsatisfiable::Unsatisfiable};
use crate::validator::Validator;

/// Draws before a schema counts as one that nothing meets.
const DRAWS: u64 = 60;
/// Below this, optional members are left out.
const DEEP: usize = 7;
/// Below this, nothing is built: the schema may demand itself.
const TOO_DEEP: usize = 24;
/// Values in one instance, after which optional members are left out.
const MANY: usize = 4_000;

/// How much of what is optional an instance has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// What is required only.
    Minimal,
    /// Everything.
    Full,
}

/// Why no instance was built.
#[derive(Debug)]
pub struct NoInstance(String);

impl fmt::Display for NoInstance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoInstance {}

/// An instance, and which schema each of its values was built from.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The value.
    pub value: Value,
    /// Pointers into the value, each with the pointer of a schema that it meets.
    pub trace: Vec<(String, String)>,
}

/// Makes instances of the schemas of a document.
#[derive(Clone, Copy, Debug)]
pub struct Instances<'a> {
    document: &'a Document,
    validator: &'a Validator,
}

impl<'a> Instances<'a> {
    pub(crate) fn new(document: &'a Document, validator: &'a Validator) -> Self {
        Self { document, validator }
    }

    /// An instance of the schema at a JSON pointer.
    ///
    /// # Errors
    ///
    /// If the schema isn't one, or no draw meets it.
    pub fn of(&self, schema: &str, seed: u64, fill: Fill) -> Result<Value, NoInstance> {
        self.traced(schema, seed, fill).map(|instance| instance.value)
    }

    /// As [`Instances::of`], with its trace.
    ///
    /// # Errors
    ///
    /// As there.
    pub fn traced(&self, schema: &str, seed: u64, fill: Fill) -> Result<Instance, NoInstance> {
        self.draw(schema, seed, fill, |_| true)
    }

    /// An instance that `wanted` likes as well.
    ///
    /// # Errors
    ///
    /// As [`Instances::of`].
    pub fn draw(
        &self,
        schema: &str,
        seed: u64,
        fill: Fill,
        wanted: impl Fn(&Value) -> bool,
    ) -> Result<Instance, NoInstance> {
        let none = |why: &str| NoInstance(format!("the schema at #{schema}: {why}"));
        let at = self.document.at(schema).ok_or_else(|| none("not in the document"))?;
        let mut last = "its demands contradict each other, or it demands itself".to_owned();
        for draw in 0..DRAWS {
            let mut builder = Builder {
                document: self.document,
                random: Pcg64Mcg::seed_from_u64(mix(seed, schema, draw)),
                fill,
                built: 0,
                trace: Vec::new(),
            };
            let Ok(value) = builder.value(std::slice::from_ref(&at), "", 0) else { continue };
            let violations = self
                .validator
                .violations(schema, &value, "instance")
                .map_err(|error| none(&error.to_string()))?;
            match violations.first() {
                None if wanted(&value) => return Ok(Instance { value, trace: builder.trace }),
                None => last = "nothing drawn is what was wanted".to_owned(),
                Some(violation) => last = violation.to_string(),
            }
        }
        Err(none(&last))
    }
}

/// One number of a seed, a place and a draw (FNV-1a).
fn mix(seed: u64, place: &str, draw: u64) -> u64 {
    let bytes = seed.to_le_bytes().into_iter().chain(place.bytes()).chain(draw.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Builds one instance.
struct Builder<'a> {
    document: &'a Document,
    random: Pcg64Mcg,
    fill: Fill,
    built: usize,
    trace: Vec<(String, String)>,
}

impl<'a> Builder<'a> {
    /// A value that meets all of `schemas`, for the place `here` in the instance.
    fn value(
        &mut self,
        schemas: &[Node<'a>],
        here: &str,
        depth: usize,
    ) -> Result<Value, Unsatisfiable> {
        if depth > TOO_DEEP {
            return Err(Unsatisfiable);
        }
        self.built += 1;
        let all = Conjunction::of(self.document, schemas, &mut self.random)?;
        self.trace.extend(all.parts.iter().map(|part| (here.to_owned(), part.pointer.clone())));
        if let Some(value) = all.fixed(&mut self.random)? {
            return Ok(value);
        }
        let mut kinds = all.kinds()?;
        // Null ends what could go on for ever.
        if depth > DEEP && kinds.contains(&"null") {
            kinds = vec!["null"];
        }
        let kind = *kinds.choose(&mut self.random).ok_or(Unsatisfiable)?;
        match kind {
            "null" => Ok(Value::Null),
            "boolean" => Ok(self.random.random_bool(0.5).into()),
            "integer" => numbers::integer(&all, &mut self.random).ok_or(Unsatisfiable),
            "number" => numbers::number(&all, &mut self.random).ok_or(Unsatisfiable),
            "string" => strings::string(&all, &mut self.random).ok_or(Unsatisfiable),
            "array" => self.array(&all, here, depth),
            _ => self.object(&all, here, depth),
        }
    }

    /// Whether what is optional is built here.
    fn generous(&self, depth: usize) -> bool {
        self.fill == Fill::Full && depth <= DEEP && self.built < MANY
    }

    /// A value for an optional place; nothing of it is left if it can't be.
    fn optional(&mut self, schemas: &[Node<'a>], here: &str, depth: usize) -> Option<Value> {
        let traced = self.trace.len();
        let value = self.value(schemas, here, depth);
        if value.is_err() {
            self.trace.truncate(traced);
        }
        value.ok()
    }

    fn array(
        &mut self,
        all: &Conjunction<'a>,
        here: &str,
        depth: usize,
    ) -> Result<Value, Unsatisfiable> {
        let least = all.largest("minItems").unwrap_or(0);
        let most = all.smallest("maxItems").unwrap_or(u64::MAX);
        let unique = all.flag("uniqueItems");
        let wanted = match self.generous(depth) {
            true => least.max(1) + self.random.random_range(0..=2),
            false => least,
        };
        let contained = all.all("contains");
        let wanted = wanted.max(u64::from(!contained.is_empty())).min(most);
        let mut items: Vec<Value> = Vec::new();
        let mut tries = 0;
        while (items.len() as u64) < wanted {
            let index = items.len();
            let mut schemas = all.item(index);
            if index == 0 {
                schemas.extend(contained.iter().cloned());
            }
            let there = format!("{here}/{index}");
            let needed = (index as u64) < least || index < contained.len();
            let item = match self.optional(&schemas, &there, depth + 1) {
                Some(item) => item,
                None if needed => return Err(Unsatisfiable),
                None => break,
            };
            if unique && items.contains(&item) {
                tries += 1;
                if tries < 20 {
                    continue;
                }
                if needed {
                    return Err(Unsatisfiable);
                }
                break;
            }
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn object(
        &mut self,
        all: &Conjunction<'a>,
        here: &str,
        depth: usize,
    ) -> Result<Value, Unsatisfiable> {
        let mut object = Map::new();
        let required = all.required();
        let generous = self.generous(depth);
        for name in all.properties() {
            let needed = required.contains(&name);
            if !needed && !generous {
                continue;
            }
            let there = format!("{here}/{}", Pointer::escape(name));
            let tag = all.tags.iter().find(|(property, _)| property == name);
            let value = match tag {
                Some((_, tag)) => {
                    // The property's own schema still counts for the trace.
                    self.optional(&all.property(name), &there, depth + 1);
                    Some(Value::from(tag.as_str()))
                }
                None => self.optional(&all.property(name), &there, depth + 1),
            };
            match value {
                Some(value) => drop(object.insert(name.to_owned(), value)),
                None if needed => return Err(Unsatisfiable),
                None => {}
            }
        }
        for (property, tag) in &all.tags {
            object.entry(property.clone()).or_insert_with(|| tag.as_str().into());
        }
        self.more(all, &mut object, here, depth)?;
        Ok(Value::Object(object))
    }

    /// Members that no name is declared for: of patterns, of maps, and up to `minProperties`.
    fn more(
        &mut self,
        all: &Conjunction<'a>,
        object: &mut Map<String, Value>,
        here: &str,
        depth: usize,
    ) -> Result<(), Unsatisfiable> {
        let least = all.largest("minProperties").unwrap_or(0);
        let most = all.smallest("maxProperties").unwrap_or(u64::MAX);
        if self.generous(depth) {
            for (pattern, schema) in all.patterns() {
                let Some(name) = strings::matching(pattern, &mut self.random) else { continue };
                let there = format!("{here}/{}", Pointer::escape(&name));
                if let Some(value) = self.optional(&[schema], &there, depth + 1) {
                    object.insert(name, value);
                }
            }
        }
        let open = all.additional();
        let wanted = match (self.generous(depth), &open) {
            (true, Some(open)) if !open.is_empty() => least.max(object.len() as u64 + 2),
            _ => least,
        };
        let mut tries = 0;
        while (object.len() as u64) < wanted.min(most) {
            tries += 1;
            let name = match all.all("propertyNames").as_slice() {
                [] => Value::from(strings::name(&mut self.random)),
                names => self.value(names, "", TOO_DEEP)?,
            };
            let (Some(name), Some(open)) = (name.as_str(), &open) else {
                return Err(Unsatisfiable);
            };
            if all.declares(name) || object.contains_key(name) {
                if tries > 50 {
                    break;
                }
                continue;
            }
            let there = format!("{here}/{}", Pointer::escape(name));
            let Some(value) = self.optional(open, &there, depth + 1) else { break };
            object.insert(name.to_owned(), value);
        }
        if (object.len() as u64) < least { Err(Unsatisfiable) } else { Ok(()) }
    }
}
