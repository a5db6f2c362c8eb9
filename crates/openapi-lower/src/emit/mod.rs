//! The code that users touch, written beside the core from what was model.
//!
//! Nothing in the core is edited. What its functions take is read from their signatures, so that
//! the emitted builders can't disagree with them; the compiler checks the rest.

mod auth;
mod bodies;
mod client;
mod docs;
mod enums;
mod ident;
mod objects;
mod operations;
mod pages;
mod responses;
mod schema_type;
mod secrets;
mod target;
mod unions;

use openapi_document::{Refusal, Refusals};
use proc_macro2::TokenStream;
use quote::quote;

pub(crate) use self::target::Target;
use self::{auth::auth, target::failed};
use crate::{
    ir::ClientModel,
    progenitor::{hooks::hooks, imports::with_imports, signature::Core},
};

/// Writes the whole file: the core, its types, a builder per operation, and how to start it.
pub(crate) fn emit(
    model: &ClientModel,
    core: TokenStream,
    target: &Target,
) -> Result<String, Refusals> {
    let parse = |path: &str| syn::parse_str::<syn::Path>(path);
    let runtime =
        parse(&target.runtime).map_err(|error| failed("the path of the runtime", &error))?;
    let client = parse(target.client.as_deref().unwrap_or("super::Client"))
        .map_err(|error| failed("the path of the client", &error))?;
    let definition = client::emit(model, target.client.is_some().then_some(&client));
    let mut file: syn::File =
        syn::parse2(core).map_err(|error| failed("the generated core", &error))?;
    let own = model.enums.iter().map(|one| &one.rust).chain(model.structures());
    let core = Core::read(&file, own.cloned());
    let enums = model.enums.iter().filter(|one| one.used).map(|one| enums::emit(one, model));
    let holders = secrets::holders(model);
    let unions = model.tagged_unions.iter().map(|union| unions::tagged(union, model, &holders));
    let untyped = |error: String| failed("a type of the document", &error);
    let choices =
        model.untagged_unions.iter().map(|choice| unions::choice(choice, model, &core, &holders));
    let choices = choices.collect::<Result<Vec<_>, _>>().map_err(untyped)?;
    let objects = objects::Objects::emit(model, &core).map_err(untyped)?.into_tokens();
    let mut tables = operations::Tables::default();
    let mut builders = Vec::new();
    let mut starters = Vec::new();
    let mut refusals = Vec::new();
    for operation in &model.operations {
        match operations::emit(operation, &core, &mut tables) {
            Ok(emitted) => {
                builders.extend(emitted.items);
                starters.push(emitted.starter);
            }
            Err(reason) => {
                let pointer = operation.pointer.clone();
                refusals.push(Refusal::new(pointer, "the operation's builder", reason));
            }
        }
    }
    Refusals::check(refusals)?;

    let title = format!("What the document \"{}\" says, as Rust.", model.title);
    let server = model.server.as_deref().unwrap_or_default();
    let auth = auth(&model.auth);
    let tables = tables.definitions();
    let hooks = hooks();
    let emitted = quote! {
        #runtime::__compatible!(1);

        #[doc = #title]
        #[allow(
            clippy::all, clippy::pedantic, dead_code, deprecated, missing_docs, rustdoc::all,
            unreachable_pub, unused
        )]
        mod core {}

        /// The types of the document's schemas.
        pub mod types {
            // Either may have none, and who uses them is not this module's to know.
            #[allow(unused_imports)]
            pub use super::{core::types::*, schemas::*};
        }

        #[allow(
            clippy::all, clippy::pedantic, dead_code, deprecated, missing_docs,
            non_camel_case_types, unreachable_pub, unused
        )]
        mod schemas {
            use super::{runtime, types};

            #(#enums)*
            #(#choices)*
            #(#unions)*
            #objects
        }

        use #runtime::__codegen_v1 as runtime;

        /// The URL of the document's first server.
        #[allow(dead_code)]
        pub const SERVER: &str = #server;

        /// How requests prove who sends them, by the document's security requirement.
        #[allow(dead_code)]
        pub const AUTH: runtime::Auth = #auth;

        #hooks

        /// One builder per operation: each parameter is a setter, `send` (or `.await`) sends it.
        #[allow(
            clippy::all, clippy::pedantic, dead_code, deprecated, unused_imports, unused_mut,
            unused_variables
        )]
        pub mod operations {
            use super::{core_of, runtime, schemas, types};
            use runtime::{ErrorDecoder, RawResponse, ResponseDecoder, Status};

            #(#tables)*

            impl #client {}
        }

        #definition
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
            if let Some(syn::Item::Impl(client)) = content.last_mut() {
                client.items = starters.split_off(0);
            }
            content.append(&mut builders);
        }
    }
    Ok(prettyplease::unparse(&emitted))
}
