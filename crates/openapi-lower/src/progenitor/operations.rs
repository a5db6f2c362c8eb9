//! The operations that progenitor generates code from: the parts that OpenAPI 3.0 can express.

use openapiv3::{PathItem, Paths, ReferenceOr};
use serde_json::{Map, Value, json};

use crate::ir::{BodyContent, Operation, Parameter, ParameterEncoding};

/// Reduces an operation to what progenitor can write: the URL, the query, headers and a required
/// JSON body.
pub(crate) fn core_operation(operation: &Value, model: &Operation) -> Value {
    let parameters: Vec<_> = model.parameters.iter().filter_map(core_parameter).collect();
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
    let reduce = |(path, mut item): (String, ReferenceOr<PathItem>)| {
        if let ReferenceOr::Item(item) = &mut item {
            let operations = [
                &mut item.get,
                &mut item.put,
                &mut item.post,
                &mut item.delete,
                &mut item.head,
                &mut item.patch,
            ];
            for operation in operations.into_iter().flatten() {
                let is_in_path = |one: &ReferenceOr<openapiv3::Parameter>| {
                    matches!(one, ReferenceOr::Item(openapiv3::Parameter::Path { .. }))
                };
                operation.parameters.retain(|one| !is_in_path(one));
            }
        }
        (path.replace('{', "%7B").replace('}', "%7D"), item)
    };
    Paths { paths: paths.paths.into_iter().map(reduce).collect(), ..paths }
}

/// Removes the operations of a path item for which `is_retained`, by method and operation, returns
/// false.
pub(crate) fn retain_operations(
    item: &mut PathItem,
    is_retained: impl Fn(&str, &openapiv3::Operation) -> bool,
) {
    let PathItem { get, put, post, delete, options, head, patch, trace, .. } = item;
    for (method, operation) in [
        ("get", get),
        ("put", put),
        ("post", post),
        ("delete", delete),
        ("options", options),
        ("head", head),
        ("patch", patch),
        ("trace", trace),
    ] {
        operation.take_if(|operation| !is_retained(method, operation));
    }
}
