//! Values that tests give for a part of a body: merged into an instance of its schema.

use std::cmp::Reverse;

use openapi_document::{
    Operation, Pointer,
    media_type::{Sequence as SequenceFormat, is_json, is_text},
    operation::{MediaTypeObject, Response},
};
use serde_json::Value;

use crate::{
    api::{Api, encode},
    directions::Direction,
    error::MockError,
    instances::Fill,
    mock_response::MockResponse,
    sequences::Sequence,
    validator::{Validity, Violation},
};

/// Where a value of a test is sent, for messages.
struct Target<'a> {
    api: &'a Api,
    operation: &'a Operation,
    status: u16,
}

/// Builds the documented response with the values of `overrides`, which is valid by its schema.
pub(crate) fn response(
    api: &Api,
    operation: &Operation,
    status: u16,
    overrides: &Value,
    (seed, fill): (u64, Fill),
) -> Result<MockResponse, MockError> {
    let target = Target { api, operation, status };
    let declared = target.declared()?;
    let is_whole =
        |content: &&MediaTypeObject| SequenceFormat::from_media_type(&content.media_type).is_none();
    let find = |is_wanted: fn(&str) -> bool| {
        let mut whole = declared.content.iter().filter(is_whole);
        whole.find(|content| is_wanted(&content.media_type))
    };
    let Some(content) = find(is_json).or_else(|| find(is_text)) else {
        let known: Vec<_> = declared.content.iter().map(|one| one.media_type.as_str()).collect();
        return Err(target.error(match known.as_slice() {
            [] => "the document describes no body".to_owned(),
            known => format!(
                "the document describes no JSON or text, only {}; `events` sets the items of a \
                 sequence, `respond_once` any body",
                known.join(", ")
            ),
        }));
    };
    let value = match &content.schema {
        None => overrides.clone(),
        Some(schema) => target.merged(schema, overrides, seed, fill)?,
    };
    let (media_type, body) = encode(content, value);
    Ok(MockResponse::status(status).body(body, &media_type))
}

/// Builds the documented sequence with these items, which are merged into instances.
pub(crate) fn items(
    api: &Api,
    operation: &Operation,
    status: u16,
    items: Vec<Value>,
    (seed, fill): (u64, Fill),
) -> Result<MockResponse, MockError> {
    let target = Target { api, operation, status };
    let declared = target.declared()?;
    let sequences =
        declared.content.iter().filter_map(|content| Sequence::new(api.document(), content));
    let Some(sequence) = sequences.into_iter().next() else {
        return Err(target.error("the document describes no sequence of items".to_owned()));
    };
    let mut built = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        let item = sequence.item(item);
        let item = match &sequence.schema {
            None => item,
            Some(schema) => {
                let merged = target.merged(schema, &item, seed.wrapping_add(index as u64), fill);
                merged.map_err(|error| error.context(&format!("item {index}")))?
            }
        };
        api.check_item(&sequence, &item)
            .map_err(|error| target.error(error).context(&format!("item {index}")))?;
        built.push(item);
    }
    Ok(MockResponse::status(status).items(built))
}

impl<'a> Target<'a> {
    fn declared(&self) -> Result<&'a Response, MockError> {
        let undocumented = || self.error("the document doesn't describe this status".to_owned());
        self.operation.response(self.status).ok_or_else(undocumented)
    }

    /// Merges a value into an instance of a schema, such that the result is valid.
    fn merged(
        &self,
        schema: &str,
        overrides: &Value,
        seed: u64,
        fill: Fill,
    ) -> Result<Value, MockError> {
        let validator = self.api.validator_of(Direction::Response);
        let is_valid = |value: &Value| {
            validator.validity(schema, value).is_ok_and(|validity| validity != Validity::Invalid)
        };
        let instances = self.api.instances();
        for fill in [fill, Fill::Minimal] {
            let fits = |instance: &Value| is_valid(&merge(instance, overrides));
            if let Ok(instance) = instances.generate_matching(schema, seed, fill, fits) {
                return Ok(merge(&instance.value, overrides));
            }
        }
        if is_valid(overrides) {
            return Ok(overrides.clone());
        }
        let instance = instances.generate(schema, seed, fill);
        let value = instance.map_or_else(|_| overrides.clone(), |value| merge(&value, overrides));
        let violations = validator.violations(schema, &value, "")?;
        let is_own = |violation: &&Violation| overrides.pointer(&violation.pointer).is_some();
        // The innermost value that the test has given.
        let depth = |violation: &&Violation| Reverse(violation.pointer.matches('/').count());
        let own = violations.iter().filter(is_own).min_by_key(depth);
        Err(match own.or(violations.first()) {
            Some(violation) => self.violation(violation),
            None => self.error(format!("no valid instance of the schema at #{schema} found")),
        })
    }

    fn violation(&self, violation: &Violation) -> MockError {
        let at = match violation.pointer.as_str() {
            "" => String::new(),
            pointer => format!("at {pointer}: "),
        };
        let schema = match Pointer::from_plain(&violation.schema) {
            Some(pointer) if !violation.schema.is_empty() => format!(", by {pointer}"),
            _ => String::new(),
        };
        self.error(format!("{at}{} ({}{schema})", violation.message, violation.keyword))
    }

    fn error(&self, message: String) -> MockError {
        let Self { operation, status, .. } = self;
        MockError::new(format!("operation `{}`, response {status}: {message}", operation.id))
    }
}

/// Sets the values of `overrides` in an instance: members of objects by name, items of arrays by
/// position; an array has as many items as in `overrides`.
fn merge(instance: &Value, overrides: &Value) -> Value {
    match (instance, overrides) {
        (Value::Object(instance), Value::Object(overrides)) => {
            let mut merged = instance.clone();
            for (name, value) in overrides {
                let value = merge(instance.get(name).unwrap_or(&Value::Null), value);
                merged.insert(name.clone(), value);
            }
            Value::Object(merged)
        }
        (Value::Array(instance), Value::Array(overrides)) => {
            let like = |index: usize| match instance.len() {
                0 => &Value::Null,
                length => &instance[index % length],
            };
            overrides.iter().enumerate().map(|(index, item)| merge(like(index), item)).collect()
        }
        (_, overrides) => overrides.clone(),
    }
}
