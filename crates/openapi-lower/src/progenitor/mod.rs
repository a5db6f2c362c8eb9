//! progenitor, contained: a panic or an error of it becomes a refusal that names the place.

pub(crate) mod hooks;
pub(crate) mod imports;
pub(crate) mod openapi;
pub(crate) mod operations;
mod paths;
pub(crate) mod signature;

use std::{
    any::Any,
    cell::Cell,
    collections::HashMap,
    panic::{self, AssertUnwindSafe},
    sync::Once,
    thread,
};

use ::progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use openapi_document::{Pointer, Refusal, Refusals, reference, walk};
use openapiv3::OpenAPI;
use proc_macro2::TokenStream;
use quote::quote;

use self::paths::through_runtime;
use crate::{
    ir::{ClientModel, TypeName},
    lower::Lowered,
};

/// typify recurses over schemas; nothing that [`lower`](crate::lower()) lets pass needs more.
const STACK: usize = 256 << 20;

/// Generates the private core (types, and a positional function per operation) and hands it to
/// `finish`. It names other crates by way of `runtime`, which each of its modules must import.
pub(crate) fn generate(
    lowered: &Lowered,
    finish: impl FnOnce(TokenStream) -> Result<String, Refusals> + Send,
) -> Result<String, Refusals> {
    let outcome = contained(|| Ok(finish(tokens(&lowered.openapi, &lowered.model)?)));
    match outcome {
        Ok(finished) => finished,
        Err(reason) => Err(narrow(lowered, reason)),
    }
}

fn tokens(openapi: &OpenAPI, model: &ClientModel) -> Result<TokenStream, String> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(runtime::Capture))
        .with_derive("PartialEq");
    for one in &model.enums {
        let impls = [TypeImpl::FromStr, TypeImpl::Display];
        settings.with_replacement(&one.rust, format!("schemas::{}", one.rust), impls.into_iter());
    }
    for name in model.structures() {
        settings.with_replacement(name, format!("schemas::{name}"), std::iter::empty());
    }
    let core = Generator::new(&settings).generate_tokens(openapi);
    core.map(through_runtime).map_err(|error| error.to_string())
}

/// Finds the schemas and operations that fail by themselves.
fn narrow(lowered: &Lowered, reason: String) -> Refusals {
    let run = |openapi: OpenAPI| contained(|| tokens(&openapi, &lowered.model).map(drop));
    let construct = "a construct that the generator fails on";
    let mut refusals = Vec::new();
    let schemas =
        lowered.openapi.components.iter().flat_map(|components| components.schemas.keys());
    let mut failed = HashMap::new();
    for name in schemas {
        let reached = reached_from(&lowered.openapi, name);
        if let Err(reason) = run(only_schemas(&lowered.openapi, &reached)) {
            failed.insert(name, (reached, reason));
        }
    }
    for (name, (reached, reason)) in &failed {
        // A schema that fails because of another one that it refers to is not to blame.
        let is_cause =
            |other: &String| failed.get(other).is_some_and(|(reached, _)| !reached.contains(name));
        if !reached.iter().any(is_cause) {
            let pointer = TypeName::pointer_of(&lowered.model.types, name);
            refusals.push(Refusal::new(pointer, construct, reason));
        }
    }
    if refusals.is_empty() {
        for operation in &lowered.model.operations {
            let Some(alone) = only_operation(&lowered.openapi, operation.pointer.segments()) else {
                continue;
            };
            if let Err(reason) = run(alone) {
                refusals.push(Refusal::new(operation.pointer.clone(), construct, reason));
            }
        }
    }
    match Refusals::check(refusals) {
        Err(refusals) => refusals,
        Ok(()) => Refusal::new(Pointer::root(), construct, reason).into(),
    }
}

/// A schema and those it refers to, directly or not.
fn reached_from(openapi: &OpenAPI, name: &str) -> Vec<String> {
    let mut reached = vec![name.to_owned()];
    let mut next = 0;
    while let Some(name) = reached.get(next).cloned() {
        next += 1;
        let schema =
            openapi.components.as_ref().and_then(|components| components.schemas.get(&name));
        let Some(schema) = schema.and_then(|schema| serde_json::to_value(schema).ok()) else {
            continue;
        };
        walk::subschemas(&schema, &mut |schema| {
            if let Some(target) = reference::target(schema)
                && !reached.contains(&target)
            {
                reached.push(target);
            }
        });
    }
    reached
}

/// The document with these schemas and no operation.
fn only_schemas(openapi: &OpenAPI, names: &[String]) -> OpenAPI {
    let mut alone = openapi.clone();
    alone.paths.paths.clear();
    if let Some(components) = &mut alone.components {
        components.schemas.retain(|name, _| names.contains(name));
    }
    alone
}

fn only_operation(openapi: &OpenAPI, segments: &[String]) -> Option<OpenAPI> {
    let [_, path, method] = segments else { return None };
    let mut alone = openapi.clone();
    alone.paths.paths.retain(|name, _| name == path);
    let item = alone.paths.paths.get_mut(path)?;
    let mut value = serde_json::to_value(&*item).ok()?;
    value.as_object_mut()?.retain(|key, _| key == method);
    *item = serde_json::from_value(value).ok()?;
    Some(alone)
}

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `job` on a thread with a large stack; a panic becomes an error and prints nothing.
fn contained<T: Send>(job: impl FnOnce() -> Result<T, String> + Send) -> Result<T, String> {
    silence_contained_panics();
    let run = move || {
        CONTAINED.set(true);
        panic::catch_unwind(AssertUnwindSafe(job)).unwrap_or_else(|panic| Err(message(&*panic)))
    };
    thread::scope(|scope| {
        let thread = thread::Builder::new().name("progenitor".to_owned()).stack_size(STACK);
        match thread.spawn_scoped(scope, run).map(thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => Err(message(&*panic)),
            Err(error) => Err(format!("no thread for the generator: {error}")),
        }
    })
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("the generator panicked: {}", text.unwrap_or("without a message"))
}

/// A contained panic is reported as a refusal, so the hook, which prints, need not see it.
fn silence_contained_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let hook = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !CONTAINED.get() {
                hook(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::contained;

    // No document is known that makes this version of progenitor panic once it is lowered.
    #[test]
    fn a_panic_is_an_error_with_its_message() {
        let outcome: Result<(), _> = contained(|| panic!("not yet {}", "implemented"));
        assert_eq!(outcome.unwrap_err(), "the generator panicked: not yet implemented");
        assert_eq!(contained(|| Ok(1)), Ok(1));
    }
}
