//! The interface to progenitor. Its panics and errors become refusals with a JSON pointer.

mod docs;
pub(crate) mod imports;
pub(crate) mod openapi30;
pub(crate) mod operations;
mod paths;
pub(crate) mod requests;
pub(crate) mod signature;

use std::{
    any::Any,
    cell::Cell,
    collections::HashSet,
    panic::{self, AssertUnwindSafe},
    sync::Once,
    thread,
};

use ::progenitor::{GenerationSettings, Generator, InterfaceStyle, TypeImpl};
use openapi_document::{Pointer, Refusal, Refusals};
use openapiv3::{AnySchema, Info, OpenAPI, ReferenceOr, Schema, SchemaData, SchemaKind};
use proc_macro2::TokenStream;

use self::paths::through_runtime;
use crate::{
    collect::Collect,
    ir::{ClientModel, EnumType, Operation},
};

/// The stack size in bytes: typify recurses over schemas. [`lower`](crate::lower()) bounds their
/// depth so that this is enough.
const STACK: usize = 256 << 20;

/// Generates the private core (types, and a positional function per operation) and passes it to
/// `finish`. Paths to other crates begin with `runtime`, which each module must import.
pub(crate) fn generate(
    openapi: OpenAPI,
    model: &ClientModel,
    finish: impl FnOnce(TokenStream) -> Result<String, Refusals> + Send,
) -> Result<String, Refusals> {
    let core = core_document(openapi);
    let mut finished = Ok(String::new());
    let outcome = run_isolated(Box::new(|| {
        finished = finish(tokens(&core, model)?);
        Ok(())
    }));
    match outcome {
        Ok(()) => finished,
        Err(reason) => Err(locate_failures(core, model, reason)),
    }
}

/// Reduces a document to what the core has of it.
fn core_document(mut openapi: OpenAPI) -> OpenAPI {
    // progenitor would put the title into documentation, and send the version in a header, whatever
    // they contain.
    openapi.info = Info { title: "API".into(), version: "0".into(), ..Info::default() };
    openapi.paths = operations::core_paths(openapi.paths);
    // All types are emitted beside the core, which only needs their names. typify recurses over
    // schemas without bound, and a stack overflow can't be caught.
    for schema in openapi.components.iter_mut().flat_map(|all| all.schemas.values_mut()) {
        *schema = ReferenceOr::Item(Schema {
            schema_data: SchemaData::default(),
            schema_kind: SchemaKind::Any(AnySchema::default()),
        });
    }
    openapi
}

/// Runs progenitor on the core's document.
fn tokens(openapi: &OpenAPI, model: &ClientModel) -> Result<TokenStream, String> {
    let mut settings = GenerationSettings::new();
    settings.with_interface(InterfaceStyle::Positional).with_derive("PartialEq");
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
    let core = Generator::new(&settings).generate_tokens(openapi);
    core.map(through_runtime).map_err(|error| error.to_string())
}

/// The number of documents that are generated to locate a failure.
const MAX_ATTEMPTS: usize = 100;

/// Finds the operations that cause a failure, by generating parts of the core's document.
fn locate_failures(mut core: OpenAPI, model: &ClientModel, reason: String) -> Refusals {
    let construct = "not supported by progenitor";
    let mut refusals = Vec::new();
    let operations: Vec<&Operation> = model.operations.iter().collect_vec();
    let mut pending = vec![operations.as_slice()];
    let mut attempts = 0;
    while let Some(operations) = pending.pop().filter(|_| attempts < MAX_ATTEMPTS) {
        attempts += 1;
        let hidden = hide_others(&mut core, operations);
        let result = run_isolated(Box::new(|| tokens(&core, model).map(drop)));
        show(&mut core, hidden);
        let Err(reason) = result else { continue };
        match operations {
            [operation] => {
                refusals.push(Refusal::new(operation.pointer.clone(), construct, reason));
            }
            several => {
                let (first, rest) = several.split_at(several.len() / 2);
                pending.extend([rest, first].into_iter().filter(|half| !half.is_empty()));
            }
        }
    }
    match Refusals::check(refusals) {
        Err(refusals) => refusals,
        Ok(()) => Refusal::new(Pointer::root(), construct, reason).into(),
    }
}

/// An operation that was taken out of a document, with its path and method.
type Hidden = (String, &'static str, Option<openapiv3::Operation>);

/// Takes all operations out of the core's document but the chosen ones.
fn hide_others(core: &mut OpenAPI, chosen: &[&Operation]) -> Vec<Hidden> {
    let mut shown = HashSet::new();
    for operation in chosen {
        if let [_, path, method] = operation.pointer.segments() {
            shown.insert((operations::core_path(path), method.as_str()));
        }
    }
    let mut hidden = Vec::new();
    for (path, item) in &mut core.paths.paths {
        let ReferenceOr::Item(item) = item else { continue };
        for (method, operation) in operations::by_method(item) {
            if !shown.contains(&(path.clone(), method)) {
                hidden.push((path.clone(), method, operation.take()));
            }
        }
    }
    hidden
}

/// Puts operations back into the core's document.
fn show(core: &mut OpenAPI, hidden: Vec<Hidden>) {
    for (path, method, operation) in hidden {
        let Some(ReferenceOr::Item(item)) = core.paths.paths.get_mut(&path) else { continue };
        let mut places = operations::by_method(item).into_iter();
        if let Some((_, place)) = places.find(|(name, _)| *name == method) {
            *place = operation;
        }
    }
}

thread_local! {
    static IS_ISOLATED: Cell<bool> = const { Cell::new(false) };
}

/// A job that runs isolated.
type Job<'a> = Box<dyn FnOnce() -> Result<(), String> + Send + 'a>;

/// Runs `job` on a thread with a large stack. A panic becomes an error and is not printed.
fn run_isolated(job: Job<'_>) -> Result<(), String> {
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
    use openapi_document::Document;
    use openapiv3::ReferenceOr;

    use super::{generate, run_isolated};

    // No lowered document is known that this version of progenitor refuses or panics on.
    #[test]
    fn a_failure_refuses_the_operations_that_cause_it() {
        let document = Document::parse(
            "
openapi: 3.0.3
info: { title: T, version: '1' }
paths:
  /a: { get: { operationId: a, responses: { '204': { description: ok } } } }
  /b: { get: { operationId: b, responses: { '204': { description: ok } } } }
  /c: { put: { operationId: c, responses: { '204': { description: ok } } } }
",
        )
        .unwrap();
        let mut lowered = crate::lower(&document, &Default::default()).unwrap();
        for path in ["/b", "/c"] {
            let Some(ReferenceOr::Item(item)) = lowered.openapi.paths.paths.get_mut(path) else {
                panic!("the path {path}")
            };
            let operations = item.get.iter_mut().chain(&mut item.put);
            operations.for_each(|operation| operation.operation_id = None);
        }
        let refusals =
            generate(lowered.openapi, &lowered.model, |_| Ok(String::new())).unwrap_err();
        let pointers: Vec<String> = refusals.iter().map(|one| one.pointer.to_string()).collect();
        assert_eq!(pointers, ["#/paths/~1b/get", "#/paths/~1c/put"]);
    }

    #[test]
    fn a_panic_is_an_error_with_its_message() {
        let outcome = run_isolated(Box::new(|| panic!("not yet {}", "implemented")));
        assert_eq!(outcome.unwrap_err(), "progenitor panicked: not yet implemented");
        assert_eq!(run_isolated(Box::new(|| Ok(()))), Ok(()));
    }
}
