//! What an operation answers: the success type, and the table by which errors are decoded.

use proc_macro2::TokenStream;
use quote::quote;

use super::{ident::ident, schema_type::schema_type};
use crate::{
    ir::{Content, ContentKind, Operation, Response, Status},
    progenitor::signature::Core,
};

/// How successes are read.
pub(super) struct Success {
    /// The type of the answer.
    pub(super) ty: TokenStream,
    /// The value of `Accept`.
    pub(super) accept: String,
    /// Whether the body is handed on unread.
    pub(super) streamed: bool,
    /// One `runtime::ResponseDecoder` per success.
    pub(super) cases: Vec<TokenStream>,
    /// The enum of several different successes.
    pub(super) definition: TokenStream,
}

struct SuccessCase {
    status: Status,
    ty: TokenStream,
    read: TokenStream,
    media_type: Option<String>,
    streamed: bool,
}

impl SuccessCase {
    /// Token streams can't be compared; their texts can.
    fn has_type(&self, ty: &TokenStream) -> bool {
        self.ty.to_string() == ty.to_string()
    }
}

pub(super) fn success(operation: &Operation, core: &Core) -> Result<Success, String> {
    let declared: Vec<_> =
        operation.responses.iter().filter(|one| one.status.is_success()).collect();
    // Where nothing else is a success, the default response is one.
    let declared = if declared.is_empty() {
        operation.responses.iter().filter(|one| one.status == Status::Default).collect()
    } else {
        declared
    };
    let mut answers = Vec::new();
    for response in declared {
        answers.push(answer(response, core)?);
    }
    if answers.is_empty() {
        answers.push(empty(Status::Class(2)));
    }
    let accept = answers.iter().find_map(|answer| answer.media_type.clone());
    let accept = accept.unwrap_or_else(|| "*/*".to_owned());
    if answers.iter().all(|other| other.has_type(&answers[0].ty)) {
        let ty = answers[0].ty.clone();
        let streamed = answers[0].streamed;
        let cases = answers.iter().map(|answer| {
            let (status, read) = (status(answer.status), &answer.read);
            quote!(ResponseDecoder::new(#status, #read))
        });
        let cases = cases.collect();
        return Ok(Success { ty, accept, streamed, cases, definition: TokenStream::new() });
    }
    Ok(several(operation, answers, accept))
}

/// An enum with a variant per status, named after its reason phrase.
fn several(operation: &Operation, answers: Vec<SuccessCase>, accept: String) -> Success {
    let name = ident(&format!("{}Success", operation.builder));
    let mut variants = Vec::new();
    let mut cases = Vec::new();
    for answer in answers {
        let variant = ident(&variant_name(answer.status));
        let doc = format!("The answer of status {}.", answer.status);
        let is_empty = answer.has_type(&quote!(()));
        // A variant holds what was read, not a stream.
        let (ty, read) = if answer.streamed {
            (quote!(runtime::Bytes), quote!(RawResponse::bytes))
        } else {
            (answer.ty, answer.read)
        };
        let status = status(answer.status);
        if is_empty {
            variants.push(quote!(#[doc = #doc] #variant));
            cases.push(
                quote!(ResponseDecoder::new(#status, |raw| #read(raw).map(|()| #name::#variant))),
            );
        } else {
            variants.push(quote!(#[doc = #doc] #variant(#ty)));
            cases
                .push(quote!(ResponseDecoder::new(#status, |raw| #read(raw).map(#name::#variant))));
        }
    }
    let doc = format!("The successes of [`{}`], by status.", operation.builder);
    let definition = quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants),*
        }
    };
    Success { ty: quote!(#name), accept, streamed: false, cases, definition }
}

fn answer(response: &Response, core: &Core) -> Result<SuccessCase, String> {
    if response.status.is_redirect() {
        return Ok(SuccessCase {
            status: response.status,
            ty: quote!(runtime::Url),
            read: quote!(RawResponse::location),
            media_type: None,
            streamed: false,
        });
    }
    let Some(content) = response.contents.first() else { return Ok(empty(response.status)) };
    let (ty, read) = match &content.kind {
        ContentKind::Json(schema) => {
            let ty = schema_type(schema, core)?;
            (ty.clone(), quote!(RawResponse::json::<#ty>))
        }
        ContentKind::Text => (quote!(::std::string::String), quote!(RawResponse::text)),
        ContentKind::Bytes => (quote!(runtime::ByteStream), TokenStream::new()),
    };
    Ok(SuccessCase {
        status: response.status,
        ty,
        read,
        media_type: Some(content.media_type.clone()),
        streamed: content.kind == ContentKind::Bytes,
    })
}

fn empty(status: Status) -> SuccessCase {
    SuccessCase {
        status,
        ty: quote!(()),
        read: quote!(RawResponse::empty),
        media_type: None,
        streamed: false,
    }
}

/// The error table: tokens of each case, and status and body for the documentation.
pub(super) struct Errors {
    pub(super) cases: Vec<TokenStream>,
    pub(super) documented: Vec<(String, String)>,
}

pub(super) fn errors(operation: &Operation, core: &Core) -> Result<Errors, String> {
    let mut errors = Errors { cases: Vec::new(), documented: Vec::new() };
    let mut declared: Vec<_> =
        operation.responses.iter().filter(|one| !one.status.is_success()).collect();
    // The runtime takes the first that fits: single statuses come before ranges and the default.
    declared.sort_by_key(|response| response.status);
    for response in declared {
        let mut bodies = Vec::new();
        for Content { kind, media_type } in &response.contents {
            let status = status(response.status);
            match kind {
                ContentKind::Json(schema) => {
                    let ty = schema_type(schema, core)?;
                    bodies.push(readable(&ty));
                    errors.cases.push(quote!(ErrorDecoder::json::<#ty>(#status)));
                }
                ContentKind::Text => {
                    bodies.push("`String`".to_owned());
                    errors.cases.push(quote!(ErrorDecoder::text(#status)));
                }
                ContentKind::Bytes => bodies.push(format!("`{media_type}`")),
            }
        }
        let body = if bodies.is_empty() { "no body".to_owned() } else { bodies.join(" or ") };
        errors.documented.push((response.status.to_string(), body));
    }
    Ok(errors)
}

/// `types :: AgentBase` as a link that rustdoc resolves.
fn readable(ty: &TokenStream) -> String {
    let text = ty.to_string().replace(' ', "");
    match text.strip_prefix("types::") {
        Some(name) => format!("[`{name}`](types::{name})"),
        None => format!("`{text}`"),
    }
}

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
