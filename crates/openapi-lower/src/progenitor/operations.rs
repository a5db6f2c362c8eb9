//! The operations that progenitor is given: what OpenAPI 3.0 can say of each.

use serde_json::{Map, Value, json};

use crate::ir::{Body, BodyContent, Operation, Parameter, ParameterEncoding};

/// What progenitor makes of an operation: its URL, query, headers and required JSON body.
pub(crate) fn core_operation(operation: &Value, model: &Operation) -> Value {
    let parameters: Vec<_> = model.parameters.iter().filter_map(core_parameter).collect();
    let mut core = Map::new();
    core.insert("operationId".into(), operation["operationId"].clone());
    core.insert("parameters".into(), Value::Array(parameters));
    if let Some(Body { content: BodyContent::Core(schema), .. }) = &model.body {
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

fn core_parameter(parameter: &Parameter) -> Option<Value> {
    let (place, style) = match parameter.encoding {
        ParameterEncoding::Path => ("path", "simple"),
        ParameterEncoding::Query => ("query", "form"),
        ParameterEncoding::Header => ("header", "simple"),
        ParameterEncoding::Delimited(_)
        | ParameterEncoding::Repeated
        | ParameterEncoding::Object(_)
        | ParameterEncoding::Json
        | ParameterEncoding::Cookie => {
            return None;
        }
    };
    Some(json!({
        "name": parameter.name,
        "in": place,
        "required": parameter.required,
        "style": style,
        "schema": parameter.schema,
    }))
}
