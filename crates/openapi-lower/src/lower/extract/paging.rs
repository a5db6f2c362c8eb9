//! Lists that are read page by page, recognised by what the document says of them.

use openapi_document::reference;
use serde_json::{Value, json};

use crate::ir::{ContentKind, Field, Object, Operation, Paging, Parameter, ParameterEncoding};

/// Parameters and members that say how many items a page has.
const SIZES: [&str; 3] = ["pagesize", "perpage", "limit"];

/// How the answers of an operation follow one another, if each is a page of a list.
///
/// Only of a GET: reading on repeats the request, which must have no effect (RFC 9110, section
/// 9.2.1).
pub(in crate::lower) fn find(operation: &Operation, objects: &[Object]) -> Option<Paging> {
    if operation.method != "GET" {
        return None;
    }
    let page = parameter(operation, &["page"])?;
    parameter(operation, &SIZES)?;
    let response_type = response_type(operation)?;
    let fields = &objects.iter().find(|object| object.rust == response_type)?.fields;
    let member = |names: &[&str], fits: fn(&Value) -> bool| {
        // One that may be left out and be null as well says nothing clear.
        let clear = |field: &&Field| field.required || !field.nullable;
        let mut named = fields.iter().filter(|field| is_named(&field.name, names));
        named.find(|field| clear(field) && !field.boxed && fits(&field.schema)).cloned()
    };
    Some(Paging {
        page: page.rust_name.clone(),
        first: page.default.as_ref().and_then(Value::as_i64).unwrap_or(1),
        items: member(&["items"], is_list)?,
        total: member(&["total"], is_integer)?,
        number: member(&["page"], is_integer),
        size: member(&SIZES, is_integer),
        response_type,
    })
}

/// An integer in the query by one of these names.
fn parameter<'a>(operation: &'a Operation, names: &[&str]) -> Option<&'a Parameter> {
    operation.parameters.iter().find(|parameter| {
        matches!(parameter.encoding, ParameterEncoding::Query | ParameterEncoding::Repeated)
            && is_named(&parameter.name, names)
            && is_integer(&parameter.schema)
    })
}

/// The type of the one success, if it is JSON of a named type.
fn response_type(operation: &Operation) -> Option<String> {
    let mut successes = operation.responses.iter().filter(|one| one.status.is_success());
    let (success, None) = (successes.next()?, successes.next()) else { return None };
    match &success.contents.first()?.kind {
        ContentKind::Json(schema) => reference::target(schema),
        ContentKind::Text | ContentKind::Bytes => None,
    }
}

fn is_named(name: &str, names: &[&str]) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    names.contains(&plain.to_ascii_lowercase().as_str())
}

fn is_integer(schema: &Value) -> bool {
    schema.get("type") == Some(&json!("integer")) && schema.get("enum").is_none()
}

fn is_list(schema: &Value) -> bool {
    schema.get("type") == Some(&json!("array")) && schema.get("items").is_some()
}
