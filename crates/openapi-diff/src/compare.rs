//! Two schemas, compared without those below them.

use openapi_document::Pointer;
use serde_json::Value;

use crate::{
    component::named,
    constraints::{is_constraint, is_tightened},
    describe::described,
    facets::PROSE,
    finding::{Finding, Found, both, shown},
    node::{Kind, Member, Node},
    objects,
    place::Place,
    rules::{self as r, Rule},
    scalars::{are_of, formats, values},
    schemas::Schemas,
    sides::Sides,
    unions,
};

/// Compares two schemas.
pub(crate) fn compare(sides: &Sides, old: &Node, new: &Node) -> Found {
    let mut found = Found::default();
    names(sides, old, new, &mut found);
    facets(sides, old, new, &mut found);
    if kinds(sides, old, new, &mut found) {
        nullable(sides, old, new, &mut found);
    } else {
        let (was, is) = (described(old, &sides.old), described(new, &sides.new));
        // Where the type is said: a component that many use with a description of their own changes
        // once.
        let subject = sides.subject(&new.definition);
        found.note(
            both(r::TYPE_CHANGED),
            (&old.definition, &new.definition),
            format!("{subject} has another type"),
            (Some(was), Some(is)),
        );
        found.below.clear();
    }
    found
}

/// Names of Rust types, where both have one.
fn names(sides: &Sides, old: &Node, new: &Node, found: &mut Found) {
    let documents = (named(&old.definition), named(&new.definition));
    let rust = (sides.names.old.get(&old.definition), sides.names.new.get(&new.definition));
    // Documents that can't be lowered have no Rust names: those of the document must do.
    let lowered = !sides.names.old.is_empty();
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
            was != is && !has_schema(&sides.new, was) && !has_schema(&sides.old, is)
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
        (false, ..) => (
            r::TYPE_RENAMED,
            format!("the type of {} has another name", sides.subject(&new.definition)),
        ),
    };
    let shown = |name: String| Some(format!("types::{name}"));
    found.note((rule, rule), (&old.definition, &new.definition), message, (shown(was), shown(is)));
}

fn has_schema(schemas: &Schemas, name: &str) -> bool {
    schemas.value(&Pointer::of(["components", "schemas", name])).is_some()
}

/// What is said besides the type.
fn facets(sides: &Sides, old: &Node, new: &Node, found: &mut Found) {
    for (was, is) in old.facets.schemas(&new.facets) {
        below(was, is, &mut found.below);
    }
    let mut prose = false;
    for keyword in old.facets.differing(&new.facets) {
        let values = (old.facets.get(keyword), new.facets.get(keyword));
        let place = |node: &Node| {
            node.facets.place(keyword).cloned().unwrap_or_else(|| node.place.pointer.clone())
        };
        let places = (&place(old), &place(new));
        // A component has no use of its own to be named after.
        let subject = match (old.facets.get(keyword), new.facets.get(keyword)) {
            (Some(_), None) => sides.old_subject(places.0),
            _ => sides.subject(places.1),
        };
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
            "default" => {
                let response = match values {
                    (None, Some(_)) if is_filled_in(new) => r::RESPONSE_DEFAULT_ADDED,
                    (Some(_), None) if is_filled_in(old) => r::RESPONSE_DEFAULT_REMOVED,
                    _ => r::DEFAULT_CHANGED,
                };
                ((r::DEFAULT_CHANGED, response), format!("{subject} has another default"))
            }
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

fn nullable(sides: &Sides, old: &Node, new: &Node, found: &mut Found) {
    if old.nullable == new.nullable || matches!(new.kind, Kind::Any | Kind::Null) {
        return;
    }
    let (rules, what) = match new.nullable {
        true => ((r::REQUEST_NULL_ADDED, r::RESPONSE_NULL_ADDED), "may be null"),
        false => ((r::REQUEST_NULL_REMOVED, r::RESPONSE_NULL_REMOVED), "can't be null any more"),
    };
    // Where one side says it beside a reference, that is the place: the component stays as it is.
    let subject = match (named(&old.place.pointer), named(&new.place.pointer)) {
        (None, Some(_)) => sides.old_subject(&old.place.pointer),
        _ => sides.subject(&new.place.pointer),
    };
    found.note(
        rules,
        (&old.place.pointer, &new.place.pointer),
        format!("{subject} {what}"),
        (Some(described(old, &sides.old)), Some(described(new, &sides.new))),
    );
}

/// Compares what two schemas are; `false`: they have nothing in common.
fn kinds(sides: &Sides, old: &Node, new: &Node, found: &mut Found) -> bool {
    let places = (&old.definition, &new.definition);
    match (&old.kind, &new.kind) {
        (Kind::Any, Kind::Any) | (Kind::Never, Kind::Never) | (Kind::Null, Kind::Null) => true,
        (Kind::Unresolved(was), Kind::Unresolved(is)) => was == is,
        (Kind::Scalar { ty, format: was }, Kind::Scalar { ty: other, format: is }) => {
            ty == other && formats(sides, ty, (was.as_deref(), is.as_deref()), places, found)
        }
        (Kind::Enum(was), Kind::Enum(is)) => values(sides, (was, is), places, found),
        (Kind::Scalar { ty, .. }, Kind::Enum(values)) if are_of(values, ty) => {
            let rules = match ty.as_str() {
                "string" => (r::REQUEST_ENUM_ADDED, r::RESPONSE_ENUM_ADDED),
                // Enums of numbers are numbers.
                _ => (r::REQUEST_TIGHTENED, r::RESPONSE_CONSTRAINT_CHANGED),
            };
            let message = format!("{} is one of a few values", sides.subject(places.1));
            let texts = (described(old, &sides.old), described(new, &sides.new));
            found.note(rules, places, message, (Some(texts.0), Some(texts.1)));
            true
        }
        (Kind::Enum(values), Kind::Scalar { ty, .. }) if are_of(values, ty) => {
            let rules = match ty.as_str() {
                "string" => both(r::ENUM_REMOVED),
                _ => (r::REQUEST_LOOSENED, r::RESPONSE_CONSTRAINT_CHANGED),
            };
            let message = format!("{} isn't one of a few values any more", sides.subject(places.1));
            let texts = (described(old, &sides.old), described(new, &sides.new));
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
            let (findings, below) = objects::compare(sides, (was, is), places);
            found.findings.extend(findings);
            found.below.extend(below);
            true
        }
        (Kind::Union(was), Kind::Union(is)) => {
            let (pairs, gone, come) =
                unions::matched((was, &sides.old.source), (is, &sides.new.source));
            if pairs.is_empty() {
                return false;
            }
            let mut members = |members: Vec<&Member>, rules, is_new: bool, what: &str| {
                for member in members {
                    let (request, response): (&'static Rule, &'static Rule) = rules;
                    let at = Some(member.place.pointer.clone());
                    let subject = sides.subject(places.1);
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
                let message = format!("the tag of {}", sides.subject(places.1));
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

/// Adds the schemas that two values of a keyword refer to: those of `not`, `patternProperties` …
fn below(old: &Value, new: &Value, pairs: &mut Vec<(Place, Place)>) {
    let target = |value: &Value| Pointer::parse(value.get("$ref")?.as_str()?);
    if let (Some(was), Some(is)) = (target(old), target(new)) {
        pairs.push((Place::at(was), Place::at(is)));
        return;
    }
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, was) in old {
                if let Some(is) = new.get(key) {
                    below(was, is, pairs);
                }
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            old.iter().zip(new).for_each(|(was, is)| below(was, is, pairs));
        }
        _ => {}
    }
}

/// Whether a field of this schema is filled in with its default: a scalar property.
fn is_filled_in(node: &Node) -> bool {
    let at = node.facets.place("default").map(Pointer::segments).unwrap_or_default();
    let is_property = at.len() > 1 && at[at.len() - 2] == "properties";
    let default = node.facets.get("default");
    is_property
        && !default
            .is_some_and(|default| default.is_null() || default.is_object() || default.is_array())
        && matches!(node.kind, Kind::Scalar { .. })
}
