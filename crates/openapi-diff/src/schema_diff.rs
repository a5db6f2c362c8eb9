//! The changes between two schemas.

use openapi_document::Pointer;
use serde_json::Value;

use crate::{
    direction::Direction,
    rules::{self, Rule},
    schema_view::SchemaView,
};

/// A change of a schema. Its rule depends on the direction in which the schema is used.
#[derive(Clone, Debug)]
pub(crate) struct SchemaChange {
    pub(crate) request_rule: &'static Rule,
    pub(crate) response_rule: &'static Rule,
    /// In parameters, where values of several types are written alike.
    pub(crate) text_rule: &'static Rule,
    pub(crate) old_pointer: Pointer,
    pub(crate) new_pointer: Pointer,
    /// The exact locations, old and new.
    pub(crate) locations: (Option<Pointer>, Option<Pointer>),
    /// Identifies the change among those with the same pointers.
    pub(crate) key: String,
    pub(crate) message: String,
    pub(crate) old_value: Option<String>,
    pub(crate) new_value: Option<String>,
}

/// The changes between two schemas, without those of their subschemas.
#[derive(Debug, Default)]
pub(crate) struct SchemaDiff {
    pub(crate) changes: Vec<SchemaChange>,
    /// The subschemas to compare with each other.
    pub(crate) children: Vec<Subschemas>,
}

/// Two subschemas to compare with each other.
#[derive(Clone, Debug)]
pub(crate) struct Subschemas {
    pub(crate) views: (SchemaView, SchemaView),
    /// Where the schemas refer to them or contain them.
    pub(crate) locations: (Pointer, Pointer),
}

impl From<(SchemaView, SchemaView)> for Subschemas {
    fn from(views: (SchemaView, SchemaView)) -> Self {
        let locations = (views.0.pointer.clone(), views.1.pointer.clone());
        Self { views, locations }
    }
}

impl SchemaChange {
    /// The rule for a direction.
    pub(crate) fn rule(&self, direction: Direction) -> &'static Rule {
        match direction {
            Direction::Request => self.request_rule,
            Direction::Response => self.response_rule,
            Direction::Text => self.text_rule,
            Direction::Unused => rules::UNUSED_SCHEMA_CHANGED,
        }
    }
}

impl SchemaDiff {
    /// Adds a change that its message identifies.
    pub(crate) fn record(
        &mut self,
        rules: (&'static Rule, &'static Rule),
        pointers: (&Pointer, &Pointer),
        message: String,
        values: (Option<String>, Option<String>),
    ) {
        self.record_keyed(rules, pointers, message.clone(), message, values);
    }

    /// Adds a change whose message depends on how the schema was reached.
    pub(crate) fn record_keyed(
        &mut self,
        (request_rule, response_rule): (&'static Rule, &'static Rule),
        (old_pointer, new_pointer): (&Pointer, &Pointer),
        key: String,
        message: String,
        (old_value, new_value): (Option<String>, Option<String>),
    ) {
        self.changes.push(SchemaChange {
            request_rule,
            response_rule,
            text_rule: request_rule,
            old_pointer: old_pointer.clone(),
            new_pointer: new_pointer.clone(),
            locations: (None, None),
            key,
            message,
            old_value,
            new_value,
        });
    }

    /// Sets the rule of the last change for parameters.
    pub(crate) fn set_text_rule(&mut self, rule: &'static Rule) {
        if let Some(change) = self.changes.last_mut() {
            change.text_rule = rule;
        }
    }

    /// Sets the exact locations of the last change.
    pub(crate) fn locate(&mut self, old: Pointer, new: Pointer) {
        if let Some(change) = self.changes.last_mut() {
            change.locations = (Some(old), Some(new));
        }
    }
}

/// The same rule for requests and responses.
pub(crate) fn in_both(rule: &'static Rule) -> (&'static Rule, &'static Rule) {
    (rule, rule)
}

/// A value for display: strings without quotes, anything else as JSON.
pub(crate) fn display_value(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}
