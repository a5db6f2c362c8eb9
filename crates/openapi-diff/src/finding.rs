//! Changes in schemas, as they are found.

use openapi_document::Pointer;
use serde_json::Value;

use crate::{place::Place, rules::Rule};

/// A change in a schema, which means one thing in requests and another in answers.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) request: Option<&'static Rule>,
    pub(crate) response: Option<&'static Rule>,
    pub(crate) old: Option<Pointer>,
    pub(crate) new: Option<Pointer>,
    pub(crate) message: String,
    pub(crate) was: Option<String>,
    pub(crate) is: Option<String>,
}

/// What was found in two schemas, and the schemas below them that belong together.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) findings: Vec<Finding>,
    pub(crate) below: Vec<(Place, Place)>,
}

impl Found {
    /// Notes a change of the two schemas themselves.
    pub(crate) fn note(
        &mut self,
        (request, response): (&'static Rule, &'static Rule),
        (old, new): (&Pointer, &Pointer),
        message: String,
        (was, is): (Option<String>, Option<String>),
    ) {
        self.findings.push(Finding {
            request: Some(request),
            response: Some(response),
            old: Some(old.clone()),
            new: Some(new.clone()),
            message,
            was,
            is,
        });
    }
}

/// A rule that is the same in requests and answers.
pub(crate) fn both(rule: &'static Rule) -> (&'static Rule, &'static Rule) {
    (rule, rule)
}

/// A value for the eye: text as it is, the rest as JSON.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}
