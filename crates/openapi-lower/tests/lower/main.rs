//! Tests of the public interface: lowering, refusals and generated code of documents.

mod bounds;
mod cases;
mod compositions;
mod constructs;
mod core;
mod dialect;
mod document;
mod documentation;
#[cfg(feature = "surface")]
mod features;
mod forms;
mod generated;
mod golden;
mod inline;
mod lowered;
mod model;
mod mutants;
mod paging;
mod parameters;
mod received;
mod refusals;
mod representations;
mod reserved;
mod secrets;
#[cfg(feature = "surface")]
mod surface;
mod types;
mod typespec;
mod warnings;

use openapi_lower::{Config, Document, Lowered, Refusals};
use serde_json::Value;

/// A document with these component schemas and an operation that returns the schema `Thing`.
fn with_schemas(schemas: &str) -> Document {
    let indented: String =
        schemas.trim_matches('\n').lines().map(|line| format!("    {line}\n")).collect();
    document(&format!(
        "
paths:
  /thing:
    get:
      operationId: getThing
      responses:
        '200':
          description: The thing
          content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Thing' }} }} }}
components:
  schemas:
{indented}"
    ))
}

/// A document with these operations at the path `/thing`.
fn with_operations(operations: &str) -> Document {
    let indented: String =
        operations.trim_matches('\n').lines().map(|line| format!("    {line}\n")).collect();
    document(&format!("paths:\n  /thing:\n{indented}"))
}

fn document(rest: &str) -> Document {
    let text = format!("openapi: 3.1.0\ninfo: {{ title: T, version: '1' }}\n{rest}");
    Document::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A document of `tests/wire/documents`, whose client the tests in `tests/wire` compile and call.
fn wire_document(name: &str) -> Document {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/wire/documents");
    let text = std::fs::read_to_string(format!("{root}/{name}.yaml")).unwrap();
    Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn lower(document: &Document) -> Result<Lowered, Refusals> {
    openapi_lower::lower(document, &Default::default())
}

/// The lowered component schemas.
fn components(document: &Document) -> Value {
    let lowered = lower(document).expect("the document is lowered");
    serde_json::to_value(lowered.openapi).unwrap()["components"]["schemas"].take()
}

fn generate(document: &Document) -> String {
    config().generate_from(document).unwrap_or_else(|refusals| panic!("{refusals}")).code
}

/// The configuration for documents that aren't files.
fn config() -> Config {
    Config::new("document.yaml")
}
