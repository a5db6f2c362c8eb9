//! Operations, as [`core_operation`](super::super::operations::core_operation) writes them.

use openapiv3::{
    MediaType, Operation, Parameter, ParameterData, ParameterSchemaOrContent, PathItem,
    ReferenceOr, RequestBody, Response, Responses,
};
use serde_json::Value;

use super::{
    super::operations::by_method,
    object::{Invalid, Object, Result, string},
    schema::schema,
};

/// Adds an operation to a path item.
pub(super) fn add(item: &mut PathItem, method: &str, value: &Value) -> Result<()> {
    // There is no other one: `methods::relocate` moves those whose methods progenitor doesn't have.
    if let Some((_, place)) = by_method(item).into_iter().find(|(name, _)| *name == method) {
        *place = Some(operation(value)?);
    }
    Ok(())
}

fn operation(value: &Value) -> Result<Operation> {
    let object = Object::new(value)?;
    Ok(Operation {
        operation_id: object.read("operationId", string)?,
        parameters: object.list("parameters", parameter)?.unwrap_or_default(),
        request_body: object.read("requestBody", request_body)?,
        responses: object.require("responses", responses)?,
        ..Operation::default()
    })
}

fn parameter(value: &Value) -> Result<ReferenceOr<Parameter>> {
    let object = Object::new(value)?;
    let parameter_data = ParameterData {
        name: object.require("name", string)?,
        description: None,
        required: object.flag("required")?,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(object.require("schema", schema)?),
        example: None,
        examples: Default::default(),
        explode: None,
        extensions: Default::default(),
    };
    // Of each location, core parameters have the default style.
    Ok(ReferenceOr::Item(match object.get("in").and_then(Value::as_str) {
        Some("path") => Parameter::Path { parameter_data, style: Default::default() },
        Some("header") => Parameter::Header { parameter_data, style: Default::default() },
        Some("query") => Parameter::Query {
            parameter_data,
            allow_reserved: false,
            style: Default::default(),
            allow_empty_value: None,
        },
        _ => return Err(Invalid::new("a location of core parameters").within("in")),
    }))
}

fn request_body(value: &Value) -> Result<ReferenceOr<RequestBody>> {
    let object = Object::new(value)?;
    Ok(ReferenceOr::Item(RequestBody {
        content: object.entries("content", media_type)?.into_iter().collect(),
        required: object.flag("required")?,
        ..RequestBody::default()
    }))
}

fn responses(value: &Value) -> Result<Responses> {
    let default = Object::new(value)?.read("default", response)?;
    Ok(Responses { default, ..Responses::default() })
}

fn response(value: &Value) -> Result<ReferenceOr<Response>> {
    let object = Object::new(value)?;
    Ok(ReferenceOr::Item(Response {
        description: object.require("description", string)?,
        content: object.entries("content", media_type)?.into_iter().collect(),
        ..Response::default()
    }))
}

fn media_type(value: &Value) -> Result<MediaType> {
    let schema = Object::new(value)?.read("schema", schema)?;
    Ok(MediaType { schema, ..MediaType::default() })
}
