//! Two schemas, compared without those below them.

use openapi_lower::Pointer;
use serde_json::Value;

use super::{
    constraints::{is_constraint, is_tightened},
    facets::{PROSE, same},
    graph::Graph,
    node::{Kind, Member, Node, Place, Schemas},
    objects,
    rules::{self as r, Rule},
    unions::{self, described, named},
};

/// A change in a schema, which means one thing in requests and another in answers.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) request: Option<&'static Rule>,
    pub(super) response: Option<&'static Rule>,
    pub(super) old: Option<Pointer>,
    pub(super) new: Option<Pointer>,
    pub(super) message: String,
    pub(super) was: Option<String>,
    pub(super) is: Option<String>,
}

/// What was found in two schemas, and the schemas below them that belong together.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) findings: Vec<Finding>,
    pub(super) below: Vec<(Place, Place)>,
}

impl Found {
    /// Notes a change of the two schemas themselves.
    fn note(
        &mut self,
        (request, response): (&'static Rule, &'static Rule),
        (old, new): (&Pointer, &Pointer),
        message: String,
        (was, is): (Option<String>, Option<String>),
    ) {
        self.findings.push(Finding {
            request: Some(request),
            response: Some(response),
            old: Some(old.clone()),
            new: Some(new.clone()),
            message,
            was,
            is,
        });
    }
}

/// Compares two schemas.
pub(super) fn compare(graph: &Graph, old: &Node, new: &Node) -> Found {
    let mut found = Found::default();
    names(graph, old, new, &mut found);
    facets(graph, old, new, &mut found);
    if kinds(graph, old, new, &mut found) {
        nullable(graph, old, new, &mut found);
    } else {
        let (was, is) = (described(old, &graph.old), described(new, &graph.new));
        // Where the type is said: a component that many use with a description of their own changes
        // once.
        let subject = graph.subject(&new.home);
        found.note(
            both(r::TYPE_CHANGED),
            (&old.home, &new.home),
            format!("{subject} has another type"),
            (Some(was), Some(is)),
        );
        found.below.clear();
    }
    found
}

/// Names of Rust types, where both have one.
fn names(graph: &Graph, old: &Node, new: &Node, found: &mut Found) {
    let documents = (named(&old.home), named(&new.home));
    let rust = (graph.names.old.get(&old.home), graph.names.new.get(&new.home));
    // Documents that can't be lowered have no Rust names: those of the document must do.
    let lowered = !graph.names.old.is_empty();
    let has_type =
        |node: &Node| matches!(node.kind, Kind::Object(_) | Kind::Enum(_) | Kind::Union(_));
    let (was, is) = match (rust, documents) {
        ((Some(was), Some(is)), _) => (was.clone(), is.clone()),
        (_, (Some(was), Some(is))) if !lowered && has_type(old) && has_type(new) => {
            (was.to_owned(), is.to_owned())
        }
        _ => return,
    };
    let renamed = match documents {
        (Some(was), Some(is)) => {
            was != is && !has_schema(&graph.new, was) && !has_schema(&graph.old, is)
        }
        _ => false,
    };
    let (rule, message) = match (was == is, renamed, documents) {
        (true, true, (Some(one), Some(other))) => {
            (r::SCHEMA_MOVED, format!("`{one}` is `{other}` now; `types::{is}` stays"))
        }
        (true, ..) => return,
        (false, true, (Some(one), Some(other))) => {
            (r::SCHEMA_RENAMED, format!("`{one}` is `{other}` now"))
        }
        (false, ..) => {
            (r::TYPE_RENAMED, format!("the type of {} has another name", graph.subject(&new.home)))
        }
    };
    let shown = |name: String| Some(format!("types::{name}"));
    found.note((rule, rule), (&old.home, &new.home), message, (shown(was), shown(is)));
}

fn has_schema(schemas: &Schemas, name: &str) -> bool {
    schemas.value(&Pointer::of(["components", "schemas", name])).is_some()
}

/// What is said besides the type.
fn facets(graph: &Graph, old: &Node, new: &Node, found: &mut Found) {
    let mut prose = false;
    for keyword in old.facets.differing(&new.facets) {
        let values = (old.facets.get(keyword), new.facets.get(keyword));
        let place = |node: &Node| {
            node.facets.place(keyword).cloned().unwrap_or_else(|| node.place.pointer.clone())
        };
        let places = (&place(old), &place(new));
        let subject = graph.subject(places.1);
        if PROSE.contains(&keyword) {
            // Once for all of it.
            if !std::mem::replace(&mut prose, true) {
                found.note(
                    (r::PROSE_CHANGED, r::PROSE_CHANGED),
                    places,
                    format!("{subject}: {keyword}"),
                    (values.0.map(shown), values.1.map(shown)),
                );
            }
            continue;
        }
        let (rules, message) = match keyword {
            "deprecated" if new.facets.is_true(keyword) => {
                (both(r::PROPERTY_DEPRECATED), format!("{subject} is deprecated"))
            }
            "deprecated" => {
                (both(r::PROPERTY_UNDEPRECATED), format!("{subject} isn't deprecated any more"))
            }
            "default" => (both(r::DEFAULT_CHANGED), format!("{subject} has another default")),
            "readOnly" | "writeOnly" => {
                (both(r::ACCESS_CHANGED), format!("{subject}: `{keyword}`"))
            }
            constraint if is_constraint(constraint) => {
                let rule = match is_tightened(constraint, values.0, values.1) {
                    true => r::REQUEST_TIGHTENED,
                    false => r::REQUEST_LOOSENED,
                };
                ((rule, r::RESPONSE_CONSTRAINT_CHANGED), format!("{subject}: `{keyword}`"))
            }
            _ => (both(r::KEYWORD_CHANGED), format!("{subject}: `{keyword}`")),
        };
        found.note(rules, places, message, (values.0.map(shown), values.1.map(shown)));
    }
}

/// A rule that is the same in requests and answers.
pub(super) fn both(rule: &'static Rule) -> (&'static Rule, &'static Rule) {
    (rule, rule)
}

/// A value for the eye: text as it is, the rest as JSON.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}

fn nullable(graph: &Graph, old: &Node, new: &Node, found: &mut Found) {
    if old.nullable == new.nullable || matches!(new.kind, Kind::Any | Kind::Null) {
        return;
    }
    let (rules, what) = match new.nullable {
        true => ((r::REQUEST_NULL_ADDED, r::RESPONSE_NULL_ADDED), "may be null"),
        false => ((r::REQUEST_NULL_REMOVED, r::RESPONSE_NULL_REMOVED), "can't be null any more"),
    };
    let subject = graph.subject(&new.place.pointer);
    found.note(
        rules,
        (&old.place.pointer, &new.place.pointer),
        format!("{subject} {what}"),
        (Some(described(old, &graph.old)), Some(described(new, &graph.new))),
    );
}

/// Compares what two schemas are; `false`: they have nothing in common.
fn kinds(graph: &Graph, old: &Node, new: &Node, found: &mut Found) -> bool {
    let places = (&old.home, &new.home);
    match (&old.kind, &new.kind) {
        (Kind::Any, Kind::Any) | (Kind::Never, Kind::Never) | (Kind::Null, Kind::Null) => true,
        (Kind::Unresolved(was), Kind::Unresolved(is)) => was == is,
        (Kind::Scalar { ty, format: was }, Kind::Scalar { ty: other, format: is }) => {
            ty == other && formats(graph, ty, (was.as_deref(), is.as_deref()), places, found)
        }
        (Kind::Enum(was), Kind::Enum(is)) => values(graph, (was, is), places, found),
        (Kind::Scalar { ty, .. }, Kind::Enum(values)) if of_type(values) == Some(ty) => {
            let rules = match ty.as_str() {
                "string" => (r::REQUEST_ENUM_ADDED, r::RESPONSE_ENUM_ADDED),
                // Enums of numbers are numbers.
                _ => (r::REQUEST_TIGHTENED, r::RESPONSE_CONSTRAINT_CHANGED),
            };
            let message = format!("{} is one of a few values", graph.subject(places.1));
            let texts = (described(old, &graph.old), described(new, &graph.new));
            found.note(rules, places, message, (Some(texts.0), Some(texts.1)));
            true
        }
        (Kind::Enum(values), Kind::Scalar { ty, .. }) if of_type(values) == Some(ty) => {
            let rules = match ty.as_str() {
                "string" => both(r::ENUM_REMOVED),
                _ => (r::REQUEST_LOOSENED, r::RESPONSE_CONSTRAINT_CHANGED),
            };
            let message = format!("{} isn't one of a few values any more", graph.subject(places.1));
            let texts = (described(old, &graph.old), described(new, &graph.new));
            found.note(rules, places, message, (Some(texts.0), Some(texts.1)));
            true
        }
        (
            Kind::Array { items: was, prefix: old_prefix },
            Kind::Array { items: is, prefix: new_prefix },
        ) => {
            if was.is_some() != is.is_some() || old_prefix.len() != new_prefix.len() {
                return false;
            }
            let items = was.iter().zip(is).chain(old_prefix.iter().zip(new_prefix));
            found.below.extend(items.map(|(was, is)| (was.clone(), is.clone())));
            true
        }
        (Kind::Object(was), Kind::Object(is)) => {
            let (findings, below) = objects::compare(graph, (was, is), places);
            found.findings.extend(findings);
            found.below.extend(below);
            true
        }
        (Kind::Union(was), Kind::Union(is)) => {
            let sides = ((was, &graph.old), (is, &graph.new));
            let (pairs, gone, come) = unions::matched(sides.0, sides.1);
            if pairs.is_empty() {
                return false;
            }
            let mut members = |members: Vec<&Member>, rules, is_new: bool, what: &str| {
                for member in members {
                    let (request, response): (&'static Rule, &'static Rule) = rules;
                    let at = Some(member.place.pointer.clone());
                    let subject = graph.subject(places.1);
                    let key = Some(member.key.clone());
                    found.findings.push(Finding {
                        request: Some(request),
                        response: Some(response),
                        old: if is_new { Some(places.0.clone()) } else { at.clone() },
                        new: if is_new { at } else { Some(places.1.clone()) },
                        message: format!("{subject} {what} the variant `{}`", member.key),
                        was: if is_new { None } else { key.clone() },
                        is: if is_new { key } else { None },
                    });
                }
            };
            let removed = (r::REQUEST_UNION_VARIANT_REMOVED, r::RESPONSE_UNION_VARIANT_REMOVED);
            members(gone, removed, false, "loses");
            members(come, both(r::UNION_VARIANT_ADDED), true, "gets");
            found
                .below
                .extend(pairs.iter().map(|(one, other)| (one.place.clone(), other.place.clone())));
            if was.tag != is.tag {
                let rule = match (&was.tag, &is.tag) {
                    (Some(_), Some(_)) => r::UNION_TAG_CHANGED,
                    (None, _) => r::UNION_TAG_ADDED,
                    (_, None) => r::UNION_TAG_REMOVED,
                };
                let message = format!("the tag of {}", graph.subject(places.1));
                found.note(both(rule), places, message, (was.tag.clone(), is.tag.clone()));
            }
            true
        }
        (Kind::All(was), Kind::All(is)) if was.len() == is.len() => {
            found.below.extend(was.iter().cloned().zip(is.iter().cloned()));
            true
        }
        _ => false,
    }
}

/// The JSON type of all these values, if they have one.
fn of_type(values: &[Value]) -> Option<&'static str> {
    let ty = |value: &Value| match value {
        Value::String(_) => "string",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
        Value::Null => "null",
    };
    let first = ty(values.first()?);
    values.iter().all(|value| ty(value) == first).then_some(first)
}

fn values(
    graph: &Graph,
    (was, is): (&[Value], &[Value]),
    places: (&Pointer, &Pointer),
    found: &mut Found,
) -> bool {
    if of_type(was) != of_type(is) {
        return false;
    }
    let missing = |from: &[Value], within: &[Value]| -> Vec<String> {
        let is_there = |value: &&Value| within.iter().any(|one| same(Some(one), Some(value)));
        from.iter().filter(|value| !is_there(value)).map(Value::to_string).collect()
    };
    let subject = graph.subject(places.1);
    let (gone, come) = (missing(was, is), missing(is, was));
    if !gone.is_empty() {
        let rules = (r::REQUEST_ENUM_VALUE_REMOVED, r::RESPONSE_ENUM_VALUE_REMOVED);
        let gone = gone.join(", ");
        found.note(
            rules,
            places,
            format!("{subject} can't be {gone} any more"),
            (Some(gone), None),
        );
    }
    if !come.is_empty() {
        let come = come.join(", ");
        let message = format!("{subject} can be {come}");
        found.note(both(r::ENUM_VALUE_ADDED), places, message, (None, Some(come)));
    }
    true
}

/// Compares the formats of two scalars of one type; `false`: they are two types.
fn formats(
    graph: &Graph,
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
    let message = format!("{} has another format", graph.subject(places.1));
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
