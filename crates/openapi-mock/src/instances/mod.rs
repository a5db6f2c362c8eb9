//! Generation of instances of the document's schemas, deterministic by seed.
//!
//! All schemas that apply to a value (`$ref`, `allOf`, the chosen branch of `oneOf` and `anyOf`)
//! form a conjunction, and a value is built that meets it. Keywords that can't be built towards
//! (`not`, exactly one of overlapping branches) are validated afterwards; if the value violates
//! them, another one is built: first the whole instance, then each value by itself ([`Effort`]).

mod builder;
mod conjunction;
mod numbers;
mod patterns;
mod separation;
mod strings;
mod unsatisfiable;

use std::fmt;

use openapi_document::Document;
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use serde_json::Value;

pub use self::builder::Fill;
use self::builder::{Effort, InstanceBuilder};
use crate::validator::{Validator, Validity};

/// The number of attempts to build an instance that a predicate accepts.
const ATTEMPTS: u64 = 60;
/// The numbers of failed attempts after which the next effort is made, and the last one given up.
const PLAIN_ATTEMPTS: u64 = 8;
const THOROUGH_ATTEMPTS: u64 = 12;
const LENIENT_ATTEMPTS: u64 = 14;
/// The number of values in all attempts: values that are built again count again.
const MAX_VALUES: usize = 100_000;

/// An error in generating an instance.
#[derive(Debug)]
pub struct InstanceError(String);

impl fmt::Display for InstanceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InstanceError {}

/// A generated instance, and the schemas that its values were built from.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The value.
    pub value: Value,
    /// JSON pointers into the value, each with the JSON pointer of a schema that it was built from.
    pub trace: Vec<(String, String)>,
}

/// A generator of instances of a document's schemas.
#[derive(Clone, Copy, Debug)]
pub struct InstanceGenerator<'a> {
    document: &'a Document,
    validator: &'a Validator,
}

impl<'a> InstanceGenerator<'a> {
    pub(crate) fn new(document: &'a Document, validator: &'a Validator) -> Self {
        Self { document, validator }
    }

    /// Generates an instance of the schema at a JSON pointer.
    ///
    /// The same schema, seed and fill generate the same instance. If no value is found that fits
    /// exactly one member of a `oneOf`, one that fits several members is returned; it is valid
    /// otherwise.
    ///
    /// # Errors
    ///
    /// If the schema is absent, invalid or unsatisfiable, or no attempt finds an instance.
    pub fn generate(&self, schema: &str, seed: u64, fill: Fill) -> Result<Value, InstanceError> {
        self.generate_traced(schema, seed, fill).map(|instance| instance.value)
    }

    /// Generates an instance as [`InstanceGenerator::generate`] does, with its trace.
    ///
    /// # Errors
    ///
    /// As [`InstanceGenerator::generate`].
    pub fn generate_traced(
        &self,
        schema: &str,
        seed: u64,
        fill: Fill,
    ) -> Result<Instance, InstanceError> {
        self.generate_matching(schema, seed, fill, |_| true)
    }

    /// Generates an instance that meets a predicate as well.
    ///
    /// # Errors
    ///
    /// As [`InstanceGenerator::generate`], and if no attempt meets the predicate.
    pub fn generate_matching(
        &self,
        schema: &str,
        seed: u64,
        fill: Fill,
        predicate: impl Fn(&Value) -> bool,
    ) -> Result<Instance, InstanceError> {
        let error = |why: &str| InstanceError(format!("the schema at #{schema}: {why}"));
        let at = self.document.node_at(schema).ok_or_else(|| error("not in the document"))?;
        let mut last = "contradictory, or requires itself recursively".to_owned();
        let (mut failures, mut values) = (0, 0);
        for attempt in 0..ATTEMPTS {
            let effort = match failures {
                0..PLAIN_ATTEMPTS => Effort::Plain,
                PLAIN_ATTEMPTS..THOROUGH_ATTEMPTS => Effort::Thorough,
                THOROUGH_ATTEMPTS..LENIENT_ATTEMPTS => Effort::Lenient,
                _ => break,
            };
            let mut builder = InstanceBuilder::new(
                self.document,
                self.validator,
                Pcg64Mcg::seed_from_u64(hash(seed, schema, attempt)),
                fill,
                effort,
                MAX_VALUES.saturating_sub(values),
            );
            let built = builder.value(std::slice::from_ref(&at), "", 0);
            values += builder.built;
            let Ok(value) = built else {
                failures += 1;
                continue;
            };
            let validity = self
                .validator
                .validity(schema, &value)
                .map_err(|invalid| error(&invalid.to_string()))?;
            match validity {
                Validity::Valid => {}
                Validity::Ambiguous { .. } if effort == Effort::Lenient => {}
                _ => {
                    let violations = self.validator.violations(schema, &value, "instance");
                    if let Some(violation) = violations.iter().flatten().next() {
                        last = violation.to_string();
                    }
                    failures += 1;
                    continue;
                }
            }
            if predicate(&value) {
                return Ok(Instance { value, trace: builder.trace });
            }
            last = "no generated instance meets the predicate".to_owned();
        }
        Err(error(&last))
    }
}

/// Combines a seed, a schema and the number of an attempt into one seed (FNV-1a).
fn hash(seed: u64, schema: &str, attempt: u64) -> u64 {
    let bytes = seed.to_le_bytes().into_iter().chain(schema.bytes()).chain(attempt.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
