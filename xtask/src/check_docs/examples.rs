//! Validation of examples, on pages and in the document, against the schemas of the document.

mod places;
mod schemas;
mod usage;

use std::collections::BTreeMap;

use anyhow::{Result, anyhow};
use openapi_diff::{OperationSummary, text::truncate_value};
use openapi_document::{Document, Pointer};
use openapi_mock::{Validator, Violation};
use serde_json::Value;

use self::{
    places::{Example, Walk},
    schemas::for_usage,
    usage::Usage,
};

/// The validator of examples against the schemas of a document.
pub(super) struct ExampleValidator<'a> {
    root: &'a Value,
    validators: BTreeMap<Usage, Validator>,
}

/// An example that its schema doesn't allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InvalidExample {
    /// The pointer of the schema in the document.
    pub(super) schema: Pointer,
    /// The pointer of the invalid value.
    pub(super) location: Pointer,
    /// The element that the example is of.
    pub(super) subject: String,
    /// The invalid value, as JSON.
    pub(super) value: String,
    /// The violation of the schema.
    pub(super) reason: String,
}

/// The result of validating the examples of a page or a document.
#[derive(Debug, Default)]
pub(super) struct ValidatedExamples {
    pub(super) invalid: Vec<InvalidExample>,
    /// The number of examples that were validated.
    pub(super) validated: usize,
    /// The number of examples whose schema can't be used.
    pub(super) skipped: usize,
}

impl<'a> ExampleValidator<'a> {
    /// The validator of a document.
    ///
    /// # Errors
    ///
    /// If its schemas can't be indexed.
    pub(super) fn new(document: &'a Document) -> Result<Self> {
        let root = document.root();
        let validator = |usage| {
            let prepared = Document::from_value(for_usage(root, usage))
                .map_err(|refusals| anyhow!("examples can't be validated: {refusals}"))?;
            let validator = Validator::new(&prepared)
                .map_err(|error| anyhow!("examples can't be validated: {error}"))?;
            anyhow::Ok((usage, validator))
        };
        let usages = [Usage::Request, Usage::Response, Usage::Schema];
        Ok(Self { root, validators: usages.into_iter().map(validator).collect::<Result<_>>()? })
    }

    /// Validates the examples of the document itself, in the order of its operations.
    pub(super) fn check_document(&self, operations: &[OperationSummary]) -> ValidatedExamples {
        let mut walk = Walk::new(self.root, self.root);
        for operation in operations {
            walk.add_operation(operation, operation);
        }
        self.validate(walk.examples)
    }

    /// Validates the examples of an operation that a page shows. Those that the document has, too,
    /// are the document's.
    pub(super) fn check_page(
        &self,
        operation: &OperationSummary,
        (page, shown): (&Value, &OperationSummary),
    ) -> ValidatedExamples {
        let mut walk = Walk::new(self.root, page);
        walk.add_operation(operation, shown);
        self.validate(walk.examples)
    }

    /// Validates a response body that a page shows apart from its OpenAPI.
    pub(super) fn check_response(
        &self,
        operation: &OperationSummary,
        status: &str,
        value: &Value,
    ) -> ValidatedExamples {
        let Some(schema) = places::response_schema(self.root, operation, status) else {
            return ValidatedExamples::default();
        };
        let subject = format!("example of response {status}");
        let location = Pointer::root();
        let (usage, text) = (Usage::Response, false);
        self.validate(vec![Example { usage, schema, location, subject, value, text }])
    }

    fn validate(&self, examples: Vec<Example<'_>>) -> ValidatedExamples {
        let mut result = ValidatedExamples::default();
        for example in examples {
            match self.violations(&example) {
                Some(violations) => {
                    result.validated += 1;
                    let invalid =
                        violations.into_iter().map(|violation| example.invalid(violation));
                    result.invalid.extend(invalid);
                }
                None => result.skipped += 1,
            }
        }
        result
    }

    /// The violations of a schema by an example; `None` if the schema can't be used.
    fn violations(&self, example: &Example) -> Option<Vec<Violation>> {
        let validator = &self.validators[&example.usage];
        let schema = example.schema.to_plain();
        let violations = |value: &Value| {
            let mut violations = validator.violations(&schema, value, "").ok()?;
            // Several members of a `oneOf` that fit are no fault of the example.
            violations.retain(|violation| !violation.message.contains("more than one"));
            Some(violations)
        };
        let found = violations(example.value)?;
        // An example of JSON may be its text.
        if let (Some(text), false) = (example.value.as_str(), found.is_empty() || !example.text)
            && let Ok(value) = serde_json::from_str::<Value>(text)
        {
            return violations(&value);
        }
        Some(found)
    }
}

impl Example<'_> {
    /// The example with a violation of its schema.
    fn invalid(&self, violation: Violation) -> InvalidExample {
        let inner = Pointer::from_plain(&violation.pointer).unwrap_or_default();
        let value = inner.resolve(self.value).map(Value::to_string).unwrap_or_default();
        let at = match violation.pointer.as_str() {
            "" => String::new(),
            pointer => format!(" at `{}`", truncate_value(pointer)),
        };
        let location = inner
            .segments()
            .iter()
            .fold(self.location.clone(), |location, segment| location.join(segment));
        InvalidExample {
            schema: self.schema.clone(),
            location,
            subject: self.subject.clone(),
            reason: format!("{}{at}", truncate_value(&violation.message)),
            value,
        }
    }
}
