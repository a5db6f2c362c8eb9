//! A document, ready to judge requests and to make answers.

use bytes::Bytes;
use openapi_document::{
    Document, Operation,
    media_type::essence,
    operation::{Content, Response},
    server,
};
use serde_json::Value;

use crate::{
    error::MockError,
    instances::{Fill, Instances},
    mock_response::MockResponse,
    route::Routes,
    shape::Shape,
    validator::Validator,
};

/// Properties that tell a human what went wrong.
const MESSAGES: [&str; 6] = ["message", "detail", "error", "description", "reason", "title"];

/// An API: its document and all that follows from it.
#[derive(Debug)]
pub struct Api {
    document: Document,
    operations: Vec<Operation>,
    validator: Validator,
    pub(crate) routes: Routes,
    base_path: String,
}

/// What an answer is built from, besides the document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ResponseOptions<'a> {
    pub(crate) seed: u64,
    pub(crate) fill: Fill,
    pub(crate) accept: Option<&'a str>,
    /// An example by its name; `Some("")` is any.
    pub(crate) example: Option<&'a str>,
}

/// An answer in full.
#[derive(Clone, Debug, Default)]
pub(crate) struct BuiltResponse {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

impl Api {
    /// Reads a document, in YAML or JSON.
    ///
    /// # Errors
    ///
    /// If it isn't an OpenAPI document, or refers to what isn't there.
    pub fn parse(text: &str) -> Result<Self, MockError> {
        let document = Document::parse(text)?;
        // Values are judged by JSON Schema 2020-12, which 3.0 doesn't have.
        let version = document.node().text("openapi").unwrap_or_default();
        if !version.starts_with("3.1.") {
            return Err(MockError::new(format!(
                "openapi: {version}: only documents of OpenAPI 3.1 can be served"
            )));
        }
        let operations = Operation::all(&document)?;
        let routes = Routes::new(&operations);
        let validator = Validator::new(&document)?;
        let base_path = base_path(&document);
        Ok(Self { document, operations, validator, routes, base_path })
    }

    /// The document.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Its operations, in its order.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation with this id.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// Who decides what a schema accepts.
    pub fn validator(&self) -> &Validator {
        &self.validator
    }

    /// Instances of its schemas.
    pub fn instances(&self) -> Instances<'_> {
        Instances::new(&self.document, &self.validator)
    }

    /// The path of the first server's URL, without a slash at its end.
    pub fn base_path(&self) -> &str {
        &self.base_path
    }

    /// The schema of the items of a response: it is a list, or has one as `items` or alone.
    pub(crate) fn list(&self, operation: &Operation) -> Option<(String, String)> {
        let response = operation.response(success(operation))?;
        let schema = response.content.first()?.schema.as_ref()?;
        let shape = Shape::of(&self.document, schema);
        if let Some(items) = shape.items {
            return Some((String::new(), items));
        }
        let lists = shape.properties.iter().filter_map(|(name, property)| {
            let items = Shape::of(&self.document, property).items?;
            Some((name, items))
        });
        let mut lists: Vec<_> = lists.collect();
        lists.sort_by_key(|(name, _)| name.as_str() != "items");
        lists.into_iter().next().map(|(name, items)| (format!("/{name}"), items))
    }

    /// The answer that the document has for a status, with what `answer` changes of it.
    pub(crate) fn make(
        &self,
        operation: &Operation,
        answer: &MockResponse,
        options: ResponseOptions<'_>,
    ) -> Result<BuiltResponse, String> {
        let status = answer.status.unwrap_or_else(|| success(operation));
        let mut built = BuiltResponse { status, ..BuiltResponse::default() };
        let response = operation.response(status);
        if let Some(response) = response {
            self.headers(response, options, &mut built)?;
        }
        if let Some(body) = &answer.body {
            built.body = body.clone();
            built.headers.extend(content_type(answer.content_type.as_deref().unwrap_or_default()));
        } else if let Some(form) =
            response.and_then(|response| acceptable(response, options.accept))
        {
            let value = self.body(form, options)?;
            let value = answer.patched(value);
            if answer.patches.is_empty() {
                self.judged(form, &value)?;
            }
            let (media_type, body) = written(form, value);
            built.headers.extend(content_type(&media_type));
            built.body = body;
        }
        built.headers.extend(answer.headers.iter().cloned());
        Ok(built)
    }

    /// The documented error for a status, saying `message` where it has a place for it.
    pub(crate) fn error(
        &self,
        operation: &Operation,
        status: u16,
        message: &str,
        options: ResponseOptions<'_>,
    ) -> Result<BuiltResponse, String> {
        let form = operation.response(status).and_then(|r| acceptable(r, None));
        let mut answer = MockResponse::status(status);
        match form.and_then(|form| Some((form, form.schema.as_deref()?))) {
            None => answer = answer.body(message.to_owned(), "text/plain"),
            Some((form, schema)) if is_json(&form.media_type) => {
                let shape = Shape::of(&self.document, schema);
                let place = MESSAGES.iter().find(|name| {
                    let member = shape.properties.iter().find(|(own, _)| own == *name);
                    member.is_some_and(|(_, at)| Shape::of(&self.document, at).is("string"))
                });
                let value = self.body(form, options)?;
                if let Some(name) = place {
                    let said = answer.clone().with(format!("/{name}"), message);
                    let fits = self.validator.accepts(schema, &said.patched(value));
                    if fits.is_ok_and(|fits| fits) {
                        answer = said;
                    }
                }
            }
            Some((form, _)) => answer = answer.body(message.to_owned(), &form.media_type),
        }
        self.make(operation, &answer, options)
    }

    fn body(&self, form: &Content, options: ResponseOptions<'_>) -> Result<Value, String> {
        if let Some(value) = options.example.and_then(|name| self.example(form, name)) {
            return Ok(value);
        }
        match &form.schema {
            None if is_json(&form.media_type) => Ok(Value::Object(serde_json::Map::new())),
            None => Ok(format!("content {}", options.seed).into()),
            Some(schema) => self
                .instances()
                .of(schema, options.seed, options.fill)
                .map_err(|error| error.to_string()),
        }
    }

    /// An example of the document: `example`, or one of `examples`.
    fn example(&self, form: &Content, name: &str) -> Option<Value> {
        let media = self.document.at(&form.pointer)?;
        let mut named = media.get("examples").into_iter().flat_map(|all| all.members());
        let found = named.find(|(own, _)| name.is_empty() || *own == name);
        let found = found.and_then(|(_, example)| self.document.resolved(example)?.get("value"));
        let schema = || self.document.resolved(self.document.at(form.schema.as_deref()?)?);
        found
            .or_else(|| media.get("example").filter(|_| name.is_empty()))
            .or_else(|| schema()?.get("example").filter(|_| name.is_empty()))
            .map(|example| example.value.clone())
    }

    fn headers(
        &self,
        response: &Response,
        options: ResponseOptions<'_>,
        built: &mut BuiltResponse,
    ) -> Result<(), String> {
        for (name, required, schema) in &response.headers {
            let wanted = *required || options.fill == Fill::Full;
            let framing = ["content-type", "content-length", "location"];
            let (Some(schema), true) = (schema, wanted) else { continue };
            if framing.contains(&name.to_ascii_lowercase().as_str()) {
                continue;
            }
            let legal = |value: &Value| {
                let text = plain(value);
                text.is_some_and(|text| text.bytes().all(|b| (b' '..=b'~').contains(&b)))
            };
            let value = self.instances().draw(schema, options.seed, options.fill, legal);
            let value = value.map_err(|error| format!("header `{name}`: {error}"))?;
            built.headers.push((name.clone(), plain(&value.value).unwrap_or_default()));
        }
        Ok(())
    }

    fn judged(&self, form: &Content, value: &Value) -> Result<(), String> {
        let Some(schema) = &form.schema else { return Ok(()) };
        let violations = self.validator.violations(schema, value, "answer");
        match violations.map_err(|error| error.to_string())?.first() {
            None => Ok(()),
            Some(violation) => Err(violation.to_string()),
        }
    }
}

/// The status of the first documented success; of the first answer, if none is one.
pub(crate) fn success(operation: &Operation) -> u16 {
    let of = |class: u8| {
        let mut all = operation.responses.iter();
        all.find(|response| response.status.as_bytes().first() == Some(&class))
    };
    let default = || operation.responses.iter().find(|response| response.status == "default");
    match of(b'2').or_else(|| of(b'3')) {
        Some(response) => response.code(),
        None => default()
            .map_or_else(|| operation.responses.first().map_or(204, Response::code), |_| 200),
    }
}

/// The first form that the client accepts; the first of all, if it accepts none.
fn acceptable<'a>(response: &'a Response, accept: Option<&str>) -> Option<&'a Content> {
    let accept = accept.unwrap_or("*/*");
    let ranges: Vec<_> = accept.split(',').map(essence).collect();
    let accepted = |form: &&Content| {
        let kind = form.media_type.split('/').next().unwrap_or_default();
        ranges.iter().any(|range| {
            *range == form.media_type || range == "*/*" || *range == format!("{kind}/*")
        })
    };
    response.content.iter().find(accepted).or(response.content.first())
}

pub(crate) fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.ends_with("+json")
}

/// A value in its form: JSON, or plain text where it is one.
fn written(form: &Content, value: Value) -> (String, Bytes) {
    let media_type = match form.media_type.contains('*') {
        true => "application/octet-stream".to_owned(),
        false => form.media_type.clone(),
    };
    let body = match value {
        Value::String(text) if !is_json(&media_type) => text,
        value => value.to_string(),
    };
    (media_type, body.into())
}

/// A scalar, or a list of them, as a header carries it.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => {
            items.iter().map(plain).collect::<Option<Vec<_>>>().map(|all| all.join(","))
        }
        Value::Null | Value::Object(_) => None,
        scalar => Some(scalar.to_string()),
    }
}

fn content_type(media_type: &str) -> Option<(String, String)> {
    (!media_type.is_empty()).then(|| ("content-type".to_owned(), media_type.to_owned()))
}

/// The path of the first server, its variables at their defaults.
fn base_path(document: &Document) -> String {
    let server = document.root().pointer("/servers/0");
    let url = server.and_then(server::url).unwrap_or_else(|| "/".to_owned());
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None => url.as_str(),
    };
    let path = path.trim_end_matches('/');
    if path.is_empty() || path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}
