//! The serialization styles of parameters with arrays and objects.

use serde_json::Value;

use crate::{
    operation::Parameter, schema_node::SchemaKind, schema_view::SchemaView, schemas::Schemas,
};

/// The maximum number of nested unions that are searched for arrays and objects.
const DEPTH: usize = 8;

/// The serialization style of a parameter; `None` if its value has one serialization only.
pub(crate) fn style(parameter: &Parameter, schemas: &Schemas) -> Option<String> {
    if parameter.value.contains_key("content") {
        return Some("JSON".to_owned());
    }
    let schema = SchemaView::new(parameter.pointer.join("schema"));
    let (arrays, objects) = allows_arrays_and_objects(schemas, &schema, 0);
    if !arrays && !objects {
        return None;
    }
    let default = match parameter.location.as_str() {
        "query" | "cookie" => "form",
        _ => "simple",
    };
    let style = parameter.value.get("style").and_then(Value::as_str).unwrap_or(default);
    let explode = match parameter.value.get("explode") {
        Some(Value::Bool(explode)) => *explode,
        _ => style == "form",
    };
    // OpenAPI 3.1, section 4.8.12.2.3: for other styles `explode` makes no difference.
    let has_effect = match style {
        "form" | "matrix" | "label" => true,
        "simple" => objects,
        _ => false,
    };
    let exploded = if explode && has_effect { ", exploded" } else { "" };
    Some(format!("{style}{exploded}"))
}

/// Whether a schema allows arrays, and whether it allows objects.
fn allows_arrays_and_objects(schemas: &Schemas, view: &SchemaView, depth: usize) -> (bool, bool) {
    let any = |views: &mut dyn Iterator<Item = &SchemaView>| {
        views.fold((false, false), |(arrays, objects), view| {
            let inner = match depth < DEPTH {
                true => allows_arrays_and_objects(schemas, view, depth + 1),
                false => (true, true),
            };
            (arrays || inner.0, objects || inner.1)
        })
    };
    match &schemas.node(view).kind {
        SchemaKind::Array { .. } => (true, false),
        SchemaKind::Object(_) => (false, true),
        SchemaKind::AnyOf(union) => any(&mut union.members.iter().map(|member| &member.view)),
        SchemaKind::AllOf(views) => any(&mut views.iter()),
        _ => (false, false),
    }
}
