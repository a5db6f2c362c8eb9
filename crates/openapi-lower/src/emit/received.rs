//! The module `webhooks`: enums of what the API sends and the user of the client receives.

use std::{collections::HashSet, fmt::Write};

use openapi_document::reference;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{
    docs,
    ident::ident,
    impls,
    schema_type::{has_date_times, schema_type},
    secrets,
    unions::{self, UnionVariant},
};
use crate::{
    collect::Collect,
    ir::{ClientModel, Received, ReceivedUnion},
    markdown::{code, for_rustdoc},
    progenitor::signature::Core,
};

/// Emits the items of the module; `Err` names a payload without a type.
pub(super) fn emit(model: &ClientModel, core: &Core) -> Result<TokenStream, String> {
    let holders = secrets::holders(model);
    let mut items = TokenStream::new();
    for union in &model.received {
        items.extend(emit_union(union, core, &holders)?);
    }
    let enums: Vec<&str> = model.received.iter().map(|union| union.kind.rust_name()).collect_vec();
    let payloads = payloads(model);
    let payloads: Vec<Ident> = payloads
        .iter()
        .filter(|name| !enums.contains(&name.as_str()))
        .map(|one| ident(one))
        .collect_vec();
    Ok(quote! {
        #(pub use types::#payloads;)*

        #items
    })
}

/// The types of payloads, each once.
fn payloads(model: &ClientModel) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut payloads = Vec::new();
    for union in &model.received {
        for variant in &union.variants {
            for target in reference::targets(&variant.payload) {
                if seen.insert(target.clone()) {
                    payloads.push(target);
                }
            }
        }
    }
    payloads
}

/// Emits one enum.
fn emit_union(
    union: &ReceivedUnion,
    core: &Core,
    holders: &HashSet<&str>,
) -> Result<TokenStream, String> {
    let rust = union.kind.rust_name();
    let word = union.kind.word();
    let name = ident(rust);
    let mut variants = Vec::new();
    for one in &union.variants {
        let member = schema_type(&one.payload, core).map_err(|why| format!("`{rust}`: {why}"))?;
        variants.push(UnionVariant {
            name: ident(&one.rust_name),
            doc: docs::attribute(&describe(one, word)),
            member,
        });
    }
    let doc = match &union.tag {
        Some((tag, _)) => format!(
            "A {word} of the API: its body. Bodies are told apart by their property {}, so that \
             they can be deserialized; [`decode`](Self::decode) goes by the name of the {word}.",
            code(tag)
        ),
        None => format!(
            "A {word} of the API: its body. No property tells bodies apart: they are decoded by \
             the name of the {word} ([`decode`](Self::decode))."
        ),
    };
    let unrecognized = docs::attribute(&format!(
        "The body of a {word} that the document didn't list when this crate was built. It is \
         encoded as it was received."
    ));
    let holds_secrets = union.variants.iter().any(|one| {
        let targets = reference::targets(&one.payload);
        targets.iter().any(|target| holders.contains(target.as_str()))
    });
    let definition =
        unions::definition(&name, &docs::attribute(&doc), &variants, &unrecognized, holds_secrets);
    let rust_names: Vec<&Ident> = variants.iter().map(|variant| &variant.name).collect_vec();
    let names: Vec<&String> = union.variants.iter().map(|one| &one.name).collect_vec();
    let decoders: Vec<TokenStream> = variants
        .iter()
        .map(|variant| match has_date_times(&variant.member) {
            true => quote!(runtime::deserialize_date_times),
            false => quote!(runtime::serde::Deserialize::deserialize),
        })
        .collect_vec();
    let decode_doc = format!(
        "Decodes the body of the {word} with this name. The body of another one is \
         [`Unrecognized`](Self::Unrecognized).\n\n# Errors\n\nIf the body isn't JSON, or doesn't \
         have the type of its {word}."
    );
    let decode_doc = docs::attribute(&decode_doc);
    let name_doc =
        docs::attribute(&format!("The name of the {word} in the document, if that lists it."));
    let names_doc = docs::attribute(&format!("The names of all {word}s of the document."));
    let arms =
        rust_names.iter().map(|one| quote!(Self::#one(content) => content.serialize(serializer),));
    let serialize = unions::serialize(&name, arms);
    let tagged = union.tag.as_ref().map(|(tag, _)| {
        let values = union.variants.iter().map(|one| &one.tags);
        let deserialize = impls::deserialize(&name, "deserialize_received");
        quote! {
            impl runtime::TaggedReceived for #name {
                const TAG: &'static str = #tag;

                fn name_of(tag: &str) -> ::std::option::Option<&'static str> {
                    match tag {
                        #(#(#values)|* => ::std::option::Option::Some(#names),)*
                        _ => ::std::option::Option::None,
                    }
                }
            }

            #deserialize
        }
    });
    Ok(quote! {
        #definition

        impl #name {
            #names_doc
            pub const NAMES: &'static [&'static str] = &[#(#names),*];

            #decode_doc
            pub fn decode(
                name: &str,
                body: &[u8],
            ) -> ::std::result::Result<Self, runtime::serde_json::Error> {
                runtime::decode_received(name, body)
            }

            #name_doc
            pub fn name(&self) -> ::std::option::Option<&'static str> {
                match self {
                    #(Self::#rust_names(_) => ::std::option::Option::Some(#names),)*
                    Self::Unrecognized(_) => ::std::option::Option::None,
                }
            }
        }

        impl runtime::Received for #name {
            fn deserialize_named<'de, D: runtime::serde::Deserializer<'de>>(
                name: ::std::option::Option<&str>,
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                match name {
                    #(::std::option::Option::Some(#names) => #decoders(deserializer).map(Self::#rust_names),)*
                    _ => runtime::deserialize_any_value(deserializer).map(Self::Unrecognized),
                }
            }
        }

        #serialize
        #tagged
    })
}

/// The documentation of a variant.
fn describe(received: &Received, word: &str) -> String {
    let mut paragraphs = Vec::new();
    for prose in [&received.summary, &received.description].into_iter().flatten() {
        let prose = for_rustdoc(prose);
        if !paragraphs.contains(&prose) {
            paragraphs.push(prose);
        }
    }
    if received.deprecated {
        paragraphs.insert(0, "**Deprecated.**".to_owned());
    }
    let mut facts = format!("The {word} {}, sent by {}", code(&received.name), received.method);
    if !received.headers.is_empty() {
        let headers: Vec<String> = received.headers.iter().map(|name| code(name)).collect_vec();
        let _ = write!(facts, " with the headers {}", headers.join(", "));
    }
    facts.push('.');
    paragraphs.push(facts);
    let responses: Vec<String> = received.responses.iter().map(response).collect_vec();
    if !responses.is_empty() {
        paragraphs.push(format!("Responses that the API expects:\n\n{}", responses.join("\n")));
    }
    paragraphs.join("\n\n")
}

/// A line for a response: its status, its description and the type of its body.
fn response((status, description, schema): &(String, String, Option<serde_json::Value>)) -> String {
    let mut line = format!("- {}", code(status));
    let description = for_rustdoc(description).replace('\n', " ");
    if !description.trim().is_empty() {
        let _ = write!(line, ": {}", description.trim());
    }
    let targets = schema.as_ref().map(reference::targets).unwrap_or_default();
    if let Some(target) = targets.first() {
        let _ = write!(line, " ([`{target}`](types::{target}))");
    }
    line
}
