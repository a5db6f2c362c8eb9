//! Setters for request bodies, and how they get into the request.

use proc_macro2::TokenStream;
use quote::quote;

use super::{docs, ident::ident, schema_type::schema_type};
use crate::{
    ir::{Body, BodyContent, Part, PartContent},
    progenitor::signature::Core,
};

/// What a body adds to a builder.
#[derive(Default)]
pub(super) struct Emitted {
    /// The field that stores it, with its type.
    pub(super) field: Option<(&'static str, TokenStream)>,
    pub(super) setters: Vec<TokenStream>,
    /// Statements that check it, before the request is built.
    pub(super) checks: TokenStream,
    /// Statements that put it into `call`, after.
    pub(super) attach: TokenStream,
    /// Whether a builder that has it can be cloned.
    pub(super) cloneable: bool,
}

pub(super) fn emit(
    body: Option<&Body>,
    core_body: Option<TokenStream>,
    core: &Core,
) -> Result<Emitted, String> {
    let Some(body) = body else { return Ok(Emitted { cloneable: true, ..Emitted::default() }) };
    let media_type = &body.media_type;
    match &body.content {
        BodyContent::Multipart(parts) => multipart(body, parts, core),
        BodyContent::Core(_) => {
            let ty = core_body.ok_or("the core's function takes no body")?;
            Ok(whole(body, ty, &quote!(), true))
        }
        BodyContent::Json(schema) => {
            let ty = schema_type(schema, core)?;
            Ok(whole(body, ty, &quote!(call.json_body(#media_type, &body)?;), true))
        }
        BodyContent::Form(schema) => {
            let ty = schema_type(schema, core)?;
            Ok(whole(body, ty, &quote!(call.form_body(&body)?;), true))
        }
        BodyContent::Text => {
            let attach = quote!(call.raw_body(#media_type, body););
            Ok(whole(body, quote!(::std::string::String), &attach, true))
        }
        BodyContent::Bytes => {
            let attach = quote!(call.raw_body(#media_type, body););
            Ok(whole(body, quote!(runtime::Body), &attach, false))
        }
    }
}

fn whole(body: &Body, ty: TokenStream, attach: &TokenStream, cloneable: bool) -> Emitted {
    let required = if body.required { ", required" } else { ", sent only when set" };
    let fact = format!("The request body (`{}`{required}).", body.media_type);
    let doc = docs::setter(body.description.as_deref(), &fact);
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

fn part_setter(part: &Part, core: &Core) -> Result<TokenStream, String> {
    let name = &part.name;
    let setter = ident(&part.rust_name);
    let required = if part.required { ", required" } else { "" };
    let several = if part.repeated { "; calls add up" } else { "" };
    let fact = format!("Form field `{name}`{required}{several}.");
    let doc = docs::setter(part.description.as_deref(), &fact);
    let (ty, made) = match &part.content {
        PartContent::File => (quote!(runtime::Part), quote!(value.into())),
        PartContent::Text(schema) => {
            let ty = schema_type(schema, core)?;
            (ty.clone(), quote!(runtime::Part::text(Into::<#ty>::into(value).to_string())))
        }
        PartContent::Json(schema) => {
            let ty = schema_type(schema, core)?;
            (ty.clone(), quote!(runtime::Part::json(&Into::<#ty>::into(value))))
        }
    };
    Ok(if part.repeated {
        quote! {
            #[doc = #doc]
            pub fn #setter(mut self, values: impl IntoIterator<Item = impl Into<#ty>>) -> Self {
                for value in values {
                    self.form.add(#name, #made);
                }
                self
            }
        }
    } else {
        quote! {
            #[doc = #doc]
            pub fn #setter(mut self, value: impl Into<#ty>) -> Self {
                self.form.set(#name, #made);
                self
            }
        }
    })
}
