//! The operations that progenitor is given: what OpenAPI 3.0 can say of each.

use serde_json::{Map, Value, json};

use crate::kept::{Body, BodyContent, Operation, Parameter, Place};

/// What progenitor makes of an operation: its URL, query, headers and required JSON body.
pub(crate) fn core_operation(operation: &Value, kept: &Operation) -> Value {
    let parameters: Vec<_> = kept.parameters.iter().filter_map(core_parameter).collect();
    let mut core = Map::new();
    core.insert("operationId".into(), operation["operationId"].clone());
    core.insert("parameters".into(), Value::Array(parameters));
    if let Some(Body { content: BodyContent::Core(schema), .. }) = &kept.body {
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
    let (place, style) = match parameter.place {
        Place::Path => ("path", "simple"),
        Place::Query => ("query", "form"),
        Place::Header => ("header", "simple"),
        Place::Joined(_) | Place::Pairs | Place::Members(_) | Place::Json | Place::Cookie => {
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
