//! Request bodies in builders: their fields, setters, and how they are written into the request.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{docs, expansions::expansion, ident::ident, items, schema_type::schema_type, setter};
use crate::{
    collect::Collect,
    ir::{Body, BodyContent, BodyRepresentation, FormBody, Part, PartContent},
    markdown::code,
    progenitor::signature::Core,
};

/// The parts of a builder that belong to the request body.
pub(super) struct Emitted {
    pub(super) fields: Vec<BodyField>,
    pub(super) setters: Vec<TokenStream>,
    /// Statements before the request is built, which check that a required body is set.
    pub(super) checks: TokenStream,
    /// Statements after the request is built, which write the body into `call`.
    pub(super) attach: TokenStream,
}

/// A field of a builder with a body.
pub(super) struct BodyField {
    pub(super) name: Ident,
    pub(super) ty: TokenStream,
    /// Its value in a new builder.
    pub(super) unset: TokenStream,
}

/// Emits the request body of an operation.
pub(super) fn emit(body: Option<&Body>, core: &Core) -> Result<Emitted, String> {
    let mut emitted = Emitted {
        fields: Vec::new(),
        setters: Vec::new(),
        checks: TokenStream::new(),
        attach: TokenStream::new(),
    };
    let Some(body) = body else { return Ok(emitted) };
    let is_single = body.representations.len() == 1;
    if !is_single {
        let (required, names) = (body.required, body.representations.iter().map(setters));
        let is_set = body.representations.iter().map(is_set);
        emitted.checks = quote! {
            Self::OPERATION.one_body(#required, &[#((#names, #is_set)),*])?;
        };
    }
    for representation in &body.representations {
        match &representation.content {
            BodyContent::Multipart(parts) => {
                multipart(body, representation, parts, core, &mut emitted)?
            }
            _ => single(body, representation, core, &mut emitted)?,
        }
    }
    Ok(emitted)
}

/// The setters of a representation, for messages.
fn setters(representation: &BodyRepresentation) -> String {
    match &representation.content {
        BodyContent::Multipart(parts) => {
            let parts = parts.iter().map(|part| code(&part.rust_name)).collect_vec();
            format!("the form ({})", parts.join(", "))
        }
        _ => code(&representation.rust_name),
    }
}

/// The expression for whether the caller chose a representation.
fn is_set(representation: &BodyRepresentation) -> TokenStream {
    let name = ident(&representation.rust_name);
    match representation.content {
        BodyContent::Multipart(_) => quote!(!#name.is_empty()),
        _ => quote!(#name.is_some()),
    }
}

/// The type of a body with a single setter, and the statement that writes `body` into `call`.
fn written(
    representation: &BodyRepresentation,
    core: &Core,
) -> Result<(TokenStream, TokenStream), String> {
    let media_type = &representation.media_type;
    Ok(match &representation.content {
        BodyContent::Core(schema) => (schema_type(schema, core)?, quote!()),
        BodyContent::Json(schema) => {
            (schema_type(schema, core)?, quote!(call.json_body(#media_type, &body)?;))
        }
        BodyContent::Form(FormBody { schema, encodings }) => {
            let encodings = encodings.iter().map(|(name, one)| {
                let one = expansion(*one);
                quote!((#name, #one))
            });
            let attach = quote!(call.form_body(&[#(#encodings),*], &body)?;);
            (schema_type(schema, core)?, attach)
        }
        BodyContent::Items(stream) => {
            let (item, format) = (items::item_type(stream, core)?, items::format(stream.format));
            let attach = quote!(call.json_lines_body(#media_type, #format, body)?;);
            (quote!(runtime::JsonLines<#item>), attach)
        }
        BodyContent::Text => {
            (quote!(::std::string::String), quote!(call.raw_body(#media_type, body);))
        }
        BodyContent::Bytes | BodyContent::Multipart(_) => {
            (quote!(runtime::Body), quote!(call.stored_body(#media_type, body)?;))
        }
    })
}

/// Emits a representation with a single setter.
fn single(
    body: &Body,
    representation: &BodyRepresentation,
    core: &Core,
    emitted: &mut Emitted,
) -> Result<(), String> {
    let (ty, attach) = written(representation, core)?;
    let is_bytes = representation.content == BodyContent::Bytes;
    let is_single = body.representations.len() == 1;
    let required = match (is_single, body.required) {
        (true, true) => ", required",
        (true, false) => ", optional",
        (false, true) => ", one of several, of which one is required",
        (false, false) => ", one of several, optional",
    };
    let facts = format!("The request body ({}{required}).", code(&representation.media_type));
    let doc = docs::setter(body.description.as_deref(), &facts);
    let name = ident(&representation.rust_name);
    let (stored, value) = match is_bytes {
        true => (quote!(runtime::StoredBody), quote!(runtime::StoredBody::new(value.into()))),
        false => (ty.clone(), quote!(value.into())),
    };
    let set = quote!(self.#name = Some(#value););
    emitted.setters.push(setter::emit(&doc, &name, &quote!(value: impl Into<#ty>), &set));
    if is_single && body.required {
        emitted.checks.extend(quote!(let body = Self::OPERATION.required("body", body)?;));
        emitted.attach.extend(attach);
    } else {
        emitted.attach.extend(quote!(if let Some(body) = #name { #attach }));
    }
    emitted.fields.push(BodyField { name, ty: quote!(Option<#stored>), unset: quote!(None) });
    Ok(())
}

/// Emits a multipart body, with a setter per part.
fn multipart(
    body: &Body,
    representation: &BodyRepresentation,
    parts: &[Part],
    core: &Core,
    emitted: &mut Emitted,
) -> Result<(), String> {
    let mut checks = TokenStream::new();
    for part in parts {
        emitted.setters.push(part_setter(part, core)?);
        if part.required {
            let (name, field) = (&part.name, &part.rust_name);
            checks.extend(quote!(Self::OPERATION.required_part(&form, #name, #field)?;));
        }
    }
    let is_single = body.representations.len() == 1;
    if is_single {
        emitted.checks.extend(checks.clone());
    }
    let checks = (!is_single).then_some(checks);
    emitted.attach.extend(if is_single && body.required {
        quote!(call.multipart_body(form);)
    } else {
        quote!(if !form.is_empty() {
            #checks
            call.multipart_body(form);
        })
    });
    let (name, ty) = (ident(&representation.rust_name), quote!(runtime::Form));
    emitted.fields.push(BodyField { name, unset: quote!(#ty::default()), ty });
    Ok(())
}

/// Emits the setter of a part.
fn part_setter(part: &Part, core: &Core) -> Result<TokenStream, String> {
    let name = &part.name;
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
        PartContent::Styled(style, schema) => {
            let (ty, style) = (schema_type(schema, core)?, expansion(*style));
            (ty.clone(), quote!(runtime::Part::styled(#name, #style, &Into::<#ty>::into(value))))
        }
    };
    let one = quote!(value: impl Into<#ty>);
    let list = quote!(values: impl IntoIterator<Item = impl Into<#ty>>);
    let (argument, set) = match part.content {
        PartContent::Delimited(delimiter, _) => {
            let set = quote! {
                let values = values.into_iter().map(Into::<#ty>::into);
                self.form.set(#name, runtime::Part::delimited(#delimiter, values));
            };
            (list, set)
        }
        _ if part.repeated => (list, quote!(for value in values { self.form.add(#name, #value); })),
        _ => (one, quote!(self.form.set(#name, #value);)),
    };
    Ok(setter::emit(&doc, &ident(&part.rust_name), &argument, &set))
}
