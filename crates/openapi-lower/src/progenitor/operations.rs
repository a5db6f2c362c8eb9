//! The operations that progenitor generates code from: the parts that OpenAPI 3.0 can express.

use openapiv3::{PathItem, Paths, ReferenceOr};
use serde_json::{Map, Value, json};

use crate::{
    collect::Collect,
    ir::{BodyContent, Operation, Parameter, ParameterEncoding},
};

/// Reduces an operation to what progenitor can write: the URL, the query, headers and a required
/// JSON body.
pub(crate) fn core_operation(operation: &Value, model: &Operation) -> Value {
    let parameters = model.parameters.iter().filter_map(core_parameter).collect_vec();
    let mut core = Map::new();
    let id = match model.core_function == model.function {
        true => operation["operationId"].clone(),
        false => json!(model.core_function),
    };
    core.insert("operationId".into(), id);
    core.insert("parameters".into(), Value::Array(parameters));
    let preferred = model.representations().first();
    if let Some(BodyContent::Core(schema)) = preferred.map(|one| &one.content) {
        let content = json!({ "application/json": { "schema": schema } });
        core.insert("requestBody".into(), json!({ "required": true, "content": content }));
    }
    let bytes = json!({ "type": "string", "format": "binary" });
    core.insert(
        "responses".into(),
        json!({ "default": {
            "description": "",
            "content": { "application/octet-stream": { "schema": bytes } },
        } }),
    );
    Value::Object(core)
}

/// A parameter that OpenAPI 3.0 and progenitor can express.
fn core_parameter(parameter: &Parameter) -> Option<Value> {
    let (location, style) = match parameter.encoding {
        // The runtime replaces the whole path, whatever the style is.
        ParameterEncoding::Path(_) => ("path", "simple"),
        ParameterEncoding::Query => ("query", "form"),
        ParameterEncoding::Header => ("header", "simple"),
        ParameterEncoding::QueryExpansion(_)
        | ParameterEncoding::QueryString(_)
        | ParameterEncoding::HeaderExpansion(_)
        | ParameterEncoding::Cookie(_) => return None,
    };
    Some(json!({
        "name": parameter.name,
        "in": location,
        "required": parameter.required,
        "style": style,
        "schema": parameter.schema,
    }))
}

/// Reduces paths to what the core writes: operations have parameters in query and headers only. The
/// runtime replaces the whole path, so that its parameters can have any name.
pub(crate) fn core_paths(paths: Paths) -> Paths {
    let mut core = Paths::default();
    for (path, mut item) in paths.paths {
        if let ReferenceOr::Item(item) = &mut item {
            for (_, operation) in by_method(item) {
                let Some(operation) = operation else { continue };
                operation.parameters.retain(|one| {
                    !matches!(one, ReferenceOr::Item(openapiv3::Parameter::Path { .. }))
                });
            }
        }
        core.paths.insert(core_path(&path), item);
    }
    core
}

/// The path that the core has for a path.
pub(crate) fn core_path(path: &str) -> String {
    path.replace('{', "%7B").replace('}', "%7D")
}

/// The operations of a path item by their methods: those that progenitor has.
pub(crate) fn by_method(
    item: &mut PathItem,
) -> [(&'static str, &mut Option<openapiv3::Operation>); 6] {
    let PathItem { get, put, post, delete, head, patch, .. } = item;
    [
        ("get", get),
        ("put", put),
        ("post", post),
        ("delete", delete),
        ("head", head),
        ("patch", patch),
    ]
}
