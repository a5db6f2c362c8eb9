//! The serialization styles of parameters with arrays and objects.

use std::collections::HashMap;

use openapi_document::media_type::{essence, is_json};
use serde_json::Value;

use crate::{
    operation::Parameter, schema_node::SchemaKind, schema_view::SchemaView, schemas::Schemas,
};

/// The maximum number of nested unions that are searched for arrays and objects.
const DEPTH: usize = 8;

/// The serialization style of a parameter; `None` if its value has one serialization only.
pub(crate) fn style(parameter: &Parameter, schemas: &Schemas) -> Option<String> {
    if let Some(content) = parameter.value.get("content").and_then(Value::as_object) {
        let media_type = content.keys().next().map(|name| essence(name)).unwrap_or_default();
        return Some(if is_json(&media_type) { "JSON".to_owned() } else { media_type });
    }
    let schema = SchemaView::new(parameter.pointer.join("schema"));
    let (arrays, objects) = Shapes { schemas, known: HashMap::new() }.allowed(&schema, 0);
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

/// Whether schemas allow arrays and objects.
struct Shapes<'a, 'v> {
    schemas: &'a Schemas<'v>,
    /// The results by schema and depth.
    known: HashMap<(SchemaView, usize), (bool, bool)>,
}

impl Shapes<'_, '_> {
    /// Whether a schema allows arrays, and whether it allows objects.
    fn allowed(&mut self, view: &SchemaView, depth: usize) -> (bool, bool) {
        if depth > DEPTH {
            return (true, true);
        }
        let key = (view.clone(), depth);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let node = self.schemas.node(view);
        let views: Vec<&SchemaView> = match &node.kind {
            SchemaKind::AnyOf(union) => union.members.iter().map(|member| &member.view).collect(),
            SchemaKind::AllOf(views) => views.iter().collect(),
            _ => Vec::new(),
        };
        let own = (
            matches!(node.kind, SchemaKind::Array { .. }),
            matches!(node.kind, SchemaKind::Object(_)),
        );
        let result = views.into_iter().fold(own, |(arrays, objects), view| {
            let inner = self.allowed(view, depth + 1);
            (arrays || inner.0, objects || inner.1)
        });
        self.known.insert(key, result);
        result
    }
}
