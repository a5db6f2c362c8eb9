//! Emits the public code (types, builders, client) from the model, beside progenitor's core.
//!
//! The core's functions end with their requests; they aren't edited otherwise. Their arguments are
//! read from their signatures, so that the emitted builders can't disagree with them; the compiler
//! checks the rest.

mod auth;
mod bodies;
mod client;
mod conversions;
mod docs;
mod enums;
mod expansions;
mod fields;
mod helper_operations;
mod ident;
mod impls;
mod inline;
mod items;
mod literals;
mod newtypes;
mod objects;
mod operations;
mod pages;
mod prelude;
mod received;
mod responses;
mod schema_type;
mod secrets;
mod sections;
mod setter;
#[cfg(feature = "surface")]
mod signatures;
mod structs;
mod target;
mod unions;
mod usages;

use std::collections::{BTreeSet, HashSet};

use openapi_document::{Refusal, Refusals};
use proc_macro2::TokenStream;
use quote::quote;

pub(crate) use self::target::Target;
use self::{auth::auth, target::failed};
use crate::{
    collect::Collect,
    ir::{ClientModel, EnumType, ServerTemplate, ServerVariable},
    markdown::code,
    progenitor::{
        imports::with_imports,
        requests::{core_of, only_build_requests},
        signature::Core,
    },
};

/// The emitted code beside the core.
struct Emitted {
    types: TokenStream,
    /// The module of what is received, beside the types.
    received: Option<TokenStream>,
    /// The constants that the builders share.
    tables: Vec<TokenStream>,
    /// The methods of the client, then the builders.
    operations: Vec<syn::Item>,
    /// The client type, unless it is the user's.
    client: TokenStream,
}

impl Emitted {
    /// Emits the types, a builder per operation, and the client's methods.
    fn new(model: &ClientModel, core: &Core, target: &Target<'_>) -> Result<Self, Refusals> {
        let client = target.client_in_module()?;
        let docs = docs::TypeDocs::new(model);
        let types = emit_types(model, &docs, core)
            .map_err(|error| failed("a type of the document", &error))?;
        let received = received::emit(model, core)
            .map_err(|error| failed("a webhook of the document", &error))?;
        let received = shorten(needed(received, core), model);
        let received = (!model.received.is_empty()).then(|| received_module(received));
        let mut tables = operations::SharedTables::default();
        let mut builders = Vec::new();
        let mut sections = sections::Sections::new(model);
        let mut refusals = Vec::new();
        for operation in &model.operations {
            let attributes = target.doc_cfg(operation);
            match operations::emit(operation, core, &mut tables, &attributes, needed) {
                Ok(emitted) => {
                    builders.extend(emitted.items);
                    sections.add(&operation.tags, emitted.method);
                }
                Err(reason) => {
                    let pointer = operation.pointer.clone();
                    refusals.push(Refusal::new(pointer, "the operation's builder", reason));
                }
            }
        }
        Refusals::check(refusals)?;
        let mut operations =
            sections.into_items(&client).map_err(|error| failed("the client's methods", &error))?;
        operations.append(&mut builders);
        let client = client::emit(model, target.client.is_some().then_some(&client));
        Ok(Self { types, received, tables: tables.into_definitions(), operations, client })
    }
}

/// The module of what is received.
fn received_module(items: TokenStream) -> TokenStream {
    quote! {
        /// The webhooks and callbacks that the API sends to an endpoint of yours, and the types of
        /// their bodies.
        #[allow(
            clippy::all, clippy::pedantic, dead_code, deprecated, non_camel_case_types,
            unused_imports
        )]
        pub mod webhooks {
            use super::{runtime, types};

            #items
        }
    }
}

/// Code of which only the signatures are needed if the core's functions aren't known.
#[cfg(feature = "surface")]
fn needed(code: TokenStream, core: &Core) -> TokenStream {
    if core.has_functions() { code } else { signatures::signatures(code) }
}

/// All code.
#[cfg(not(feature = "surface"))]
fn needed(code: TokenStream, _: &Core) -> TokenStream {
    code
}

/// The public items of the code that [`emit`] returns: modules `types` and `operations`, and the
/// client. They don't depend on the core.
#[cfg(feature = "surface")]
pub(crate) fn public_items(
    model: &ClientModel,
    target: &Target<'_>,
) -> Result<syn::File, Refusals> {
    let core = Core::without_functions(type_names(model));
    let Emitted { types, received, operations, client, .. } = Emitted::new(model, &core, target)?;
    let has_client = !model.is_receiver_only();
    let client = has_client.then(|| {
        quote! {
            pub mod operations {}
            #client
        }
    });
    let file = quote! {
        pub mod types { #types }
        #received
        #client
    };
    let mut file: syn::File =
        syn::parse2(file).map_err(|error| failed("the emitted code", &error))?;
    for item in &mut file.items {
        if let syn::Item::Mod(module) = item
            && module.ident == "operations"
        {
            module.content = Some((syn::token::Brace::default(), operations));
            break;
        }
    }
    Ok(file)
}

/// The names of the types that are emitted.
fn type_names(model: &ClientModel) -> HashSet<String> {
    let mut names: HashSet<String> = model.structures().into_iter().cloned().collect_set();
    for one in &model.enums {
        names.insert(one.rust.clone());
    }
    names
}

/// Emits the whole file: the core, the types, a builder per operation, and the client's methods.
/// `path_prefix` is that of the whole document, `helper_operations` are the ids of those that
/// helpers call.
pub(crate) fn emit(
    model: &ClientModel,
    core: TokenStream,
    target: &Target<'_>,
    path_prefix: &str,
    helper_operations: &BTreeSet<&str>,
) -> Result<String, Refusals> {
    let runtime = syn::parse_str::<syn::Path>(target.runtime)
        .map_err(|error| failed("the path of the runtime", &error))?;
    let mut file: syn::File =
        syn::parse2(core).map_err(|error| failed("the generated core", &error))?;
    only_build_requests(&mut file).map_err(|error| failed("the generated core", &error))?;
    let core = Core::read(&file, type_names(model));
    let Emitted { types, received, tables, mut operations, client } =
        Emitted::new(model, &core, target)?;
    let title = format!("The private core of the client of {}, by progenitor.", code(&model.title));
    let title = docs::attribute(&title);
    let version = &model.version;
    let server = model.server.as_deref().unwrap_or_default();
    let server_template = model.server_template.as_ref().map(server_template);
    let auth = auth(&model.auth);
    let core_of = core_of();
    let helper_operations = helper_operations::emit(model, target, helper_operations)?;
    let core_module = quote! {
        #title
        #[allow(
            clippy::all, clippy::pedantic, dead_code, deprecated, missing_docs, rustdoc::all,
            unreachable_pub, unused
        )]
        mod core {}
    };
    let calls = quote! {
        /// The URL of the document's first server.
        #[allow(dead_code)]
        pub const SERVER: &str = #server;
        #server_template

        /// The version of the document.
        #[allow(dead_code)]
        pub const API_VERSION: &str = #version;

        /// The authentication of requests, by the document's top-level security requirement.
        #[allow(dead_code)]
        pub const AUTH: runtime::Auth = #auth;

        /// The segments that the document's paths begin with, if its server's URL has no path: a
        /// base URL that ends with them was right for a document that had them in that URL.
        #[allow(dead_code)]
        pub const PATH_PREFIX: &str = #path_prefix;

        #core_of

        /// The builders of requests, one per operation: each parameter has a setter, and `send` (or
        /// `.await`) sends the request.
        #[allow(
            clippy::all, clippy::pedantic, dead_code, deprecated, non_camel_case_types,
            unused_imports, unused_mut, unused_variables
        )]
        pub mod operations {
            use super::{core_of, runtime, schemas, types};
            use runtime::{ErrorDecoder, ResponseDecoder, Status};

            #(#tables)*
        }

        #helper_operations

        #client
    };
    // Nothing is called of a document that only describes what is received.
    let (core_module, calls) = match model.is_receiver_only() {
        true => (None, None),
        false => (Some(core_module), Some(calls)),
    };
    let emitted = quote! {
        #runtime::__compatible!(1);

        #core_module

        /// The types of the document's schemas.
        pub mod types {
            // The document may declare none.
            #[allow(unused_imports)]
            pub use super::schemas::*;
        }

        #[allow(
            clippy::all, clippy::pedantic, dead_code, deprecated, missing_docs,
            non_camel_case_types, unreachable_pub, unused
        )]
        mod schemas {
            use super::{runtime, types};

            #types
        }

        use #runtime::__codegen_v1 as runtime;

        #calls

        #received
    };
    let mut emitted: syn::File =
        syn::parse2(emitted).map_err(|error| failed("the emitted code", &error))?;
    // Parsed already: going through tokens once more would cost as much again.
    for item in &mut emitted.items {
        let syn::Item::Mod(module) = item else { continue };
        let Some((_, content)) = &mut module.content else { continue };
        if module.ident == "core" {
            *content = with_imports(file.items.split_off(0));
        } else if module.ident == "operations" {
            content.append(&mut operations);
        }
    }
    inline::mark(&mut emitted.items);
    Ok(prettyplease::unparse(&emitted))
}

/// Emits the types of the document's schemas; `Err` names a property or member without a type.
fn emit_types(
    model: &ClientModel,
    docs: &docs::TypeDocs<'_>,
    core: &Core,
) -> Result<TokenStream, String> {
    let mut types = TokenStream::new();
    for one in model.enums.iter().filter(|one| one.used) {
        types.extend(enums::emit(one, docs));
    }
    let structs = structs::Structs::new(model);
    let holders = secrets::holders(model);
    let text_enums = model.enums.iter().filter(|one| one.value_type == EnumType::Text);
    let text_enums = text_enums.map(|one| one.rust.as_str()).collect_set();
    for union in &model.untagged_unions {
        types.extend(unions::untagged(union, docs, core, &holders, &text_enums)?);
    }
    for union in &model.tagged_unions {
        types.extend(unions::tagged(union, docs, &structs, &holders));
    }
    for newtype in &model.newtypes {
        types.extend(newtypes::emit(newtype, docs, core)?);
    }
    types.extend(objects::Objects::emit(model, &structs, docs, core)?.into_tokens());
    Ok(shorten(needed(types, core), model))
}

/// Shortens paths to the prelude's items, of which no type of the model has the name.
fn shorten(code: TokenStream, model: &ClientModel) -> TokenStream {
    prelude::shorten(code, &model.types.iter().map(|name| name.rust.as_str()).collect())
}

/// The constant with the variables of the server's URL.
fn server_template(template: &ServerTemplate) -> TokenStream {
    let url = &template.url;
    let variables = template.variables.iter().map(|ServerVariable { name, default, values }| {
        quote!(runtime::ServerVariable { name: #name, default: #default, values: &[#(#values),*] })
    });
    quote! {
        /// The URL of the document's first server with its variables, which
        /// `ClientBuilder::server_variable` sets.
        #[allow(dead_code)]
        pub const SERVER_TEMPLATE: runtime::ServerTemplate =
            runtime::ServerTemplate { url: #url, variables: &[#(#variables),*] };
    }
}
