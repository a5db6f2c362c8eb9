//! Styles of parameters: how lists and objects are written into a request.

use serde_json::Value;

use crate::{node::Kind, operation::Parameter, place::Place, schemas::Schemas};

/// How lists and objects are written; `None` where a value is written one way only.
pub(crate) fn style(parameter: &Parameter, schemas: &Schemas) -> Option<String> {
    if parameter.value.contains_key("content") {
        return Some("JSON".to_owned());
    }
    let (lists, objects) = holds(schemas, &Place::at(parameter.at.join("schema")), 0);
    if !lists && !objects {
        return None;
    }
    let default = match parameter.place.as_str() {
        "query" | "cookie" => "form",
        _ => "simple",
    };
    let style = parameter.value.get("style").and_then(Value::as_str).unwrap_or(default);
    let explode = match parameter.value.get("explode") {
        Some(Value::Bool(explode)) => *explode,
        _ => style == "form",
    };
    // OpenAPI 3.1, section 4.8.12.2.3: what is written the same way whether exploded or not.
    let has_effect = match style {
        "form" | "matrix" | "label" => true,
        "simple" => objects,
        _ => false,
    };
    let exploded = if explode && has_effect { ", exploded" } else { "" };
    Some(format!("{style}{exploded}"))
}

/// Whether a schema allows lists, and whether it allows objects.
fn holds(schemas: &Schemas, place: &Place, depth: usize) -> (bool, bool) {
    let either = |places: &mut dyn Iterator<Item = &Place>| {
        places.fold((false, false), |(lists, objects), place| {
            let more = if depth < 8 { holds(schemas, place, depth + 1) } else { (true, true) };
            (lists || more.0, objects || more.1)
        })
    };
    match &schemas.node(place).kind {
        Kind::Array { .. } => (true, false),
        Kind::Object(_) => (false, true),
        Kind::Union(union) => either(&mut union.members.iter().map(|member| &member.place)),
        Kind::All(places) => either(&mut places.iter()),
        _ => (false, false),
    }
}
