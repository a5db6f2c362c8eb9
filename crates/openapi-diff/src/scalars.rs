//! Scalars: values that may be listed, and formats that have a Rust type.

use std::collections::HashSet;

use openapi_document::{Pointer, json_type::type_of};
use serde_json::Value;

use crate::{
    finding::{Found, both},
    rules as r,
    sides::Sides,
};

/// The JSON type of all these values, if they have one; integers are numbers here.
fn of_type(values: &[Value]) -> Option<&'static str> {
    let ty = |value: &Value| match type_of(value) {
        "integer" => "number",
        other => other,
    };
    let first = ty(values.first()?);
    values.iter().all(|value| ty(value) == first).then_some(first)
}

pub(crate) fn are_of(values: &[Value], ty: &str) -> bool {
    of_type(values) == Some(if ty == "integer" { "number" } else { ty })
}

/// How many values of an enum are named.
const NAMED: usize = 12;

/// Compares the values of two enums; `false`: they are of two types.
pub(crate) fn values(
    sides: &Sides,
    (was, is): (&[Value], &[Value]),
    places: (&Pointer, &Pointer),
    found: &mut Found,
) -> bool {
    if of_type(was) != of_type(is) {
        return false;
    }
    // As text, in which numbers that are the same look the same.
    let key = |value: &Value| match value.as_f64().filter(|_| !value.is_i64() && !value.is_u64()) {
        Some(number) if number.fract() == 0.0 => format!("{number:.0}"),
        _ => value.to_string(),
    };
    let keys = |values: &[Value]| values.iter().map(key).collect::<HashSet<String>>();
    let (known, now) = (keys(was), keys(is));
    let missing = |from: &[Value], within: &HashSet<String>| -> Vec<String> {
        from.iter().filter(|value| !within.contains(&key(value))).map(Value::to_string).collect()
    };
    let listed = |values: &[String]| match values.get(NAMED) {
        None => values.join(", "),
        Some(_) => {
            format!("{} and {} more", values[..NAMED].join(", "), values.len() - NAMED)
        }
    };
    let subject = sides.subject(places.1);
    // Enums of numbers are numbers.
    let is_number = of_type(was) == Some("number");
    let (gone, come) = (missing(was, &now), missing(is, &known));
    if !gone.is_empty() {
        let rules = match is_number {
            true => (r::REQUEST_TIGHTENED, r::RESPONSE_CONSTRAINT_CHANGED),
            false => (r::REQUEST_ENUM_VALUE_REMOVED, r::RESPONSE_ENUM_VALUE_REMOVED),
        };
        let gone = listed(&gone);
        found.note(
            rules,
            places,
            format!("{subject} can't be {gone} any more"),
            (Some(gone), None),
        );
    }
    if !come.is_empty() {
        let rules = match is_number {
            true => (r::REQUEST_LOOSENED, r::RESPONSE_CONSTRAINT_CHANGED),
            false => both(r::ENUM_VALUE_ADDED),
        };
        let come = listed(&come);
        found.note(rules, places, format!("{subject} can be {come}"), (None, Some(come)));
    }
    true
}

/// Compares the formats of two scalars of one type; `false`: they are two types.
pub(crate) fn formats(
    sides: &Sides,
    ty: &str,
    (was, is): (Option<&str>, Option<&str>),
    places: (&Pointer, &Pointer),
    found: &mut Found,
) -> bool {
    let rust = (rust_type(ty, was), rust_type(ty, is));
    if rust.0 == rust.1 {
        return true;
    }
    let rules = match (ty, rust.0, rust.1) {
        ("integer" | "number", ..) => both(r::NUMBER_FORMAT_CHANGED),
        (_, "String", _) => (r::REQUEST_FORMAT_ADDED, r::RESPONSE_FORMAT_ADDED),
        (_, _, "String") => (r::REQUEST_FORMAT_REMOVED, r::RESPONSE_FORMAT_REMOVED),
        _ => return false,
    };
    let text = |format: Option<&str>, rust| match format {
        Some(format) => format!("{ty} ({format}), {rust}"),
        None => format!("{ty}, {rust}"),
    };
    let message = format!("{} has another format", sides.subject(places.1));
    found.note(rules, places, message, (Some(text(was, rust.0)), Some(text(is, rust.1))));
    true
}

/// The Rust type of a scalar, as `openapi-lower` makes it.
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
        ("string", Some("ip")) => "IpAddr",
        ("string", Some("ipv4")) => "Ipv4Addr",
        ("string", Some("ipv6")) => "Ipv6Addr",
        _ => "String",
    }
}
