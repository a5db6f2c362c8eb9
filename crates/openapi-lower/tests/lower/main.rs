//! openapi-lower from outside: documents in, lowered documents, refusals or code out.

mod cases;
mod constructs;
mod core;
mod dialect;
mod document;
mod generated;
mod golden;
mod lowered;
mod model;
mod mutants;
mod pairs;
mod refusals;
mod secrets;
mod types;

use openapi_lower::{Config, Document, Lowered, Refusals};
use serde_json::Value;

/// A document whose only operation answers with the schema `Thing`, and these other schemas.
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

/// A document with these operations under `/thing`.
fn with_operations(operations: &str) -> Document {
    let indented: String =
        operations.trim_matches('\n').lines().map(|line| format!("    {line}\n")).collect();
    document(&format!("paths:\n  /thing:\n{indented}"))
}

fn document(rest: &str) -> Document {
    let text = format!("openapi: 3.1.0\ninfo: {{ title: T, version: '1' }}\n{rest}");
    Document::parse(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn lower(document: &Document) -> Result<Lowered, Refusals> {
    openapi_lower::lower(document, &Default::default())
}

/// The lowered component schemas.
fn components(document: &Document) -> Value {
    let lowered = lower(document).expect("nothing is to be refused");
    serde_json::to_value(lowered.openapi).unwrap()["components"]["schemas"].take()
}

fn generate(document: &Document) -> String {
    config().generate_from(document).unwrap_or_else(|refusals| panic!("{refusals}")).code
}

/// For documents that are in no file.
fn config() -> Config {
    Config::new("document.yaml")
}
