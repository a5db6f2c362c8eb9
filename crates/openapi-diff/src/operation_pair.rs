//! The same operation in two documents: comparison of its bodies and responses.

use std::collections::{BTreeSet, HashMap, HashSet};

use openapi_document::Pointer;
use serde_json::{Map, Value};

use crate::{
    describe::describe_change,
    direction::Direction,
    media_types::{self, MediaTypeRules, MediaTypes},
    operation::{Operation, Parameter, Response},
    operation_changes::{OperationChanges, Values},
    rules::{self as r, Rule},
    schema_diff::display_value,
    schemas::Schemas,
};

/// The same operation in two documents.
pub(crate) struct OperationPair<'p, 'v> {
    pub(crate) old: &'p Operation<'v>,
    pub(crate) new: &'p Operation<'v>,
    pub(crate) changes: &'p mut OperationChanges,
}

impl<'p, 'v> OperationPair<'p, 'v> {
    /// Records a change of a keyword of both operations.
    pub(crate) fn record(
        &mut self,
        rule: &'static Rule,
        keyword: &str,
        message: impl Into<String>,
        values: Values,
    ) {
        let pointers =
            (Some(self.old.keyword_pointer(keyword)), Some(self.new.keyword_pointer(keyword)));
        self.record_at(rule, pointers, message, values);
    }

    /// Records a change of a keyword of both operations. The message shows the values as code.
    pub(crate) fn record_changed(
        &mut self,
        rule: &'static Rule,
        keyword: &str,
        element: &str,
        (old, new): (String, String),
    ) {
        let message = format!("{element} changed from `{old}` to `{new}`");
        self.record(rule, keyword, message, (Some(old), Some(new)));
    }

    pub(crate) fn record_at(
        &mut self,
        rule: &'static Rule,
        pointers: (Option<Pointer>, Option<Pointer>),
        message: impl Into<String>,
        values: Values,
    ) {
        self.changes.record(rule, &self.new.id, pointers, message, values);
    }

    /// Compares keywords that only affect documentation, and records at most one change.
    pub(crate) fn compare_prose(
        &mut self,
        rule: &'static Rule,
        element: &str,
        (old, new): (&Map<String, Value>, &Map<String, Value>),
        (old_pointer, new_pointer): (&Pointer, &Pointer),
        keywords: &[&str],
    ) {
        let prose = |map: &Map<String, Value>, keyword: &str| {
            let value = map.get(keyword).filter(|value| !is_blank(value))?;
            Some(value.as_str().map_or_else(|| value.clone(), |text| Value::from(text.trim())))
        };
        let Some(keyword) =
            keywords.iter().find(|keyword| prose(old, keyword) != prose(new, keyword))
        else {
            return;
        };
        let text = |map| prose(map, keyword).as_ref().map(display_value);
        let values = (text(old), text(new));
        let pointers = (Some(old_pointer.join(keyword)), Some(new_pointer.join(keyword)));
        let presence = (values.0.as_deref(), values.1.as_deref());
        let message = describe_change(&format!("{element}: {keyword}"), presence, false);
        self.record_at(rule, pointers, message, values);
    }

    /// Compares whether both operations are deprecated.
    pub(crate) fn compare_deprecation(&mut self) {
        let (rule, message) = match (self.old.is_deprecated(), self.new.is_deprecated()) {
            (false, true) => (r::OPERATION_DEPRECATED, "operation is now deprecated"),
            (true, false) => (r::OPERATION_UNDEPRECATED, "operation is no longer deprecated"),
            _ => return,
        };
        self.record(rule, "deprecated", message, (None, None));
    }

    /// Compares the documentation of the operations themselves.
    pub(crate) fn compare_operation_prose(&mut self) {
        self.compare_prose(
            r::OPERATION_PROSE_CHANGED,
            "operation",
            (self.old.value, self.new.value),
            (&self.old.pointer, &self.new.pointer),
            &["summary", "description", "tags", "externalDocs"],
        );
    }

    /// Compares the request bodies without their schemas.
    pub(crate) fn compare_bodies(&mut self) {
        match (&self.old.body, &self.new.body) {
            (None, None) => {}
            (None, Some((pointer, body))) => {
                let (rule, message) = match is_required(body) {
                    true => (r::REQUIRED_BODY_ADDED, "request body added (required)"),
                    false => (r::BODY_ADDED, "request body added"),
                };
                let pointers = (Some(self.old.pointer.clone()), Some(pointer.clone()));
                let values = (None, MediaTypes::new(body).display());
                self.record_at(rule, pointers, message, values);
            }
            (Some((pointer, body)), None) => {
                let pointers = (Some(pointer.clone()), Some(self.new.pointer.clone()));
                let values = (MediaTypes::new(body).display(), None);
                self.record_at(r::BODY_REMOVED, pointers, "request body removed", values);
            }
            (Some((old_pointer, old)), Some((new_pointer, new))) => {
                let pointers = (Some(old_pointer.clone()), Some(new_pointer.clone()));
                let values = (display_required(old), display_required(new));
                match (is_required(old), is_required(new)) {
                    (false, true) => {
                        let message = "request body is now required";
                        self.record_at(r::BODY_REQUIRED, pointers, message, values);
                    }
                    (true, false) => {
                        let message = "request body is now optional";
                        self.record_at(r::BODY_OPTIONAL, pointers, message, values);
                    }
                    _ => {}
                }
                let rules = MediaTypeRules {
                    kind: r::BODY_KIND_CHANGED,
                    media_type: r::BODY_MEDIA_TYPE_CHANGED,
                    removed: r::BODY_MEDIA_TYPE_REMOVED,
                    other: r::BODY_MEDIA_TYPES_CHANGED,
                };
                let (bodies, pointers) = ((*old, *new), (old_pointer, new_pointer));
                self.compare_media_types("request body", bodies, pointers, &rules);
                let keywords = ["description"];
                self.compare_prose(
                    r::BODY_PROSE_CHANGED,
                    "request body",
                    bodies,
                    pointers,
                    &keywords,
                );
            }
        }
    }

    /// Compares the media types of two bodies.
    fn compare_media_types(
        &mut self,
        element: &str,
        (old, new): (&Map<String, Value>, &Map<String, Value>),
        (old_pointer, new_pointer): (&Pointer, &Pointer),
        rules: &MediaTypeRules,
    ) {
        let change = media_types::compare(&MediaTypes::new(old), &MediaTypes::new(new), rules);
        if let Some((rule, values)) = change {
            let pointers = (Some(old_pointer.join("content")), Some(new_pointer.join("content")));
            let presence = (values.0.as_deref(), values.1.as_deref());
            let show_values =
                !presence.0.is_some_and(str::is_empty) && !presence.1.is_some_and(str::is_empty);
            let message =
                describe_change(&format!("{element}: media types"), presence, show_values);
            self.record_at(rule, pointers, message, values);
        }
    }

    /// The common responses: with the same status, or the only success of each operation that has
    /// none with the same status.
    fn common_responses(&self) -> Vec<(&'p Response<'v>, &'p Response<'v>)> {
        let (old, new) = (&self.old.responses, &self.new.responses);
        let mut by_status: HashMap<&str, &Response> = HashMap::new();
        for response in new {
            by_status.entry(&response.status).or_insert(response);
        }
        let pair = |old: &'p Response<'v>| Some((old, *by_status.get(old.status.as_str())?));
        let mut pairs: Vec<_> = old.iter().filter_map(pair).collect();
        let common: HashSet<&str> = pairs.iter().map(|(old, _)| old.status.as_str()).collect();
        let successes = |responses: &'p [Response<'v>]| {
            let successes = responses.iter().filter(|response| {
                response.status.starts_with('2') && !common.contains(response.status.as_str())
            });
            successes.collect::<Vec<_>>()
        };
        if let ([old], [new]) = (successes(old).as_slice(), successes(new).as_slice()) {
            pairs.push((old, new));
        }
        pairs
    }

    /// Compares the responses without their schemas.
    pub(crate) fn compare_responses(&mut self) {
        let pairs = self.common_responses();
        let old_common: HashSet<&str> = pairs.iter().map(|(old, _)| old.status.as_str()).collect();
        let new_common: HashSet<&str> = pairs.iter().map(|(_, new)| new.status.as_str()).collect();
        for old in &self.old.responses {
            if !old_common.contains(old.status.as_str()) {
                let media_types = MediaTypes::new(old.value);
                let rule = match (old.is_success(), media_types.is_typed()) {
                    (true, _) => r::SUCCESS_REMOVED,
                    (false, true) => r::ERROR_BODY_REMOVED,
                    (false, false) => r::ERROR_STATUS_REMOVED,
                };
                let parent = self.new.pointer.join("responses");
                let pointers = (Some(old.pointer.clone()), Some(parent));
                let message = format!("response {} removed", old.status);
                self.record_at(rule, pointers, message, (media_types.display(), None));
                let location = self.old.pointer.join("responses").join(&old.status);
                self.changes.locate(Some(location), None);
            }
        }
        for new in &self.new.responses {
            if !new_common.contains(new.status.as_str()) {
                let media_types = MediaTypes::new(new.value);
                let rule = match (new.is_success(), media_types.is_typed()) {
                    (true, _) => r::SUCCESS_ADDED,
                    (false, true) => r::ERROR_BODY_ADDED,
                    (false, false) => r::ERROR_STATUS_ADDED,
                };
                let parent = self.old.pointer.join("responses");
                let pointers = (Some(parent), Some(new.pointer.clone()));
                let message = format!("response {} added", new.status);
                self.record_at(rule, pointers, message, (None, media_types.display()));
                let location = self.new.pointer.join("responses").join(&new.status);
                self.changes.locate(None, Some(location));
            }
        }
        for (old, new) in pairs {
            self.compare_response(old, new);
        }
    }

    /// Compares two responses without their schemas.
    fn compare_response(&mut self, old: &Response, new: &Response) {
        let pointers = || (Some(old.pointer.clone()), Some(new.pointer.clone()));
        if old.status != new.status {
            let message = format!("success status changed from {} to {}", old.status, new.status);
            let values = (Some(old.status.clone()), Some(new.status.clone()));
            self.record_at(r::SUCCESS_STATUS_CHANGED, pointers(), message, values);
        }
        let name = format!("response {}", new.status);
        let (old_types, new_types) = (MediaTypes::new(old.value), MediaTypes::new(new.value));
        let is_success = new.is_success();
        match (old_types.is_empty(), new_types.is_empty()) {
            (true, false) => {
                let rule = if is_success { r::SUCCESS_BODY_ADDED } else { r::ERROR_BODY_ADDED };
                let values = (None, new_types.display());
                self.record_at(rule, pointers(), format!("{name}: body added"), values);
            }
            (false, true) => {
                let rule = if is_success { r::SUCCESS_BODY_REMOVED } else { r::ERROR_BODY_REMOVED };
                let values = (old_types.display(), None);
                self.record_at(rule, pointers(), format!("{name}: body removed"), values);
            }
            _ => {
                let rules = MediaTypeRules {
                    kind: r::RESPONSE_KIND_CHANGED,
                    media_type: match is_success {
                        true => r::RESPONSE_MEDIA_TYPE_CHANGED,
                        false => r::ERROR_MEDIA_TYPE_CHANGED,
                    },
                    removed: match is_success {
                        true => r::RESPONSE_MEDIA_TYPE_REMOVED,
                        false => r::RESPONSE_MEDIA_TYPES_CHANGED,
                    },
                    other: r::RESPONSE_MEDIA_TYPES_CHANGED,
                };
                let pointers = (&old.pointer, &new.pointer);
                self.compare_media_types(&name, (old.value, new.value), pointers, &rules);
            }
        }
        let headers = |response: &Response| -> BTreeSet<String> {
            let headers = response.value.get("headers").and_then(Value::as_object);
            headers.into_iter().flat_map(Map::keys).map(|name| name.to_lowercase()).collect()
        };
        let (old_headers, new_headers) = (headers(old), headers(new));
        if old_headers != new_headers {
            let list = |names: BTreeSet<String>| {
                let names = names.into_iter().collect::<Vec<_>>().join(", ");
                (!names.is_empty()).then_some(names)
            };
            let message = format!("{name}: headers changed");
            let values = (list(old_headers), list(new_headers));
            self.record_at(r::RESPONSE_HEADERS_CHANGED, pointers(), message, values);
        }
        self.compare_prose(
            r::RESPONSE_PROSE_CHANGED,
            &name,
            (old.value, new.value),
            (&old.pointer, &new.pointer),
            &["description"],
        );
    }

    /// The schemas to compare, with the direction in which they are used. Compares the styles of
    /// parameters, which depend on their schemas.
    pub(crate) fn schemas(
        &mut self,
        old: &Schemas,
        new: &Schemas,
    ) -> Vec<(Direction, (Pointer, Pointer))> {
        let parameters = self.common_parameters();
        self.compare_styles(&parameters, old, new);
        let parameter_schema = media_types::parameter_schema;
        let mut schemas: Vec<_> = parameters
            .iter()
            .map(|(old, new)| {
                let is_json = |one: &Parameter| one.value.contains_key("content");
                let is_text = !is_json(old) && !is_json(new);
                let direction = if is_text { Direction::Text } else { Direction::Request };
                (direction, (parameter_schema(old), parameter_schema(new)))
            })
            .collect();
        let mut add_body = |direction, old, new| {
            let used = media_types::body_schemas(old, new).into_iter().map(|one| (direction, one));
            let unused = media_types::unused_schemas(old, new).into_iter();
            schemas.extend(used.chain(unused.map(|one| (Direction::Unused, one))));
        };
        if let (Some((old_pointer, old)), Some((new_pointer, new))) =
            (&self.old.body, &self.new.body)
        {
            add_body(Direction::Request, (old_pointer, *old), (new_pointer, *new));
        }
        for (old, new) in self.common_responses() {
            add_body(Direction::Response, (&old.pointer, old.value), (&new.pointer, new.value));
        }
        schemas
    }
}

impl Response<'_> {
    /// Whether the status is a 2xx, or a redirect, whose target is the result of the operation.
    pub(crate) fn is_success(&self) -> bool {
        self.status.starts_with('2') || self.status.starts_with('3')
    }
}

/// Whether a parameter or request body is required.
pub(crate) fn is_required(map: &Map<String, Value>) -> bool {
    map.get("required") == Some(&Value::Bool(true))
}

/// Whether a parameter or request body is required, for display.
pub(crate) fn display_required(map: &Map<String, Value>) -> Option<String> {
    Some(if is_required(map) { "required" } else { "optional" }.to_owned())
}

/// Whether prose is equivalent to omitting the keyword.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Null => true,
        _ => false,
    }
}
