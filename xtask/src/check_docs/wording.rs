//! The messages of findings, for authors of documentation.

use openapi_diff::{Change, Rule, describe_pointer, rules as r, text::truncate_value};
use openapi_document::Pointer;
use serde_json::Value;

use super::excerpt::around_difference;

/// A change from the document to a page, with the values as they are reported.
pub(super) struct Wording<'a> {
    pub(super) change: &'a Change,
    /// The roots of the document and of the fragment on the page.
    pub(super) roots: (&'a Value, &'a Value),
    /// The exact locations in both.
    pub(super) locations: (&'a Pointer, &'a Pointer),
    /// The values in the document and on the page.
    pub(super) values: (Option<String>, Option<String>),
}

impl<'a> Wording<'a> {
    pub(super) fn new(
        change: &'a Change,
        roots: (&'a Value, &'a Value),
        locations: (&'a Pointer, &'a Pointer),
    ) -> Self {
        let mut wording = Self {
            change,
            roots,
            locations,
            values: (change.old_value.clone(), change.new_value.clone()),
        };
        wording.complete_values();
        wording
    }

    /// Adds the values that the change has none of, and replaces equal ones by the JSON texts.
    fn complete_values(&mut self) {
        let rule = self.change.rule;
        let deprecation = |deprecated: bool| {
            Some(if deprecated { "deprecated" } else { "not deprecated" }.to_owned())
        };
        match &self.values {
            (None, None) if rule.name.ends_with("-undeprecated") => {
                self.values = (deprecation(true), deprecation(false));
            }
            (None, None) if rule.name.ends_with("-deprecated") => {
                self.values = (deprecation(false), deprecation(true));
            }
            (None, None) => {
                // A response without content: its status.
                let status = |location: &Pointer| location.segments().last().cloned();
                match rule.name.ends_with("-added") {
                    true => self.values.1 = status(self.locations.1),
                    false => self.values.0 = status(self.locations.0),
                }
            }
            (Some(_), Some(_)) if is_enum(rule) => {
                let values = |root, location: &Pointer| enum_values(location.resolve(root)?);
                let spec = values(self.roots.0, self.locations.0);
                let docs = values(self.roots.1, self.locations.1);
                self.values = (spec.or(self.values.0.take()), docs.or(self.values.1.take()));
            }
            (Some(spec), Some(docs)) if spec == docs => {
                let text = |root, pointer: &Pointer| pointer.resolve(root).map(Value::to_string);
                let (spec, docs) =
                    (text(self.roots.0, self.locations.0), text(self.roots.1, self.locations.1));
                self.values = if spec == docs { (None, None) } else { (spec, docs) };
            }
            _ => {}
        }
    }

    /// The message: the element and its difference.
    pub(super) fn message(&self, subject: &str) -> String {
        if let Some(response) = self.response() {
            let media_type = |value: &Option<String>| match value {
                Some(value) if value.contains('/') => format!(" ({})", truncate_value(value)),
                _ => String::new(),
            };
            return match &self.values {
                (spec @ Some(_), _) => {
                    format!("the document has {response}{}, the page hasn't", media_type(spec))
                }
                (None, docs) => {
                    format!("the page has {response}{}, the document hasn't", media_type(docs))
                }
            };
        }
        format!("{subject}: {}", self.difference())
    }

    /// The element that differs.
    pub(super) fn subject(&self) -> String {
        let root = Pointer::root();
        let (spec, docs) = (
            self.change.old_pointer.as_ref().unwrap_or(&root),
            self.change.new_pointer.as_ref().unwrap_or(&root),
        );
        // An element that only the page has isn't found in the document.
        let (element, location) = match (&self.change.old_value, &self.change.new_value) {
            (None, Some(_)) => (describe_pointer(self.roots.1, docs), self.locations.1),
            _ => (describe_pointer(self.roots.0, spec), self.locations.0),
        };
        if let Some(response) = self.response() {
            return response;
        }
        let rule = self.change.rule;
        let is = |rules: &[&Rule]| rules.contains(&rule);
        if is(&[r::OPERATION_RENAMED]) {
            return "operationId".to_owned();
        } else if is(&[r::OPERATION_PATH_CHANGED]) {
            return "path".to_owned();
        } else if is(&[r::PATH_PARAMETER_RENAMED]) {
            return "path parameter".to_owned();
        } else if is(&[r::OPERATION_DEPRECATED, r::OPERATION_UNDEPRECATED]) {
            return "operation".to_owned();
        }
        let aspect = match aspect(rule) {
            Some(aspect) => aspect.to_owned(),
            None if is_about_keyword(rule) => match location.segments().last() {
                Some(keyword) => format!("`{keyword}`"),
                None => return element,
            },
            None => return element,
        };
        format!("{element}: {aspect}")
    }

    /// The response that only one side has.
    fn response(&self) -> Option<String> {
        let is_list = |pointer: &Option<Pointer>| {
            let segments = pointer.as_ref().map(Pointer::segments);
            segments.is_some_and(|segments| segments.len() == 4 && segments[3] == "responses")
        };
        let location = match (is_list(&self.change.old_pointer), is_list(&self.change.new_pointer))
        {
            (true, false) => self.locations.1,
            (false, true) => self.locations.0,
            _ => return None,
        };
        Some(format!("response {}", location.segments().last()?))
    }

    /// The values of both sides, which always differ in print.
    fn difference(&self) -> String {
        // An element has a value of its own; a value of a keyword is the element.
        let element = |value: &String| {
            let name = self.change.rule.name;
            let is_parameter = name.contains("parameter-");
            match name.contains("property-") || name.contains("body-") {
                true => format!("it ({})", truncate_value(value)),
                false if is_parameter => "it".to_owned(),
                false => truncate_value(value),
            }
        };
        match &self.values {
            (Some(spec), None) => format!("the document has {}, the page hasn't", element(spec)),
            (None, Some(docs)) => format!("the page has {}, the document hasn't", element(docs)),
            (Some(spec), Some(docs)) if is_state(spec) && is_state(docs) => {
                format!("{spec} in the document, {docs} on the page")
            }
            (Some(spec), Some(docs)) => match around_difference(spec, docs) {
                Some((spec, docs)) => format!("the document has {spec}, the page has {docs}"),
                None => "differs".to_owned(),
            },
            (None, None) => "differs".to_owned(),
        }
    }
}

/// The aspect of an element that a rule is about, unless it is a keyword or the element itself.
fn aspect(rule: &Rule) -> Option<&'static str> {
    let name = rule.name;
    Some(match name {
        "response-headers-changed" => "headers",
        _ if name.contains("union-variant") => "variant",
        _ if name.contains("union-tag") => "discriminator",
        _ if name.contains("enum-value") => "enum",
        "success-body-added" | "success-body-removed" => "body",
        "error-body-added" | "error-body-removed" => "body",
        _ => return None,
    })
}

/// Whether a rule is about keywords, of which the location names one.
fn is_about_keyword(rule: &Rule) -> bool {
    let name = rule.name;
    let is_prose = name.ends_with("prose-changed") && rule != r::OPERATION_PROSE_CHANGED;
    is_prose
        || name.contains("constraint")
        || name.contains("default-")
        || [r::ACCESS_CHANGED, r::KEYWORD_CHANGED].contains(&rule)
}

/// Whether a rule is about an enum that only one side has.
fn is_enum(rule: &Rule) -> bool {
    rule.name.ends_with("enum-added") || rule.name.ends_with("enum-removed")
}

/// The values of an enum, for display.
fn enum_values(value: &Value) -> Option<String> {
    let values: Vec<String> = value.as_array()?.iter().map(Value::to_string).collect();
    Some(format!("one of {}", values.join(", ")))
}

/// Whether a value is a state rather than a text.
fn is_state(value: &str) -> bool {
    matches!(value, "required" | "optional" | "deprecated" | "not deprecated")
}
