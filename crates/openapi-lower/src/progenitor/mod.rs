//! The interface to progenitor. Its panics and errors become refusals with a JSON pointer.

pub(crate) mod deserialize;
mod docs;
pub(crate) mod hooks;
pub(crate) mod imports;
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
use openapiv3::{Info, OpenAPI};
use proc_macro2::TokenStream;
use quote::quote;

use self::paths::through_runtime;
use crate::{
    ir::{ClientModel, EnumType, TypeName},
    lower::Lowered,
};

/// The stack size in bytes: typify recurses over schemas. [`lower`](crate::lower()) bounds their
/// depth so that this is enough.
const STACK: usize = 256 << 20;

/// Generates the private core (types, and a positional function per operation) and passes it to
/// `finish`. Paths to other crates begin with `runtime`, which each module must import.
pub(crate) fn generate(
    lowered: &Lowered,
    finish: impl FnOnce(TokenStream) -> Result<String, Refusals> + Send,
) -> Result<String, Refusals> {
    let outcome = run_isolated(|| Ok(finish(tokens(&lowered.openapi, &lowered.model)?)));
    match outcome {
        Ok(finished) => finished,
        Err(reason) => Err(locate_failures(lowered, reason)),
    }
}

/// Runs progenitor.
fn tokens(openapi: &OpenAPI, model: &ClientModel) -> Result<TokenStream, String> {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(runtime::Capture))
        .with_derive("PartialEq");
    for one in &model.enums {
        let impls = [TypeImpl::Display, TypeImpl::FromStr];
        // A number has no canonical text to parse.
        let count = if one.value_type == EnumType::Number { 1 } else { 2 };
        let impls = impls.into_iter().take(count);
        settings.with_replacement(&one.rust, format!("schemas::{}", one.rust), impls);
    }
    for name in model.structures() {
        settings.with_replacement(name, format!("schemas::{name}"), std::iter::empty());
    }
    // progenitor would put the title into documentation, and send the version in a header, whatever
    // they contain.
    let mut openapi = openapi.clone();
    openapi.info = Info { title: "API".into(), version: "0".into(), ..Info::default() };
    let core = Generator::new(&settings).generate_tokens(&openapi);
    core.map(through_runtime).map_err(|error| error.to_string())
}

/// Finds the schemas and operations that cause a failure, by generating each alone.
fn locate_failures(lowered: &Lowered, reason: String) -> Refusals {
    let run = |openapi: OpenAPI| run_isolated(|| tokens(&openapi, &lowered.model).map(drop));
    let construct = "not supported by progenitor";
    let mut refusals = Vec::new();
    let schemas =
        lowered.openapi.components.iter().flat_map(|components| components.schemas.keys());
    let mut failed = HashMap::new();
    for name in schemas {
        let reachable = reachable_schemas(&lowered.openapi, name);
        if let Err(reason) = run(only_schemas(&lowered.openapi, &reachable)) {
            failed.insert(name, (reachable, reason));
        }
    }
    for (name, (reachable, reason)) in &failed {
        // A schema that refers to a failing one is not the cause, unless both refer to each other.
        let is_cause = |other: &String| {
            failed.get(other).is_some_and(|(reachable, _)| !reachable.contains(name))
        };
        if !reachable.iter().any(is_cause) {
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

/// A schema and all that it refers to, directly or indirectly.
fn reachable_schemas(openapi: &OpenAPI, name: &str) -> Vec<String> {
    let mut reachable = vec![name.to_owned()];
    let mut next = 0;
    while let Some(name) = reachable.get(next).cloned() {
        next += 1;
        let schema =
            openapi.components.as_ref().and_then(|components| components.schemas.get(&name));
        let Some(schema) = schema.and_then(|schema| serde_json::to_value(schema).ok()) else {
            continue;
        };
        walk::subschemas(&schema, &mut |schema| {
            if let Some(target) = reference::target(schema)
                && !reachable.contains(&target)
            {
                reachable.push(target);
            }
        });
    }
    reachable
}

/// The document with only these schemas, and no operation.
fn only_schemas(openapi: &OpenAPI, names: &[String]) -> OpenAPI {
    let mut alone = openapi.clone();
    alone.paths.paths.clear();
    if let Some(components) = &mut alone.components {
        components.schemas.retain(|name, _| names.contains(name));
    }
    alone
}

/// The document with only the operation that the segments of a pointer lead to.
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
    static IS_ISOLATED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `job` on a thread with a large stack. A panic becomes an error and is not printed.
fn run_isolated<T: Send>(job: impl FnOnce() -> Result<T, String> + Send) -> Result<T, String> {
    silence_isolated_panics();
    let run = move || {
        IS_ISOLATED.set(true);
        panic::catch_unwind(AssertUnwindSafe(job)).unwrap_or_else(|panic| Err(message(&*panic)))
    };
    thread::scope(|scope| {
        let thread = thread::Builder::new().name("progenitor".to_owned()).stack_size(STACK);
        match thread.spawn_scoped(scope, run).map(thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => Err(message(&*panic)),
            Err(error) => Err(format!("failed to start the thread of progenitor: {error}")),
        }
    })
}

/// The error message of a panic.
fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("progenitor panicked: {}", text.unwrap_or("without a message"))
}

/// Installs a panic hook that prints nothing for isolated panics: they are reported as refusals.
fn silence_isolated_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let hook = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_ISOLATED.get() {
                hook(info);
            }
        }));
    });
}

#[cfg(test)]
mod tests {
    use super::run_isolated;

    // No lowered document is known that makes this version of progenitor panic.
    #[test]
    fn a_panic_is_an_error_with_its_message() {
        let outcome: Result<(), _> = run_isolated(|| panic!("not yet {}", "implemented"));
        assert_eq!(outcome.unwrap_err(), "progenitor panicked: not yet implemented");
        assert_eq!(run_isolated(|| Ok(1)), Ok(1));
    }
}
