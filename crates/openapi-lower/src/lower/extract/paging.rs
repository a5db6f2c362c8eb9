//! Recognizes operations that list items page by page.

use std::collections::HashMap;

use openapi_document::reference;
use serde_json::{Value, json};

use crate::ir::{ContentKind, Field, Object, Operation, Paging, Parameter, ParameterEncoding};

/// Names of parameters and properties with the number of items per page.
const SIZES: [&str; 3] = ["pagesize", "perpage", "limit"];

/// Finds the paging of an operation by the rules of [`Paging`].
///
/// Only GET is considered: reading further pages repeats the request, which must be safe (RFC 9110,
/// section 9.2.1).
pub(in crate::lower) fn find(
    operation: &Operation,
    objects: &HashMap<&str, &Object>,
) -> Option<Paging> {
    if operation.method != "GET" {
        return None;
    }
    let page = parameter(operation, &["page"])?;
    parameter(operation, &SIZES)?;
    let response_type = response_type(operation)?;
    let fields = &objects.get(response_type.as_str())?.fields;
    let field = |names: &[&str], fits: fn(&Value) -> bool| {
        // Absent and null could mean different things.
        let is_unambiguous = |field: &&Field| field.required || !field.nullable;
        let mut candidates = fields.iter().filter(|field| is_named(&field.name, names));
        candidates
            .find(|field| is_unambiguous(field) && !field.boxed && fits(&field.schema))
            .cloned()
    };
    Some(Paging {
        page: page.rust_name.clone(),
        first: page.default.as_ref().and_then(Value::as_i64).unwrap_or(1),
        items: field(&["items"], is_list)?,
        total: field(&["total"], is_integer)?,
        number: field(&["page"], is_integer),
        size: field(&SIZES, is_integer),
        response_type,
    })
}

/// The integer query parameter with one of these names.
fn parameter<'a>(operation: &'a Operation, names: &[&str]) -> Option<&'a Parameter> {
    operation.parameters.iter().find(|parameter| {
        matches!(
            parameter.encoding,
            ParameterEncoding::Query | ParameterEncoding::QueryExpansion(_)
        ) && is_named(&parameter.name, names)
            && is_integer(&parameter.schema)
    })
}

/// The type of the only success, if it is JSON with a named type.
fn response_type(operation: &Operation) -> Option<String> {
    let mut successes = operation.responses.iter().filter(|one| one.status.is_success());
    let (success, None) = (successes.next()?, successes.next()) else { return None };
    match &success.contents.first()?.kind {
        ContentKind::Json(schema) => reference::target(schema),
        _ => None,
    }
}

/// Whether a name equals one of `names`, ignoring case and separators.
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
