//! Unknown members whose names look like misspelt ones of OpenAPI: they would be ignored silently.

use openapi_document::{
    Pointer,
    walk::{self, Kind},
};
use serde_json::Value;

use super::diagnostics::Diagnostics;
use crate::{collect::Collect, json};

/// The members of a document (OpenAPI 3.1, section 4.8.1, and 3.2).
const ROOT: &[&str] = &[
    "openapi",
    "$self",
    "info",
    "jsonSchemaDialect",
    "servers",
    "paths",
    "webhooks",
    "components",
    "security",
    "tags",
    "externalDocs",
];

/// The members of a server (OpenAPI 3.1, section 4.8.5, and 3.2).
const SERVER: &[&str] = &["url", "description", "name", "variables"];

/// The members of `components` (OpenAPI 3.1, section 4.8.7, and 3.2).
const COMPONENTS: &[&str] = &[
    "schemas",
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "securitySchemes",
    "links",
    "callbacks",
    "pathItems",
    "mediaTypes",
];

/// The members of a path item (OpenAPI 3.1, section 4.8.9).
const PATH_ITEM: &[&str] = &[
    "$ref",
    "summary",
    "description",
    "get",
    "put",
    "post",
    "delete",
    "options",
    "head",
    "patch",
    "trace",
    "servers",
    "parameters",
    "query",
    "additionalOperations",
];

/// The members of an operation (OpenAPI 3.1, section 4.8.10).
const OPERATION: &[&str] = &[
    "tags",
    "summary",
    "description",
    "externalDocs",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "callbacks",
    "deprecated",
    "security",
    "servers",
];

/// The members of a parameter (OpenAPI 3.1, section 4.8.12).
const PARAMETER: &[&str] = &[
    "$ref",
    "summary",
    "name",
    "in",
    "description",
    "required",
    "deprecated",
    "allowEmptyValue",
    "style",
    "explode",
    "allowReserved",
    "schema",
    "example",
    "examples",
    "content",
];

/// The members of a request body (OpenAPI 3.1, section 4.8.13).
const REQUEST_BODY: &[&str] = &["$ref", "summary", "description", "content", "required"];

/// The members of a response (OpenAPI 3.1, section 4.8.17).
const RESPONSE: &[&str] = &["$ref", "summary", "description", "headers", "content", "links"];

/// The members of a media type (OpenAPI 3.1, section 4.8.14, and 3.2).
const MEDIA_TYPE: &[&str] = &[
    "$ref",
    "schema",
    "example",
    "examples",
    "encoding",
    "itemSchema",
    "itemEncoding",
    "prefixEncoding",
];

/// The members of an encoding (OpenAPI 3.1, section 4.8.15, and 3.2).
const ENCODING: &[&str] = &[
    "contentType",
    "headers",
    "style",
    "explode",
    "allowReserved",
    "encoding",
    "itemEncoding",
    "prefixEncoding",
];

/// The members of a discriminator (OpenAPI 3.1, section 4.8.25, and 3.2).
const DISCRIMINATOR: &[&str] = &["propertyName", "mapping", "defaultMapping"];

/// The keywords of a schema (JSON Schema 2020-12; OpenAPI 3.0 and 3.1, section 4.8.24).
const SCHEMA: &[&str] = &[
    "$ref",
    "$id",
    "$schema",
    "$anchor",
    "$dynamicRef",
    "$dynamicAnchor",
    "$defs",
    "$comment",
    "$vocabulary",
    "$recursiveRef",
    "$recursiveAnchor",
    "definitions",
    "type",
    "format",
    "title",
    "description",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "example",
    "examples",
    "externalDocs",
    "xml",
    "discriminator",
    "nullable",
    "enum",
    "const",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "unevaluatedProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "items",
    "prefixItems",
    "additionalItems",
    "unevaluatedItems",
    "contains",
    "minContains",
    "maxContains",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minLength",
    "maxLength",
    "pattern",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];

/// Warns about members that look misspelt, and about references where OpenAPI allows none.
pub(super) fn warn(root: &Value, diagnostics: &mut Diagnostics) {
    walk::nodes(root, &mut |kind, value, at| {
        let known = match kind {
            Kind::Root => ROOT,
            Kind::Components => COMPONENTS,
            Kind::PathItem => PATH_ITEM,
            Kind::Operation => OPERATION,
            Kind::Parameter | Kind::Header => PARAMETER,
            Kind::RequestBody => REQUEST_BODY,
            Kind::Response => RESPONSE,
            Kind::MediaType => MEDIA_TYPE,
            Kind::Encoding => ENCODING,
            Kind::Schema => SCHEMA,
            _ => return,
        };
        check(value, known, &|| at.pointer(), diagnostics);
        if kind == Kind::Schema
            && let Some(discriminator) = value.get("discriminator")
        {
            let at = || at.pointer().join("discriminator");
            check(discriminator, DISCRIMINATOR, &at, diagnostics);
        }
        if matches!(kind, Kind::Root | Kind::PathItem | Kind::Operation) {
            for (index, server) in json::items(value.get("servers")).iter().enumerate() {
                let at = || at.pointer().join("servers").join(index);
                check(server, SERVER, &at, diagnostics);
            }
        }
    });
}

/// Warns about the members of an object, at the pointer that `at` returns, that look misspelt.
fn check(value: &Value, known: &[&str], at: &dyn Fn() -> Pointer, diagnostics: &mut Diagnostics) {
    for (key, _) in json::members(Some(value)) {
        if known.contains(&key.as_str()) || key.starts_with("x-") {
            continue;
        }
        if key == "$ref" {
            let message = "the reference is ignored: OpenAPI 3.1 allows none here";
            diagnostics.warn(&at().join(key), message);
        } else if let Some(meant) = closest(key, known) {
            let message = format!("unknown member `{key}` is ignored: probably `{meant}` is meant");
            diagnostics.warn(&at().join(key), message);
        }
    }
}

/// The known name that an unknown one is a misspelling of.
fn closest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    // Longer names may have more mistakes.
    let limit = match name.len() {
        0..=2 => 0,
        3..=6 => 1,
        7..=12 => 2,
        13..=40 => 3,
        _ => return None,
    };
    let (distance, closest) = known
        .iter()
        .map(|one| (distance(name, one), *one))
        .min_by_key(|(distance, _)| *distance)?;
    (distance <= limit).then_some(closest)
}

/// The number of letters to insert, delete, replace or exchange with their neighbours; case doesn't
/// count (optimal string alignment).
fn distance(one: &str, other: &str) -> usize {
    let one: Vec<char> = one.chars().flat_map(char::to_lowercase).collect_vec();
    let other: Vec<char> = other.chars().flat_map(char::to_lowercase).collect_vec();
    let mut rows = vec![(0..=other.len()).collect::<Vec<usize>>()];
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let replaced = rows[i][j] + usize::from(a != b);
            let mut best = replaced.min(rows[i][j + 1] + 1).min(row[j] + 1);
            let is_exchange = i > 0 && j > 0 && *a == other[j - 1] && *b == one[i - 1];
            if is_exchange {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}
