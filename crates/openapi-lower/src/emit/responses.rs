//! Responses of operations: the success type, and the table by which errors are decoded.

use std::collections::HashSet;

use openapi_document::media_type::essence;
use proc_macro2::TokenStream;
use quote::quote;

use super::{
    docs,
    ident::ident,
    items,
    schema_type::{accepts_null, has_date_times, schema_type},
};
use crate::{
    collect::Collect,
    ir::{Alternative, Content, ContentKind, Operation, Response, Status, successes},
    markdown::code,
    order::sort,
    progenitor::signature::Core,
};

/// The success responses of an operation in one representation.
pub(super) struct Success {
    /// The type of the decoded response.
    pub(super) ty: TokenStream,
    /// The value of `Accept`.
    pub(super) accept: String,
    sending: Sending,
    /// The enum of the successes, if their types differ.
    pub(super) definition: TokenStream,
}

/// The way in which a response is returned.
enum Sending {
    /// Decoded by one of these decoders.
    Decoded(Vec<TokenStream>),
    /// As a stream of bytes.
    Bytes,
    /// As a stream of items in this format.
    Items(TokenStream),
}

impl Success {
    /// The statements that send a call, or return its error, and return the future of the response.
    pub(super) fn send(&self, call: &TokenStream) -> TokenStream {
        match &self.sending {
            Sending::Bytes => quote!(runtime::stream(#call)),
            Sending::Items(format) => quote!(runtime::events(#call, #format)),
            Sending::Decoded(decoders) => {
                let ty = &self.ty;
                quote! {
                    const SUCCESS: &[ResponseDecoder<#ty>] = &[#(#decoders),*];
                    runtime::Sending::new(#call, SUCCESS)
                }
            }
        }
    }

    /// The type of the future.
    pub(super) fn future(&self) -> TokenStream {
        let ty = &self.ty;
        match &self.sending {
            Sending::Decoded(_) => quote!(runtime::Sending<#ty>),
            Sending::Bytes | Sending::Items(_) => {
                quote!(runtime::BoxFuture<Result<runtime::Response<#ty>, runtime::Error>>)
            }
        }
    }
}

/// One success response.
struct SuccessCase {
    status: Status,
    ty: TokenStream,
    decoding: BodyDecoding,
    media_type: Option<String>,
}

/// The decoding of a body.
enum BodyDecoding {
    /// By an expression that decodes `raw`.
    Decoded(TokenStream),
    /// As a stream of bytes.
    Bytes,
    /// As a stream of items in a format.
    Items(TokenStream),
}

impl SuccessCase {
    /// Compares types by their text, since token streams have no equality.
    fn has_type(&self, ty: &TokenStream) -> bool {
        self.ty.to_string() == ty.to_string()
    }

    /// Whether a stream of this type can stand for the response: it has no body.
    fn is_empty(&self) -> bool {
        self.media_type.is_none() && self.has_type(&quote!(()))
    }
}

/// Emits the success type of `send` and its decoders.
pub(super) fn success(operation: &Operation, core: &Core) -> Result<Success, String> {
    let name = (operation.success_type.clone(), operation.builder.clone());
    let cases = cases(operation, core, &|response| response.contents.first())?;
    // JSON of the same schema is one representation, whatever its media type is.
    let mut accepted: Vec<&str> =
        cases.iter().filter_map(|case| case.media_type.as_deref()).collect_vec();
    for response in successes(&operation.responses) {
        if let [first, others @ ..] = response.contents.as_slice() {
            for other in others {
                if matches!(other.kind, ContentKind::Json(_)) && other.kind == first.kind {
                    accepted.push(&other.media_type);
                }
            }
        }
    }
    let accept = accept(operation, &accepted);
    emit_cases(cases, accept, &name)
}

/// Emits the success type of an alternative likewise: each status has this representation, or else
/// its preferred one.
pub(super) fn alternative(
    operation: &Operation,
    alternative: &Alternative,
    core: &Core,
) -> Result<Success, String> {
    let returned_by = format!("{}::{}", operation.builder, alternative.rust_name);
    let name = (alternative.success_type.clone(), returned_by);
    let is_chosen =
        |content: &&Content| essence(&content.media_type) == essence(&alternative.media_type);
    let chosen = |response: &Response| response.contents.iter().any(|one| is_chosen(&one));
    let accept = accept(operation, &[&alternative.media_type]);
    let mut cases = cases(operation, core, &|response| {
        response.contents.iter().find(is_chosen).or(response.contents.first())
    })?;
    // Only a stream of bytes or items can be one: other successes aren't those that were asked for.
    let mut chosen_successes = successes(&operation.responses);
    chosen_successes.retain(|one| chosen(one));
    let statuses: Vec<Status> = chosen_successes.iter().map(|one| one.status).collect_vec();
    let is_streamed = |case: &SuccessCase| !matches!(case.decoding, BodyDecoding::Decoded(_));
    if cases.iter().any(|case| statuses.contains(&case.status) && is_streamed(case)) {
        cases.retain(|case| statuses.contains(&case.status));
    }
    emit_cases(cases, accept, &name)
}

/// The successes of an operation in the representations that `choose` returns.
fn cases(
    operation: &Operation,
    core: &Core,
    choose: &dyn Fn(&Response) -> Option<&Content>,
) -> Result<Vec<SuccessCase>, String> {
    let mut cases = Vec::new();
    for response in successes(&operation.responses) {
        cases.push(success_case(response, choose(response), core)?);
    }
    if cases.is_empty() {
        cases.push(empty(Status::Class(2)));
    }
    Ok(cases)
}

/// Emits the type of these successes, which is an enum if their types differ: with its name, and
/// that of what returns it.
fn emit_cases(
    cases: Vec<SuccessCase>,
    accept: String,
    name: &(String, String),
) -> Result<Success, String> {
    let stream = cases.iter().find(|case| matches!(case.decoding, BodyDecoding::Items(_)));
    if let Some(SuccessCase { ty, decoding: BodyDecoding::Items(format), .. }) = stream
        && cases.iter().all(|case| case.has_type(ty) || case.is_empty())
    {
        let (ty, sending) = (ty.clone(), Sending::Items(format.clone()));
        return Ok(Success { ty, accept, sending, definition: TokenStream::new() });
    }
    if !cases.iter().all(|other| other.has_type(&cases[0].ty)) {
        return Ok(success_enum(cases, accept, name));
    }
    let ty = cases[0].ty.clone();
    let decoders = cases.iter().map(|case| match &case.decoding {
        BodyDecoding::Decoded(read) => {
            let status = status(case.status);
            Some(quote!(ResponseDecoder::new(#status, |raw| #read)))
        }
        _ => None,
    });
    let sending = decoders.collect_some().map_or(Sending::Bytes, Sending::Decoded);
    Ok(Success { ty, accept, sending, definition: TokenStream::new() })
}

/// The value of `Accept`: all media types that can be decoded, successes first (RFC 9110, section
/// 12.5.1). A server that takes the header literally sends no error in another media type.
fn accept(operation: &Operation, successes: &[&str]) -> String {
    let mut listed = HashSet::new();
    let mut ranges = Vec::new();
    for success in successes {
        if listed.insert(*success) {
            ranges.push((*success).to_owned());
        }
    }
    let has_preferred = !ranges.is_empty();
    for response in operation.responses.iter().filter(|one| !one.status.is_success()) {
        for content in &response.contents {
            if listed.insert(&content.media_type) {
                ranges.push(format!("{};q=0.9", content.media_type));
            }
        }
    }
    if !has_preferred {
        // A success without a documented body may have one of any type.
        ranges.push(if ranges.is_empty() { "*/*" } else { "*/*;q=0.8" }.to_owned());
    }
    ranges.join(", ")
}

/// Emits an enum with a variant per status, named after its reason phrase.
fn success_enum(
    successes: Vec<SuccessCase>,
    accept: String,
    (name, returned_by): &(String, String),
) -> Success {
    let doc = format!("The successful responses of [`{returned_by}`], by status.");
    let doc = docs::attribute(&doc);
    let name = ident(name);
    let mut variants = Vec::new();
    let mut decoders = Vec::new();
    for success in successes {
        let variant = ident(&variant_name(success.status));
        let doc = docs::attribute(&format!("The response of status {}.", success.status));
        let is_empty = success.has_type(&quote!(()));
        // A variant holds the whole body, not a stream.
        let (ty, read) = match success.decoding {
            BodyDecoding::Decoded(read) => (success.ty, read),
            _ => (quote!(runtime::Bytes), quote!(raw.bytes())),
        };
        let status = status(success.status);
        if is_empty {
            variants.push(quote!(#doc #variant));
            decoders
                .push(quote!(ResponseDecoder::new(#status, |raw| #read.map(|()| #name::#variant))));
        } else {
            variants.push(quote!(#doc #variant(#ty)));
            decoders.push(quote!(ResponseDecoder::new(#status, |raw| #read.map(#name::#variant))));
        }
    }
    let definition = quote! {
        #doc
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants),*
        }
    };
    Success { ty: quote!(#name), accept, sending: Sending::Decoded(decoders), definition }
}

/// Emits the success of one response.
fn success_case(
    response: &Response,
    content: Option<&Content>,
    core: &Core,
) -> Result<SuccessCase, String> {
    if response.status.is_redirect() {
        return Ok(SuccessCase {
            status: response.status,
            ty: quote!(runtime::Url),
            decoding: BodyDecoding::Decoded(quote!(raw.location())),
            media_type: None,
        });
    }
    let Some(content) = content else { return Ok(empty(response.status)) };
    let (ty, decoding) = match &content.kind {
        ContentKind::Json(schema) => {
            let ty = schema_type(schema, core)?;
            let read = if has_date_times(&ty) {
                quote!(raw.date_times::<#ty>())
            } else if accepts_null(&ty) {
                quote!(raw.json_or_null::<#ty>())
            } else {
                quote!(raw.json::<#ty>())
            };
            (ty, BodyDecoding::Decoded(read))
        }
        ContentKind::Text => {
            let media_type = essence(&content.media_type);
            let read = match media_type.as_str() {
                "text/plain" | "*/*" => quote!(raw.text()),
                _ => quote!(raw.text_of_type(#media_type)),
            };
            (quote!(::std::string::String), BodyDecoding::Decoded(read))
        }
        ContentKind::Stream(items) => {
            let item = items::item_type(items, core)?;
            let format = items::format(items.format);
            (quote!(runtime::EventStream<#item>), BodyDecoding::Items(format))
        }
        ContentKind::Bytes => (quote!(runtime::ByteStream), BodyDecoding::Bytes),
        ContentKind::Empty => (quote!(()), BodyDecoding::Decoded(quote!(raw.ignore_body()))),
    };
    let media_type = Some(content.media_type.clone());
    Ok(SuccessCase { status: response.status, ty, decoding, media_type })
}

/// A success without a body.
fn empty(status: Status) -> SuccessCase {
    let decoding = BodyDecoding::Decoded(quote!(raw.ignore_body()));
    SuccessCase { status, ty: quote!(()), decoding, media_type: None }
}

/// The error responses of an operation: their decoders, and status and body for the documentation.
pub(super) struct Errors {
    pub(super) decoders: Vec<TokenStream>,
    pub(super) documented: Vec<(String, String)>,
}

/// Emits the decoders of an operation's error responses.
pub(super) fn errors(operation: &Operation, core: &Core) -> Result<Errors, String> {
    let mut errors = Errors { decoders: Vec::new(), documented: Vec::new() };
    let mut declared =
        operation.responses.iter().filter(|one| !one.status.is_success()).collect_vec();
    // The runtime takes the first match: single statuses come before ranges and the default.
    sort(&mut declared, &|response| {
        let rank = match response.status {
            Status::Code(_) => 0,
            Status::Class(_) => 1,
            Status::Default => 2,
        };
        (rank, response.status.to_string())
    });
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
                ContentKind::Bytes | ContentKind::Stream(_) => {
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
