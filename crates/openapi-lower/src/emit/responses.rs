//! Responses of operations: the success type, and the table by which errors are decoded.

use std::collections::HashSet;

use openapi_document::media_type::essence;
use proc_macro2::TokenStream;
use quote::quote;

use super::{
    ident::ident,
    schema_type::{accepts_null, has_date_times, schema_type},
};
use crate::{
    ir::{Content, ContentKind, Operation, Response, Status},
    markdown::code,
    progenitor::signature::Core,
};

/// The success responses of an operation.
pub(super) struct Success {
    /// The type of the decoded response.
    pub(super) ty: TokenStream,
    /// The value of `Accept`.
    pub(super) accept: String,
    /// Whether the body is returned as a stream.
    pub(super) streamed: bool,
    /// One `runtime::ResponseDecoder` per success.
    pub(super) decoders: Vec<TokenStream>,
    /// The enum of the successes, if their types differ.
    pub(super) definition: TokenStream,
}

/// One success response.
struct SuccessCase {
    status: Status,
    ty: TokenStream,
    /// The expression that decodes `raw`.
    read: TokenStream,
    media_type: Option<String>,
    streamed: bool,
}

impl SuccessCase {
    /// Compares types by their text, since token streams have no equality.
    fn has_type(&self, ty: &TokenStream) -> bool {
        self.ty.to_string() == ty.to_string()
    }
}

/// Emits the success type of an operation and its decoders.
pub(super) fn success(operation: &Operation, core: &Core) -> Result<Success, String> {
    let declared: Vec<_> =
        operation.responses.iter().filter(|one| one.status.is_success()).collect();
    // Where nothing else is a success, the default response is one.
    let declared = if declared.is_empty() {
        operation.responses.iter().filter(|one| one.status == Status::Default).collect()
    } else {
        declared
    };
    let mut successes = Vec::new();
    for response in declared {
        successes.push(success_case(response, core)?);
    }
    if successes.is_empty() {
        successes.push(empty(Status::Class(2)));
    }
    let accept = accept(operation, &successes);
    if successes.iter().all(|other| other.has_type(&successes[0].ty)) {
        let ty = successes[0].ty.clone();
        let streamed = successes[0].streamed;
        let decoders = successes.iter().map(|success| {
            let (status, read) = (status(success.status), &success.read);
            quote!(ResponseDecoder::new(#status, |raw| #read))
        });
        let decoders = decoders.collect();
        return Ok(Success { ty, accept, streamed, decoders, definition: TokenStream::new() });
    }
    Ok(success_enum(operation, successes, accept))
}

/// The value of `Accept`: all media types that can be decoded, successes first (RFC 9110, section
/// 12.5.1). A server that takes the header literally sends no error in another media type.
fn accept(operation: &Operation, successes: &[SuccessCase]) -> String {
    let successes = successes.iter().filter_map(|success| success.media_type.as_deref());
    let mut listed = HashSet::new();
    let mut accepted: Vec<&str> = successes.filter(|one| listed.insert(*one)).collect();
    let preferred = accepted.len();
    let errors = operation.responses.iter().filter(|response| !response.status.is_success());
    let errors = errors.flat_map(|response| &response.contents);
    let errors = errors.map(|content| content.media_type.as_str());
    accepted.extend(errors.filter(|one| listed.insert(*one)));
    let quality = |index: usize| if index < preferred { "" } else { ";q=0.9" };
    let mut ranges: Vec<_> = accepted
        .iter()
        .enumerate()
        .map(|(index, media_type)| format!("{media_type}{}", quality(index)))
        .collect();
    if preferred == 0 {
        // A success without a documented body may have one of any type.
        ranges.push(if ranges.is_empty() { "*/*" } else { "*/*;q=0.8" }.to_owned());
    }
    ranges.join(", ")
}

/// Emits an enum with a variant per status, named after its reason phrase.
fn success_enum(operation: &Operation, successes: Vec<SuccessCase>, accept: String) -> Success {
    let name = ident(&format!("{}Success", operation.builder));
    let mut variants = Vec::new();
    let mut decoders = Vec::new();
    for success in successes {
        let variant = ident(&variant_name(success.status));
        let doc = format!("The response of status {}.", success.status);
        let is_empty = success.has_type(&quote!(()));
        // A variant holds the whole body, not a stream.
        let (ty, read) = if success.streamed {
            (quote!(runtime::Bytes), quote!(raw.bytes()))
        } else {
            (success.ty, success.read)
        };
        let status = status(success.status);
        if is_empty {
            variants.push(quote!(#[doc = #doc] #variant));
            decoders
                .push(quote!(ResponseDecoder::new(#status, |raw| #read.map(|()| #name::#variant))));
        } else {
            variants.push(quote!(#[doc = #doc] #variant(#ty)));
            decoders.push(quote!(ResponseDecoder::new(#status, |raw| #read.map(#name::#variant))));
        }
    }
    let doc = format!("The successful responses of [`{}`], by status.", operation.builder);
    let definition = quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants),*
        }
    };
    Success { ty: quote!(#name), accept, streamed: false, decoders, definition }
}

/// Emits the success of one response.
fn success_case(response: &Response, core: &Core) -> Result<SuccessCase, String> {
    if response.status.is_redirect() {
        return Ok(SuccessCase {
            status: response.status,
            ty: quote!(runtime::Url),
            read: quote!(raw.location()),
            media_type: None,
            streamed: false,
        });
    }
    let Some(content) = response.contents.first() else { return Ok(empty(response.status)) };
    let (ty, read) = match &content.kind {
        ContentKind::Json(schema) => {
            let ty = schema_type(schema, core)?;
            let read = if has_date_times(&ty) {
                quote!(raw.date_times::<#ty>())
            } else if accepts_null(&ty) {
                quote!(raw.json_or_null::<#ty>())
            } else {
                quote!(raw.json::<#ty>())
            };
            (ty, read)
        }
        ContentKind::Text => {
            let media_type = essence(&content.media_type);
            let read = match media_type.as_str() {
                "text/plain" | "*/*" => quote!(raw.text()),
                _ => quote!(raw.text_of_type(#media_type)),
            };
            (quote!(::std::string::String), read)
        }
        ContentKind::Bytes => (quote!(runtime::ByteStream), TokenStream::new()),
        ContentKind::Empty => (quote!(()), quote!(raw.ignore_body())),
    };
    Ok(SuccessCase {
        status: response.status,
        ty,
        read,
        media_type: Some(content.media_type.clone()),
        streamed: content.kind == ContentKind::Bytes,
    })
}

/// A success without a body.
fn empty(status: Status) -> SuccessCase {
    SuccessCase {
        status,
        ty: quote!(()),
        read: quote!(raw.ignore_body()),
        media_type: None,
        streamed: false,
    }
}

/// The error responses of an operation: their decoders, and status and body for the documentation.
pub(super) struct Errors {
    pub(super) decoders: Vec<TokenStream>,
    pub(super) documented: Vec<(String, String)>,
}

/// Emits the decoders of an operation's error responses.
pub(super) fn errors(operation: &Operation, core: &Core) -> Result<Errors, String> {
    let mut errors = Errors { decoders: Vec::new(), documented: Vec::new() };
    let mut declared: Vec<_> =
        operation.responses.iter().filter(|one| !one.status.is_success()).collect();
    // The runtime takes the first match: single statuses come before ranges and the default.
    declared.sort_by_key(|response| response.status);
    for response in declared {
        let mut bodies = Vec::new();
        for Content { kind, media_type } in &response.contents {
            let status = status(response.status);
            match kind {
                ContentKind::Json(schema) => {
                    let ty = schema_type(schema, core)?;
                    bodies.push(in_markdown(&ty));
                    errors.decoders.push(quote!(ErrorDecoder::json::<#ty>(#status)));
                }
                ContentKind::Text => {
                    bodies.push("`String`".to_owned());
                    errors.decoders.push(quote!(ErrorDecoder::text(#status)));
                }
                ContentKind::Bytes => {
                    bodies.push(format!("`Bytes` ({})", code(media_type)));
                    errors.decoders.push(quote!(ErrorDecoder::bytes(#status)));
                }
                ContentKind::Empty => {}
            }
        }
        if response.contents.iter().all(|content| content.kind == ContentKind::Empty) {
            let status = status(response.status);
            errors.decoders.push(quote!(ErrorDecoder::empty(#status)));
        }
        let body = if bodies.is_empty() { "no body".to_owned() } else { bodies.join(" or ") };
        errors.documented.push((response.status.to_string(), body));
    }
    Ok(errors)
}

/// A type in Markdown, with a link if it is or holds one of the document's.
pub(super) fn in_markdown(ty: &TokenStream) -> String {
    let mut text = ty.to_string().replace(' ', "");
    for path in ["::std::vec::", "::std::string::", "::std::option::", "::std::collections::"] {
        text = text.replace(path, "");
    }
    text = text.replace("runtime::", "");
    let Some((_, rest)) = text.split_once("types::") else { return format!("`{text}`") };
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    format!("[`{}`](types::{})", text.replace("types::", ""), &rest[..end])
}

/// The runtime's `Status`.
fn status(status: Status) -> TokenStream {
    match status {
        Status::Code(code) => {
            let code = proc_macro2::Literal::u16_unsuffixed(code);
            quote!(Status::Code(#code))
        }
        Status::Class(class) => {
            let class = proc_macro2::Literal::u16_unsuffixed(class);
            quote!(Status::Class(#class))
        }
        Status::Default => quote!(Status::Any),
    }
}

/// The name of a success variant.
fn variant_name(status: Status) -> String {
    let name = match status {
        Status::Code(200) => "Ok",
        Status::Code(201) => "Created",
        Status::Code(202) => "Accepted",
        Status::Code(203) => "NonAuthoritativeInformation",
        Status::Code(204) => "NoContent",
        Status::Code(205) => "ResetContent",
        Status::Code(206) => "PartialContent",
        Status::Code(301) => "MovedPermanently",
        Status::Code(302) => "Found",
        Status::Code(303) => "SeeOther",
        Status::Code(304) => "NotModified",
        Status::Code(307) => "TemporaryRedirect",
        Status::Code(308) => "PermanentRedirect",
        Status::Code(code) => return format!("Status{code}"),
        Status::Class(class) => return format!("Status{class}xx"),
        Status::Default => "Other",
    };
    name.to_owned()
}
