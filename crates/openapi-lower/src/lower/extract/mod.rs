//! Takes out of each operation what progenitor can't say, and leaves it what it can.
//!
//! What is left answers with bytes whatever the status: the runtime decodes successes and errors
//! by the table that goes into [`ClientModel`].

mod bodies;
pub(super) mod paging;
mod parameters;
mod responses;

use openapi_document::{Pointer, server};
use serde_json::{Value, json};

use super::{
    context::Context,
    names::{type_name, value_name},
    operations::DOCUMENT_ID,
    security,
};
use crate::{
    ir::{ClientModel, Operation},
    progenitor::operations::core_operation,
};

pub(super) fn extract(root: &mut Value, model: &mut ClientModel, cx: &mut Context) {
    model.title =
        root.pointer("/info/title").and_then(Value::as_str).unwrap_or_default().to_owned();
    model.server = root.pointer("/servers/0").and_then(server::url);
    model.auth = security::auth(root, root.get("security"), &Pointer::of(["security"]), cx);
    let Some(Value::Object(mut paths)) = root.get_mut("paths").map(Value::take) else {
        return;
    };
    for (path, item) in &mut paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let at = Pointer::of(["paths", path, method]);
            let extracted = take(root, path, method, operation, at, &model.auth, cx);
            *operation = core_operation(operation, &extracted);
            model.operations.push(extracted);
        }
    }
    root["paths"] = Value::Object(paths);
    for dropped in ["security", "servers", "tags", "externalDocs"] {
        if let Value::Object(map) = root {
            map.shift_remove(dropped);
        }
    }
    if let Some(Value::Object(components)) = root.get_mut("components") {
        components.retain(|key, _| key == "schemas");
    }
}

fn take(
    root: &Value,
    path: &str,
    method: &str,
    operation: &Value,
    at: Pointer,
    default_auth: &crate::ir::Auth,
    cx: &mut Context,
) -> Operation {
    let text = |key: &str| {
        operation
            .get(key)
            .and_then(Value::as_str)
            .filter(|text| !text.trim().is_empty())
            .map(str::to_owned)
    };
    let rust_id = text("operationId").unwrap_or_default();
    let auth = match operation.get("security") {
        Some(security) => security::auth(root, Some(security), &at.join("security"), cx),
        None => default_auth.clone(),
    };
    let parameters = parameters::take(root, path, operation, &at, cx);
    Operation {
        id: text(DOCUMENT_ID).unwrap_or_else(|| rust_id.clone()),
        function: value_name(&rust_id),
        builder: builder_name(&rust_id),
        method: method.to_uppercase(),
        path: path.to_owned(),
        tags: tags(operation),
        summary: text("summary"),
        description: text("description"),
        docs_url: operation.pointer("/externalDocs/url").and_then(Value::as_str).map(str::to_owned),
        deprecated: operation.get("deprecated") == Some(&json!(true)),
        auth,
        body: operation
            .get("requestBody")
            .and_then(|body| bodies::take(root, body, &parameters, &at.join("requestBody"), cx)),
        parameters,
        responses: responses::take(operation, &at.join("responses"), cx),
        paging: None,
        pointer: at,
    }
}

/// The names in the list `tags`.
fn tags(operation: &Value) -> Vec<String> {
    let tags = operation.get("tags").and_then(Value::as_array).into_iter().flatten();
    tags.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Names that the module of the builders uses itself.
const TAKEN: [&str; 16] = [
    "Clone",
    "Debug",
    "Err",
    "ErrorDecoder",
    "Into",
    "IntoIterator",
    "None",
    "Ok",
    "Option",
    "RawResponse",
    "ResponseDecoder",
    "Result",
    "Some",
    "Status",
    "String",
    "Vec",
];

fn builder_name(rust_id: &str) -> String {
    let name = type_name(rust_id);
    if TAKEN.contains(&name.as_str()) { name + "Operation" } else { name }
}
