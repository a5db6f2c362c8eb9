//! The Rust type of a lowered schema.

use openapi_document::reference;
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Map, Value};

use super::ident::ident;
use crate::progenitor::signature::Core;

/// The Rust type of `schema`, the same as typify's. Inline schemas that need a name have been
/// hoisted, so only references, containers and scalars remain.
pub(super) fn schema_type(schema: &Value, core: &Core) -> Result<TokenStream, String> {
    let Value::Object(map) = schema else { return Ok(quote!(runtime::serde_json::Value)) };
    let inner = type_without_null(map, core)?;
    let nullable = map.get("nullable") == Some(&Value::Bool(true));
    Ok(if nullable { quote!(::std::option::Option<#inner>) } else { inner })
}

/// The Rust type of a schema, without the `Option` of a nullable one.
fn type_without_null(schema: &Map<String, Value>, core: &Core) -> Result<TokenStream, String> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let name = reference::schema_name(reference).unwrap_or_default();
        if !core.has_type(&name) {
            return Err(format!("the core has no type `{name}`"));
        }
        let name = ident(&name);
        return Ok(quote!(types::#name));
    }
    if let Some([member]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        return schema_type(member, core);
    }
    let format = schema.get("format").and_then(Value::as_str);
    Ok(match (schema.get("type").and_then(Value::as_str), format) {
        (Some("array"), _) => {
            let items = schema.get("items").unwrap_or(&Value::Null);
            let items = schema_type(items, core)?;
            quote!(::std::vec::Vec<#items>)
        }
        (Some("object"), _) => match schema.get("additionalProperties") {
            Some(Value::Object(values)) if !values.is_empty() => {
                let values = schema_type(&Value::Object(values.clone()), core)?;
                quote!(::std::collections::HashMap<::std::string::String, #values>)
            }
            _ => {
                quote!(runtime::serde_json::Map<::std::string::String, runtime::serde_json::Value>)
            }
        },
        (Some("string"), Some("uuid")) => quote!(runtime::uuid::Uuid),
        (Some("string"), Some("date")) => quote!(runtime::chrono::naive::NaiveDate),
        (Some("string"), Some("date-time")) => date_time(),
        (Some("string"), _) => quote!(::std::string::String),
        (Some("boolean"), _) => quote!(bool),
        (Some("number"), Some("float")) => quote!(f32),
        (Some("number"), _) => quote!(f64),
        (Some("integer"), Some("int8")) => quote!(i8),
        (Some("integer"), Some("uint8")) => quote!(u8),
        (Some("integer"), Some("int16")) => quote!(i16),
        (Some("integer"), Some("uint16")) => quote!(u16),
        (Some("integer"), Some("int32" | "int")) => quote!(i32),
        (Some("integer"), Some("uint32" | "uint")) => quote!(u32),
        (Some("integer"), Some("uint64")) => quote!(u64),
        (Some("integer"), _) => quote!(i64),
        (None, _) => quote!(runtime::serde_json::Value),
        (Some(other), _) => return Err(format!("no type for `{other}`")),
    })
}

/// The Rust type of `date-time`.
fn date_time() -> TokenStream {
    quote!(runtime::chrono::DateTime<runtime::chrono::offset::Utc>)
}

/// Whether a type is a date-time, or an option, list or map of them.
pub(super) fn has_date_times(ty: &TokenStream) -> bool {
    ty.to_string().contains(&date_time().to_string())
}

/// Whether a type is a UUID, which callers may have as text.
pub(super) fn is_uuid(ty: &TokenStream) -> bool {
    ty.to_string() == quote!(runtime::uuid::Uuid).to_string()
}

/// Whether a type is one of the usual scalars, which have a default, or any value.
pub(super) fn has_default(ty: &TokenStream) -> bool {
    matches!(
        ty.to_string().replace(' ', "").as_str(),
        "::std::string::String"
            | "bool"
            | "i32"
            | "i64"
            | "f64"
            | "runtime::uuid::Uuid"
            | "runtime::serde_json::Value"
    )
}

/// Whether null can be decoded as a type: an option or any value.
pub(super) fn accepts_null(ty: &TokenStream) -> bool {
    let ty = ty.to_string();
    let any = quote!(runtime::serde_json::Value).to_string();
    ty == any || ty.starts_with(&quote!(::std::option::Option).to_string())
}
