//! Comparison of enum values and formats.

use std::collections::HashSet;

use openapi_document::{Pointer, json_type::type_of};
use serde_json::Value;

use crate::{
    comparison::{Comparison, Purpose},
    describe::describe_change,
    rules::{self as r, Rule},
    schema_diff::{SchemaDiff, in_both},
    value_sets::{integers_include, is_of_format},
};

/// The JSON type that all values have, if any; integers count as numbers.
fn common_type(values: &[Value]) -> Option<&'static str> {
    let ty = |value: &Value| match type_of(value) {
        "integer" => "number",
        other => other,
    };
    let first = ty(values.first()?);
    values.iter().all(|value| ty(value) == first).then_some(first)
}

/// Whether all values are of a JSON type; integers count as numbers.
fn have_type(values: &[Value], ty: &str) -> bool {
    common_type(values) == Some(if ty == "integer" { "number" } else { ty })
}

/// Whether all values are of a type and format. Strings with a Rust type of their own aren't text.
pub(crate) fn fit(values: &[Value], ty: &str, format: Option<&str>) -> bool {
    let format = format.filter(|_| ty == "integer" || rust_type(ty, format) != "String");
    have_type(values, ty) && values.iter().all(|value| is_of_format(value, ty, format))
}

/// The maximum number of enum values in a message.
const MAX_LISTED: usize = 12;

/// Compares the values of two enums. Returns false if their types differ.
pub(crate) fn compare_values(
    comparison: &Comparison,
    (old, new): (&[Value], &[Value]),
    pointers: (&Pointer, &Pointer),
    diff: &mut SchemaDiff,
) -> bool {
    if old == new {
        return true;
    }
    if common_type(old) != common_type(new) {
        return false;
    }
    // Equal numbers have equal keys, however they are written.
    let key = |value: &Value| match value.as_f64().filter(|_| !value.is_i64() && !value.is_u64()) {
        Some(number) if number.fract() == 0.0 => format!("{number:.0}"),
        _ => value.to_string(),
    };
    let keys = |values: &[Value]| values.iter().map(key).collect::<HashSet<String>>();
    let (old_keys, new_keys) = (keys(old), keys(new));
    let missing = |values: &[Value], keys: &HashSet<String>| -> Vec<String> {
        values.iter().filter(|value| !keys.contains(&key(value))).map(Value::to_string).collect()
    };
    let list = |values: &[String]| match values.get(MAX_LISTED) {
        None => values.join(", "),
        Some(_) => {
            let more = values.len() - MAX_LISTED;
            format!("{} and {more} more", values[..MAX_LISTED].join(", "))
        }
    };
    let noun = |values: &[String]| if values.len() == 1 { "enum value" } else { "enum values" };
    let name = comparison.describe_new(pointers.1);
    // Enums of numbers are plain numbers in Rust: their values are constraints.
    let is_number = common_type(old) == Some("number");
    let (removed, added) = (missing(old, &new_keys), missing(new, &old_keys));
    if !removed.is_empty() {
        let rules = match is_number {
            true => (r::REQUEST_TIGHTENED, r::RESPONSE_CONSTRAINT_CHANGED),
            false => (r::REQUEST_ENUM_VALUE_REMOVED, r::RESPONSE_ENUM_VALUE_REMOVED),
        };
        let listed = list(&removed);
        let message = format!("{name}: {} {listed} removed", noun(&removed));
        diff.record(rules, pointers, message, (Some(listed), None));
        let (old, new) = comparison.keyword_pointers(pointers, &["enum", "const"]);
        diff.locate(old, new);
    }
    if !added.is_empty() {
        let rules = match is_number {
            true => (r::REQUEST_LOOSENED, r::RESPONSE_CONSTRAINT_CHANGED),
            false => in_both(r::ENUM_VALUE_ADDED),
        };
        let listed = list(&added);
        let message = format!("{name}: {} {listed} added", noun(&added));
        diff.record(rules, pointers, message, (None, Some(listed)));
        let (old, new) = comparison.keyword_pointers(pointers, &["enum", "const"]);
        diff.locate(old, new);
    }
    true
}

/// Compares the formats of two scalars of the same type. Returns false if the Rust types differ in
/// a way that no rule for formats describes.
pub(crate) fn compare_formats(
    comparison: &Comparison,
    ty: &str,
    (old, new): (Option<&str>, Option<&str>),
    pointers: (&Pointer, &Pointer),
    diff: &mut SchemaDiff,
) -> bool {
    let is_documentation = comparison.purpose == Purpose::Documentation;
    // Formats without a Rust type matter to readers only.
    let kind = |format| match (is_documentation, format) {
        (true, Some(format)) => format,
        (true, None) if ty == "string" => "String",
        (true, None) => "",
        (false, format) => rust_type(ty, format),
    };
    let (old_rust, new_rust) = (kind(old), kind(new));
    if old_rust == new_rust {
        if ty == "string" && old != new {
            let name = comparison.describe_new(pointers.1);
            let key = format!("{name}: format");
            let message = describe_change(&key, (old, new), true);
            let values = (old.map(str::to_owned), new.map(str::to_owned));
            diff.record_keyed(in_both(r::FORMAT_CHANGED), pointers, key, message, values);
        }
        return true;
    }
    let rules = match (ty, old_rust, new_rust) {
        ("integer", ..) if !is_documentation => integer_rules(old, new),
        ("integer" | "number", ..) => in_both(r::NUMBER_FORMAT_CHANGED),
        (_, "String", _) => (r::REQUEST_FORMAT_ADDED, r::RESPONSE_FORMAT_ADDED),
        (_, _, "String") => (r::REQUEST_FORMAT_REMOVED, r::RESPONSE_FORMAT_REMOVED),
        _ => return false,
    };
    let describe = |format: Option<&str>, rust| {
        let format = format.map(|format| format!(" ({format})")).unwrap_or_default();
        let rust = if is_documentation { String::new() } else { format!(", {rust}") };
        format!("{ty}{format}{rust}")
    };
    let name = comparison.describe_new(pointers.1);
    let key = format!("{name}: format");
    let message = match (old, new) {
        (None, Some(format)) | (Some(format), None) => {
            describe_change(&format!("{key} `{format}`"), (old, new), false)
        }
        _ => describe_change(&key, (old, new), true),
    };
    let values = (Some(describe(old, old_rust)), Some(describe(new, new_rust)));
    diff.record_keyed(rules, pointers, key, message, values);
    true
}

/// The rules for another range of integers.
fn integer_rules(old: Option<&str>, new: Option<&str>) -> (&'static Rule, &'static Rule) {
    let request = match integers_include(old, new) {
        true => r::REQUEST_INTEGER_WIDENED,
        false => r::REQUEST_INTEGER_NARROWED,
    };
    let response = match integers_include(new, old) {
        true => r::RESPONSE_INTEGER_NARROWED,
        false => r::RESPONSE_INTEGER_WIDENED,
    };
    (request, response)
}

/// The Rust type that openapi-lower generates for a scalar.
fn rust_type(ty: &str, format: Option<&str>) -> &'static str {
    match (ty, format) {
        ("boolean", _) => "bool",
        ("number", Some("float")) => "f32",
        ("number", _) => "f64",
        ("integer", Some("int8")) => "i8",
        ("integer", Some("uint8")) => "u8",
        ("integer", Some("int16")) => "i16",
        ("integer", Some("uint16")) => "u16",
        ("integer", Some("int32" | "int")) => "i32",
        ("integer", Some("uint32" | "uint")) => "u32",
        ("integer", Some("uint64")) => "u64",
        ("integer", _) => "i64",
        ("string", Some("uuid")) => "Uuid",
        ("string", Some("date")) => "NaiveDate",
        ("string", Some("date-time")) => "DateTime<Utc>",
        _ => "String",
    }
}
