//! The operations that progenitor generates code from: the parts that OpenAPI 3.0 can express.

use serde_json::{Map, Value, json};

use crate::ir::{Body, BodyContent, Operation, Parameter, ParameterEncoding};

/// Reduces an operation to what the core writes: the URL, query, headers and required JSON body.
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

/// A parameter that the core writes; `None` if the runtime does.
fn core_parameter(parameter: &Parameter) -> Option<Value> {
    let (location, style) = match parameter.encoding {
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
    let text = json!({ "type": "string" });
    Some(json!({
        "name": parameter.name,
        "in": location,
        "required": parameter.required,
        "style": style,
        "schema": if is_header_text(parameter) { &text } else { &parameter.schema },
    }))
}

/// Whether the core takes the text of a header parameter instead of its value: it would write
/// date-times by their `Display`, which isn't RFC 3339.
pub(crate) fn is_header_text(parameter: &Parameter) -> bool {
    parameter.encoding == ParameterEncoding::Header
        && parameter.schema.get("format").is_some_and(|format| format == "date-time")
}
