//! Building of one instance, value by value.

use openapi_document::{Document, Node, Pointer};
use rand::{RngExt, seq::IndexedRandom};
use rand_pcg::Pcg64Mcg;
use serde_json::{Map, Value};

use super::{
    conjunction::Conjunction, numbers, patterns, separation, strings, unsatisfiable::Unsatisfiable,
};
use crate::validator::{Validator, Validity};

/// The number of times that a value is built by itself until it is valid.
const REBUILDS: usize = 16;
/// The number of rebuilds of a value after which its optional properties vary.
const UNVARIED_REBUILDS: usize = 2;
/// The number of rebuilds in an attempt.
const MAX_REBUILDS: usize = 2_000;
/// The depth below which optional properties are omitted.
const OPTIONAL_DEPTH: usize = 7;
/// The depth below which nothing is built: the schema may require itself.
const MAX_DEPTH: usize = 24;
/// The number of values in an instance after which optional properties are omitted, and recursion
/// is ended.
const OPTIONAL_VALUES: usize = 4_000;

/// The amount of optional values in an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Required properties only.
    Minimal,
    /// All properties.
    Full,
}

/// The effort to build a valid instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    /// Builds each value once; the instance is validated as a whole.
    Plain,
    /// Validates each value that may violate its schemas, and builds it again by itself.
    Thorough,
    /// As `Thorough`, and accepts values that fit several members of a `oneOf`.
    Lenient,
}

/// The builder of one instance.
pub(super) struct InstanceBuilder<'a> {
    document: &'a Document,
    validator: &'a Validator,
    random: Pcg64Mcg,
    fill: Fill,
    effort: Effort,
    /// Whether optional values are built or omitted at random, whatever `fill` is.
    varies: bool,
    /// The number of values that were built again.
    rebuilds: usize,
    /// The number of values built.
    pub(super) built: usize,
    max_values: usize,
    pub(super) trace: Vec<(String, String)>,
}

impl<'a> InstanceBuilder<'a> {
    /// Creates a builder of one instance, of `max_values` values at most.
    pub(super) fn new(
        document: &'a Document,
        validator: &'a Validator,
        random: Pcg64Mcg,
        fill: Fill,
        effort: Effort,
        max_values: usize,
    ) -> Self {
        Self {
            document,
            validator,
            random,
            fill,
            effort,
            varies: false,
            rebuilds: 0,
            built: 0,
            max_values,
            trace: Vec::new(),
        }
    }

    /// Builds a value that meets all of `schemas`, at `pointer` in the instance.
    pub(super) fn value(
        &mut self,
        schemas: &[Node<'a>],
        pointer: &str,
        depth: usize,
    ) -> Result<Value, Unsatisfiable> {
        if self.effort == Effort::Plain {
            return self.build(schemas, pointer, depth).map(|built| built.value);
        }
        let (traced, varies) = (self.trace.len(), self.varies);
        let mut ambiguous: Option<Value> = None;
        let mut result = Err(Unsatisfiable);
        for rebuild in 0..REBUILDS {
            if rebuild > 0 {
                if self.rebuilds >= MAX_REBUILDS {
                    break;
                }
                self.rebuilds += 1;
            }
            self.varies = varies || rebuild > UNVARIED_REBUILDS;
            self.trace.truncate(traced);
            let Ok(built) = self.build(schemas, pointer, depth) else { continue };
            let validity = match built.needs_validation {
                true => self.validity(schemas, &built.value),
                false => Validity::Valid,
            };
            match validity {
                Validity::Ambiguous { here: true } => ambiguous = Some(built.value),
                Validity::Invalid => {}
                Validity::Valid | Validity::Ambiguous { here: false } => {
                    result = Ok(built.value);
                    break;
                }
            }
        }
        self.varies = varies;
        match (result, ambiguous) {
            (Err(_), Some(value)) => {
                let is_valid = |value: &Value| self.validity(schemas, value) == Validity::Valid;
                match separation::separated(self.document, schemas, &value, is_valid) {
                    Some(separated) => Ok(separated),
                    None if self.effort == Effort::Lenient => Ok(value),
                    None => Err(Unsatisfiable),
                }
            }
            (result, _) => result,
        }
    }

    /// Validates a value against all of `schemas`.
    fn validity(&self, schemas: &[Node<'a>], value: &Value) -> Validity {
        // A schema that isn't valid itself is reported for the whole instance.
        let validity = |schema: &Node<'a>| {
            self.validator.validity(&schema.pointer, value).unwrap_or(Validity::Valid)
        };
        schemas.iter().map(validity).max().unwrap_or(Validity::Valid)
    }

    /// Builds a value once.
    fn build(
        &mut self,
        schemas: &[Node<'a>],
        pointer: &str,
        depth: usize,
    ) -> Result<BuiltValue, Unsatisfiable> {
        if depth > MAX_DEPTH || self.built >= self.max_values {
            return Err(Unsatisfiable);
        }
        self.built += 1;
        let is_deep = depth > OPTIONAL_DEPTH || self.built > OPTIONAL_VALUES;
        let all = Conjunction::new(self.document, schemas, is_deep, &mut self.random)?;
        self.trace
            .extend(all.schemas.iter().map(|schema| (pointer.to_owned(), schema.pointer.clone())));
        let needs_validation = all.needs_validation();
        if let Some(value) = all.constant(&mut self.random)? {
            return Ok(BuiltValue { value, needs_validation });
        }
        let mut types = all.types()?;
        // Null ends the recursion of recursive schemas.
        if is_deep && !self.varies && types.contains(&"null") {
            types = vec!["null"];
        }
        let chosen = *types.choose(&mut self.random).ok_or(Unsatisfiable)?;
        let value = match chosen {
            "null" => Value::Null,
            "boolean" => self.random.random_bool(0.5).into(),
            "integer" => numbers::integer(&all, &mut self.random).ok_or(Unsatisfiable)?,
            "number" => numbers::number(&all, &mut self.random).ok_or(Unsatisfiable)?,
            "string" => match all.json_content() {
                Some(schemas) => self.json_text(&schemas, depth)?,
                None => strings::string(&all, &mut self.random).ok_or(Unsatisfiable)?,
            },
            "array" => self.array(&all, pointer, depth)?,
            _ => self.object(&all, pointer, depth)?,
        };
        Ok(BuiltValue { value, needs_validation })
    }

    /// Whether optional values are built at this depth.
    fn includes_optional(&mut self, depth: usize) -> bool {
        let wanted = match self.varies {
            true => self.random.random_bool(0.5),
            false => self.fill == Fill::Full,
        };
        wanted && depth <= OPTIONAL_DEPTH && self.built < OPTIONAL_VALUES
    }

    /// Builds an optional value. If that fails, its trace is removed.
    fn optional(&mut self, schemas: &[Node<'a>], pointer: &str, depth: usize) -> Option<Value> {
        let traced = self.trace.len();
        let value = self.value(schemas, pointer, depth);
        if value.is_err() {
            self.trace.truncate(traced);
        }
        value.ok()
    }

    /// Builds JSON text of a value that meets all of `schemas`.
    fn json_text(&mut self, schemas: &[Node<'a>], depth: usize) -> Result<Value, Unsatisfiable> {
        let traced = self.trace.len();
        let value = self.value(schemas, "", depth + 1);
        // The value isn't a part of the instance.
        self.trace.truncate(traced);
        Ok(value?.to_string().into())
    }

    fn array(
        &mut self,
        all: &Conjunction<'a>,
        pointer: &str,
        depth: usize,
    ) -> Result<Value, Unsatisfiable> {
        let minimum = all.largest("minItems").unwrap_or(0);
        let maximum = all.smallest("maxItems").unwrap_or(u64::MAX);
        let unique = all.flag("uniqueItems");
        let length = match self.includes_optional(depth) {
            true => minimum.max(1) + self.random.random_range(0..=2),
            false => minimum,
        };
        let contained = all.contained();
        let most_contained = contained.iter().map(|(_, count)| *count).max().unwrap_or(0);
        let length = length.max(most_contained).min(maximum);
        let mut items: Vec<Value> = Vec::new();
        let mut duplicates = 0;
        while (items.len() as u64) < length {
            let index = items.len();
            let mut schemas = all.item(index);
            let needed = contained.iter().filter(|(_, count)| (index as u64) < *count);
            schemas.extend(needed.map(|(schema, _)| schema.clone()));
            let item_pointer = format!("{pointer}/{index}");
            let required = (index as u64) < minimum.max(most_contained);
            let item = match self.optional(&schemas, &item_pointer, depth + 1) {
                Some(item) => item,
                None if required => return Err(Unsatisfiable),
                None => break,
            };
            if unique && items.contains(&item) {
                duplicates += 1;
                if duplicates < 20 {
                    continue;
                }
                if required {
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
        pointer: &str,
        depth: usize,
    ) -> Result<Value, Unsatisfiable> {
        let mut object = Map::new();
        let required = all.required();
        let maximum = all.smallest("maxProperties").unwrap_or(u64::MAX);
        let mut optional = maximum.saturating_sub(required.len() as u64);
        for name in all.properties() {
            let is_required = required.contains(&name);
            if !is_required {
                if optional == 0 || !self.includes_optional(depth) {
                    continue;
                }
                optional -= 1;
            }
            let property_pointer = format!("{pointer}/{}", Pointer::escape(name));
            let tag = all.tags.iter().find(|(property, _)| property == name);
            let value = match tag {
                Some((_, tag)) => {
                    // Built for its trace only.
                    self.optional(&all.property(name), &property_pointer, depth + 1);
                    Some(Value::from(tag.as_str()))
                }
                None => self.optional(&all.property(name), &property_pointer, depth + 1),
            };
            match value {
                Some(value) => drop(object.insert(name.to_owned(), value)),
                None if is_required => return Err(Unsatisfiable),
                None => {}
            }
        }
        for (property, tag) in &all.tags {
            object.entry(property.clone()).or_insert_with(|| tag.as_str().into());
        }
        self.additional_properties(all, &mut object, pointer, depth)?;
        Ok(Value::Object(object))
    }

    /// Adds properties without a declared name: of `patternProperties`, of `additionalProperties`,
    /// and up to `minProperties`.
    fn additional_properties(
        &mut self,
        all: &Conjunction<'a>,
        object: &mut Map<String, Value>,
        pointer: &str,
        depth: usize,
    ) -> Result<(), Unsatisfiable> {
        let minimum = all.largest("minProperties").unwrap_or(0);
        let maximum = all.smallest("maxProperties").unwrap_or(u64::MAX);
        if self.includes_optional(depth) {
            for (pattern, schema) in all.pattern_properties() {
                let Some(name) = patterns::matching(pattern, &mut self.random) else { continue };
                let property_pointer = format!("{pointer}/{}", Pointer::escape(&name));
                if let Some(value) = self.optional(&[schema], &property_pointer, depth + 1) {
                    object.insert(name, value);
                }
            }
        }
        let additional = all.additional();
        let length = match (self.includes_optional(depth), &additional) {
            (true, Some(schemas)) if !schemas.is_empty() => minimum.max(object.len() as u64 + 2),
            _ => minimum,
        };
        let mut attempts = 0;
        while (object.len() as u64) < length.min(maximum) {
            attempts += 1;
            let name = match all.all("propertyNames").as_slice() {
                [] => Value::from(strings::property_name(&mut self.random)),
                schemas => self.value(schemas, "", MAX_DEPTH)?,
            };
            let (Some(name), Some(schemas)) = (name.as_str(), &additional) else {
                return Err(Unsatisfiable);
            };
            if all.declares(name) || object.contains_key(name) {
                if attempts > 50 {
                    break;
                }
                continue;
            }
            let property_pointer = format!("{pointer}/{}", Pointer::escape(name));
            let Some(value) = self.optional(schemas, &property_pointer, depth + 1) else { break };
            object.insert(name.to_owned(), value);
        }
        if (object.len() as u64) < minimum { Err(Unsatisfiable) } else { Ok(()) }
    }
}

/// A value, and whether it may violate its schemas.
struct BuiltValue {
    value: Value,
    needs_validation: bool,
}
