//! The examples of operations with the schemas of the document that they must fit.

use std::collections::HashSet;

use openapi_diff::OperationSummary;
use openapi_document::{
    Pointer,
    media_type::{essence, is_json, is_text},
};
use serde_json::{Map, Value};

use super::usage::Usage;

/// The maximum number of references followed in a row.
const MAX_REFERENCES: usize = 64;

/// An example on a page or in the document.
pub(super) struct Example<'v> {
    pub(super) usage: Usage,
    /// The pointer of the schema in the document.
    pub(super) schema: Pointer,
    /// The pointer of the example.
    pub(super) location: Pointer,
    /// The element that it is an example of.
    pub(super) subject: String,
    pub(super) value: &'v Value,
    /// Whether it may be the text of a JSON value.
    pub(super) text: bool,
}

/// A walk through an operation of a document and the same operation as a page shows it.
pub(super) struct Walk<'v> {
    spec: &'v Value,
    shown: &'v Value,
    visited: HashSet<(Pointer, Pointer)>,
    pub(super) examples: Vec<Example<'v>>,
}

impl<'v> Walk<'v> {
    /// A walk through a document and the fragment on a page, or the document itself.
    pub(super) fn new(spec: &'v Value, shown: &'v Value) -> Self {
        Self { spec, shown, visited: HashSet::new(), examples: Vec::new() }
    }

    /// Adds the examples of an operation.
    pub(super) fn add_operation(&mut self, spec: &OperationSummary, shown: &OperationSummary) {
        let item = |root, operation: &OperationSummary| {
            resolved(root, Pointer::from_segments(["paths", &operation.path]))
        };
        let (spec_item, shown_item) = (item(self.spec, spec), item(self.shown, shown));
        let (spec_operation, shown_operation) =
            (spec.method.pointer(&spec_item), shown.method.pointer(&shown_item));
        let spec_parameters = parameters(self.spec, [&spec_operation, &spec_item]);
        for (name, location, shown) in parameters(self.shown, [&shown_operation, &shown_item]) {
            let same =
                |(other, place, _): &&(&str, &str, Pointer)| *other == name && *place == location;
            if let Some((.., spec)) = spec_parameters.iter().find(same) {
                self.add_holder(
                    Usage::Request,
                    (spec, &shown),
                    &format!("parameter `{name}`"),
                    false,
                );
            }
        }
        let bodies = (spec_operation.join("requestBody"), shown_operation.join("requestBody"));
        self.add_content(Usage::Request, bodies, "request body");
        let responses = (spec_operation.join("responses"), shown_operation.join("responses"));
        for status in keys(self.shown, &responses.1) {
            let pointers = (responses.0.join(status), responses.1.join(status));
            self.add_content(Usage::Response, pointers, &format!("response {status}"));
        }
    }

    /// Adds the examples of a body: of each media type that both sides have.
    fn add_content(&mut self, usage: Usage, (spec, shown): (Pointer, Pointer), subject: &str) {
        let content = |root, pointer| resolved(root, pointer).join("content");
        let (spec, shown) = (content(self.spec, spec), content(self.shown, shown));
        for media_type in keys(self.shown, &shown) {
            let mut others = keys(self.spec, &spec);
            let same = others.find(|other| essence(other) == essence(media_type));
            let is_form = essence(media_type).contains("form");
            // Examples of other media types are texts that only a parser understands.
            if let Some(same) = same
                && (is_json(media_type) || is_text(media_type) || is_form)
            {
                let pointers = (&spec.join(same), &shown.join(media_type));
                self.add_holder(usage, pointers, subject, is_json(media_type));
            }
        }
    }

    /// Adds the examples of a parameter or media type, and those of its schema.
    fn add_holder(
        &mut self,
        usage: Usage,
        (spec, shown): (&Pointer, &Pointer),
        subject: &str,
        text: bool,
    ) {
        let schema = spec.join("schema");
        let subject = format!("example of {subject}");
        let mut locations = vec![Pointer::from_segments(["example"])];
        for name in keys(self.shown, &shown.join("examples")) {
            locations.push(Pointer::from_segments(["examples", name]));
        }
        for location in locations {
            let mut pointer = joined(shown, &location);
            if location.segments().len() > 1 {
                pointer = resolved(self.shown, pointer).join("value");
            }
            let mut same = joined(spec, &location);
            if location.segments().len() > 1 {
                same = resolved(self.spec, same).join("value");
            }
            let (schema, subject) = (schema.clone(), subject.clone());
            self.add(usage, schema, (&same, pointer), subject, text);
        }
        self.add_schema((schema, shown.join("schema")), &subject);
    }

    /// Adds an example if the document has the schema and not the same example.
    fn add(
        &mut self,
        usage: Usage,
        schema: Pointer,
        (same, location): (&Pointer, Pointer),
        subject: String,
        text: bool,
    ) {
        let Some(value) = location.resolve(self.shown) else { return };
        let is_of_document =
            !std::ptr::eq(self.spec, self.shown) && same.resolve(self.spec) == Some(value);
        if !is_of_document && schema.resolve(self.spec).is_some() {
            self.examples.push(Example { usage, schema, location, subject, value, text });
        }
    }

    /// Adds the examples of a schema and of its subschemas.
    fn add_schema(&mut self, pointers: (Pointer, Pointer), subject: &str) {
        let mut pending = vec![pointers];
        while let Some((spec, shown)) = pending.pop() {
            let (spec, shown) = (resolved(self.spec, spec), resolved(self.shown, shown));
            let (Some(_), Some(Value::Object(schema))) =
                (spec.resolve(self.spec), shown.resolve(self.shown))
            else {
                continue;
            };
            if !self.visited.insert((spec.clone(), shown.clone())) {
                continue;
            }
            let subject = match shown.segments() {
                [components, schemas, name, ..]
                    if components == "components" && schemas == "schemas" =>
                {
                    format!("example of schema `{name}`")
                }
                _ => subject.to_owned(),
            };
            let count = schema.get("examples").and_then(Value::as_array).map_or(0, Vec::len);
            let locations = (0..count).map(|index| vec!["examples".to_owned(), index.to_string()]);
            for location in std::iter::once(vec!["example".to_owned()]).chain(locations) {
                let location = Pointer::from_segments(location);
                let (same, pointer) = (joined(&spec, &location), joined(&shown, &location));
                self.add(Usage::Schema, spec.clone(), (&same, pointer), subject.clone(), false);
            }
            for name in keys(self.shown, &shown.join("properties")) {
                let property = |pointer: &Pointer| pointer.join("properties").join(name);
                pending.push((property(&spec), property(&shown)));
            }
            for keyword in ["items", "additionalProperties"] {
                pending.push((spec.join(keyword), shown.join(keyword)));
            }
            for keyword in ["allOf", "oneOf", "anyOf", "prefixItems"] {
                let count = schema.get(keyword).and_then(Value::as_array).map_or(0, Vec::len);
                let member = |pointer: &Pointer, index| pointer.join(keyword).join(index);
                pending
                    .extend((0..count).map(|index| (member(&spec, index), member(&shown, index))));
            }
        }
    }
}

/// The schema of a JSON response of an operation.
pub(super) fn response_schema(
    root: &Value,
    operation: &OperationSummary,
    status: &str,
) -> Option<Pointer> {
    let item = resolved(root, Pointer::from_segments(["paths", &operation.path]));
    let response = operation.method.pointer(&item).join("responses").join(status);
    let content = resolved(root, response).join("content");
    let media_type = keys(root, &content).find(|media_type| is_json(media_type))?;
    let schema = content.join(media_type).join("schema");
    schema.resolve(root).map(|_| schema)
}

/// The parameters of an operation and its path item: name, location and pointer.
fn parameters<'v>(root: &'v Value, owners: [&Pointer; 2]) -> Vec<(&'v str, &'v str, Pointer)> {
    let mut parameters: Vec<(&str, &str, Pointer)> = Vec::new();
    for owner in owners {
        let list = owner.join("parameters");
        let count = list.resolve(root).and_then(Value::as_array).map_or(0, Vec::len);
        for pointer in (0..count).map(|index| resolved(root, list.join(index))) {
            let text = |key: &str| pointer.resolve(root)?.get(key)?.as_str();
            let (Some(name), Some(location)) = (text("name"), text("in")) else { continue };
            // Those of the operation override those of the path item.
            let is_known =
                parameters.iter().any(|(other, place, _)| (*other, *place) == (name, location));
            if !is_known {
                parameters.push((name, location, pointer));
            }
        }
    }
    parameters
}

/// The pointer, or the final target of the references there.
fn resolved(root: &Value, mut pointer: Pointer) -> Pointer {
    for _ in 0..MAX_REFERENCES {
        let reference = pointer.resolve(root).and_then(|value| value.get("$ref")?.as_str());
        let target = reference.and_then(Pointer::parse);
        match target.filter(|target| target.resolve(root).is_some()) {
            Some(target) => pointer = target,
            None => break,
        }
    }
    pointer
}

/// The keys of the object at a pointer.
fn keys<'v>(root: &'v Value, pointer: &Pointer) -> impl Iterator<Item = &'v str> + use<'v> {
    let object = pointer.resolve(root).and_then(Value::as_object);
    object.into_iter().flat_map(Map::keys).map(String::as_str)
}

/// A pointer with further segments.
fn joined(pointer: &Pointer, rest: &Pointer) -> Pointer {
    rest.segments().iter().fold(pointer.clone(), |pointer, segment| pointer.join(segment))
}
