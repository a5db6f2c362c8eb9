//! The documentation of generated items.

use std::fmt::Write;

use proc_macro2::TokenStream;
use quote::quote;

use super::usages::Usages;
use crate::{
    collect::Collect,
    ir::{ClientModel, Field, Operation, Parameter, ParameterEncoding, SecurityScheme, TypeIndex},
    markdown::{code, for_rustdoc},
};

/// The attribute of an item with this documentation.
pub(super) fn attribute(text: &str) -> TokenStream {
    quote!(#[doc = #text])
}

/// The documentation of types: their descriptions and where they are used.
pub(super) struct TypeDocs<'a> {
    types: TypeIndex<'a>,
    usages: Usages<'a>,
}

impl<'a> TypeDocs<'a> {
    /// Collects what the documentation of a model's types needs.
    pub(super) fn new(model: &'a ClientModel) -> Self {
        Self { types: TypeIndex::new(&model.types), usages: Usages::new(model) }
    }

    /// The documentation of a type: its description, its uses, and its schema.
    pub(super) fn describe(&self, description: Option<&str>, rust: &str) -> TokenStream {
        let mut paragraphs = Vec::new();
        paragraphs.extend(description.map(for_rustdoc));
        paragraphs.push(self.usages.describe(rust));
        let name = self.types.get(rust);
        let uses = paragraphs.last().is_some_and(|uses| !uses.is_empty());
        match name.map(|name| (name.component.as_ref(), &name.pointer)) {
            Some((Some(component), _)) => paragraphs.push(format!("Schema {}.", code(component))),
            // The pointer helps only where nothing else leads to the type.
            Some((None, pointer)) if !uses => {
                paragraphs.push(format!("Schema at {}.", code(&pointer.to_string())))
            }
            _ => {}
        }
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        attribute(&paragraphs.join("\n\n"))
    }
}

/// The documentation of a field; `None` if there is nothing to say.
pub(super) fn field(field: &Field) -> Option<TokenStream> {
    let text = match (&field.description, field.name == field.rust_name) {
        (Some(description), _) => for_rustdoc(description),
        (None, false) => format!("Property {}.", code(&field.name)),
        (None, true) => String::new(),
    };
    (!text.is_empty()).then(|| attribute(&text))
}

/// The documentation of a client's method; `success` is the type of the response.
pub(super) fn method(operation: &Operation, success: &str) -> TokenStream {
    let successor = operation.successor.as_ref();
    let link = successor.map(|one| format!("[`{0}`](Self::{0})", one.function));
    describe_operation(operation, success, link)
}

/// The documentation of the builder that a client's method returns, likewise.
pub(super) fn builder(operation: &Operation, success: &str) -> TokenStream {
    let link = operation.successor.as_ref().map(|one| format!("[`{}`]", one.builder));
    describe_operation(operation, success, link)
}

/// The documentation of an operation, with a link to its successor.
fn describe_operation(
    operation: &Operation,
    success: &str,
    successor: Option<String>,
) -> TokenStream {
    let mut text = String::new();
    for prose in [&operation.summary, &operation.description].into_iter().flatten() {
        let prose = for_rustdoc(prose);
        if !text.contains(prose.as_str()) {
            text.push_str(&prose);
            text.push_str("\n\n");
        }
    }
    if operation.deprecated {
        let advice = successor.map(|link| format!("Use {link} instead.\n\n")).unwrap_or_default();
        text.insert_str(0, &format!("**Deprecated.** {advice}"));
    }
    let query = if operation.query.is_empty() { "" } else { "?" };
    let target = format!("{} {}{query}{}", operation.method, operation.path, operation.query);
    let _ = write!(text, "Sends {}", code(&target));
    match success {
        "" => text.push('.'),
        success => {
            let _ = write!(text, " and returns {success}.");
        }
    }
    for alternative in &operation.alternatives {
        let (name, media_type) = (&alternative.rust_name, code(&alternative.media_type));
        let _ = write!(text, " `{name}` returns it as {media_type}.");
    }
    if let Some(credentials) = describe_security(&operation.security) {
        let _ = write!(text, " {credentials}");
    }
    let safe = |url: &&String| url.starts_with("http") && !url.contains(['<', '>', ' ', '\n']);
    if let Some(url) = operation.docs_url.as_ref().filter(safe) {
        let _ = write!(text, " See the [API's documentation](<{url}>).");
    }
    attribute(&text)
}

/// A sentence about the credentials, unless a single one without scopes is required.
fn describe_security(security: &[Vec<SecurityScheme>]) -> Option<String> {
    if let [] | [_] = security
        && security.iter().all(|one| one.len() < 2)
        && security.iter().all(|one| one.iter().all(|scheme| scheme.scopes.is_empty()))
    {
        return None;
    }
    let scheme = |scheme: &SecurityScheme| {
        let scopes = scheme.scopes.iter().map(|scope| code(scope)).collect_vec();
        match scopes.is_empty() {
            true => code(&scheme.name),
            false => format!("{} with {}", code(&scheme.name), scopes.join(", ")),
        }
    };
    let alternatives = security.iter().map(|schemes| match schemes.is_empty() {
        true => "none".to_owned(),
        false => schemes.iter().map(scheme).collect_vec().join(" and "),
    });
    Some(format!("Credentials: {}.", alternatives.collect_vec().join(", or ")))
}

/// The documentation of `send`: the required values, and the documented error responses.
pub(super) fn send(operation: &Operation, errors: &[(String, String)]) -> TokenStream {
    let mut required = operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
        .map(|parameter| format!("`{}`", parameter.rust_name))
        .collect_vec();
    if operation.body.as_ref().is_some_and(|body| body.required) {
        required.push("the body".to_owned());
    }
    let mut text = String::from("Sends the request.\n\n# Errors\n\nReturns an error if ");
    if !required.is_empty() {
        let _ = write!(text, "{} isn't set, if ", required.join(" or "));
    }
    text.push_str(
        "the request can't be built (then nothing is sent), if no response arrives, and for every \
         response but a success.",
    );
    if !errors.is_empty() {
        text.push_str(" Documented error responses:\n");
        for (status, body) in errors {
            let _ = write!(text, "\n- {status}: {body}");
        }
    }
    attribute(&text)
}

/// The documentation of a method that sends the request for another representation.
pub(super) fn send_alternative(media_type: &str) -> TokenStream {
    attribute(&format!(
        "Sends the request for a response of the media type {}.\n\n# Errors\n\nThose of \
         [`send`](Self::send).",
        code(media_type)
    ))
}

/// The documentation of a parameter's setter.
pub(super) fn parameter(parameter: &Parameter) -> TokenStream {
    let location = match parameter.encoding {
        ParameterEncoding::Path(_) => "Path",
        ParameterEncoding::Header | ParameterEncoding::HeaderExpansion(_) => "Header",
        ParameterEncoding::Cookie(_) => "Cookie",
        ParameterEncoding::Query
        | ParameterEncoding::QueryExpansion(_)
        | ParameterEncoding::QueryString(_) => "Query",
    };
    let required = if parameter.required { ", required" } else { "" };
    setter(
        parameter.description.as_deref(),
        &format!("{location} parameter {}{required}.", code(&parameter.name)),
    )
}

/// The documentation of a setter: the description, if there is one, and a line of facts.
pub(super) fn setter(description: Option<&str>, facts: &str) -> TokenStream {
    let text = match description {
        // Constraints alone don't say what the value is.
        Some(constraints) if constraints.starts_with("Constraints:") => {
            format!("{facts}\n\n{}", for_rustdoc(constraints))
        }
        Some(description) => format!("{}\n\n{facts}", for_rustdoc(description)),
        None => facts.to_owned(),
    };
    attribute(&text)
}
