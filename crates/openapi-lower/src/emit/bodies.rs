//! Request bodies in builders: their fields, setters, and how they are written into the request.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident::ident, schema_type::schema_type};
use crate::{
    ir::{Body, BodyContent, Part, PartContent},
    markdown::code,
    progenitor::signature::Core,
};

/// The parts of a builder that belong to the request body.
#[derive(Default)]
pub(super) struct Emitted {
    /// The field with the body, and its type.
    pub(super) field: Option<(&'static str, TokenStream)>,
    pub(super) setters: Vec<TokenStream>,
    /// Statements before the request is built, which check that a required body is set.
    pub(super) checks: TokenStream,
    /// Statements after the request is built, which write the body into `call`.
    pub(super) attach: TokenStream,
    /// Whether the builder can be cloned.
    pub(super) cloneable: bool,
}

/// Emits the request body of an operation.
pub(super) fn emit(body: Option<&Body>, core: &Core) -> Result<Emitted, String> {
    let Some(body) = body else { return Ok(Emitted { cloneable: true, ..Emitted::default() }) };
    let media_type = &body.media_type;
    match &body.content {
        BodyContent::Multipart(parts) => multipart(body, parts, core),
        BodyContent::Core(schema) => {
            let ty = schema_type(schema, core)?;
            Ok(single(body, ty, &quote!(), true))
        }
        BodyContent::Json(schema) => {
            let ty = schema_type(schema, core)?;
            Ok(single(body, ty, &quote!(call.json_body(#media_type, &body)?;), true))
        }
        BodyContent::Form(schema) => {
            let ty = schema_type(schema, core)?;
            Ok(single(body, ty, &quote!(call.form_body(&body)?;), true))
        }
        BodyContent::Text => {
            let attach = quote!(call.raw_body(#media_type, body););
            Ok(single(body, quote!(::std::string::String), &attach, true))
        }
        BodyContent::Bytes => {
            let attach = quote!(call.raw_body(#media_type, body););
            Ok(single(body, quote!(runtime::Body), &attach, false))
        }
    }
}

/// Emits a body with a single setter.
fn single(body: &Body, ty: TokenStream, attach: &TokenStream, cloneable: bool) -> Emitted {
    let required = if body.required { ", required" } else { ", optional" };
    let facts = format!("The request body ({}{required}).", code(&body.media_type));
    let doc = docs::setter(body.description.as_deref(), &facts);
    let setter = quote! {
        #[doc = #doc]
        pub fn body(mut self, value: impl Into<#ty>) -> Self {
            self.body = Some(value.into());
            self
        }
    };
    let (checks, attach) = if body.required {
        (quote!(let body = Self::OPERATION.required("body", body)?;), attach.clone())
    } else {
        (quote!(), quote!(if let Some(body) = body { #attach }))
    };
    Emitted { field: Some(("body", ty)), setters: vec![setter], checks, attach, cloneable }
}

/// Emits a multipart body, with a setter per part.
fn multipart(body: &Body, parts: &[Part], core: &Core) -> Result<Emitted, String> {
    let mut setters = Vec::new();
    let mut checks = TokenStream::new();
    for part in parts {
        setters.push(part_setter(part, core)?);
        if part.required {
            let (name, field) = (&part.name, &part.rust_name);
            checks.extend(quote!(Self::OPERATION.required_part(&form, #name, #field)?;));
        }
    }
    let attach = if body.required {
        quote!(call.multipart_body(form);)
    } else {
        quote!(if !form.is_empty() {
            call.multipart_body(form);
        })
    };
    let field = Some(("form", quote!(runtime::Form)));
    Ok(Emitted { field, setters, checks, attach, cloneable: false })
}

/// Emits the setter of a part.
fn part_setter(part: &Part, core: &Core) -> Result<TokenStream, String> {
    let name = &part.name;
    let setter = ident(&part.rust_name);
    let required = if part.required { ", required" } else { "" };
    let several = match part.content {
        PartContent::Delimited(..) => ", one part with all values",
        _ if part.repeated => ", repeatable (further calls add parts)",
        _ => "",
    };
    let facts = format!("Form field {}{required}{several}.", code(name));
    let doc = docs::setter(part.description.as_deref(), &facts);
    let media_type = part.media_type.iter();
    let media_type = quote!(#(.media_types(#media_type))*);
    let (ty, value) = match &part.content {
        PartContent::File => {
            let ty = quote!(runtime::Part);
            (ty.clone(), quote!(Into::<#ty>::into(value) #media_type))
        }
        PartContent::Value(schema) | PartContent::Delimited(_, schema) => {
            let ty = schema_type(schema, core)?;
            (ty.clone(), quote!(runtime::Part::value(&Into::<#ty>::into(value)) #media_type))
        }
        PartContent::Json(schema) => {
            let ty = schema_type(schema, core)?;
            (ty.clone(), quote!(runtime::Part::json(&Into::<#ty>::into(value)) #media_type))
        }
    };
    let list = quote!(impl IntoIterator<Item = impl Into<#ty>>);
    Ok(match part.content {
        PartContent::Delimited(delimiter, _) => quote! {
            #[doc = #doc]
            pub fn #setter(mut self, values: #list) -> Self {
                let values = values.into_iter().map(Into::<#ty>::into);
                self.form.set(#name, runtime::Part::delimited(#delimiter, values));
                self
            }
        },
        _ if part.repeated => quote! {
            #[doc = #doc]
            pub fn #setter(mut self, values: #list) -> Self {
                for value in values {
                    self.form.add(#name, #value);
                }
                self
            }
        },
        _ => quote! {
            #[doc = #doc]
            pub fn #setter(mut self, value: impl Into<#ty>) -> Self {
                self.form.set(#name, #value);
                self
            }
        },
    })
}
