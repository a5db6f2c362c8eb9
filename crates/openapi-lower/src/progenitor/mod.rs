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
    collections::{HashMap, HashSet},
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
    ir::{ClientModel, EnumType, Operation},
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
    // progenitor would put the title into documentation, and send the version in a header, whatever
    // they contain.
    let mut openapi = openapi.clone();
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
    let core = Generator::new(&settings).generate_tokens(&openapi);
    core.map(through_runtime).map_err(|error| error.to_string())
}

/// The number of documents that are generated to locate a failure.
const MAX_ATTEMPTS: usize = 100;

/// Finds the operations that cause a failure, by generating parts of the document.
fn locate_failures(lowered: &Lowered, reason: String) -> Refusals {
    let construct = "not supported by progenitor";
    let run = |openapi: OpenAPI| run_isolated(|| tokens(&openapi, &lowered.model).map(drop));
    let mut refusals = Vec::new();
    let operations: Vec<&Operation> = lowered.model.operations.iter().collect();
    let mut pending = vec![operations.as_slice()];
    let mut attempts = 0;
    while let Some(operations) = pending.pop().filter(|_| attempts < MAX_ATTEMPTS) {
        attempts += 1;
        let Err(reason) = run(only_operations(&lowered.openapi, operations)) else { continue };
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

/// The document with only these operations.
fn only_operations(openapi: &OpenAPI, chosen: &[&Operation]) -> OpenAPI {
    let mut alone = OpenAPI {
        openapi: openapi.openapi.clone(),
        info: openapi.info.clone(),
        components: openapi.components.clone(),
        ..OpenAPI::default()
    };
    let mut methods: HashMap<&str, HashSet<&str>> = HashMap::new();
    for operation in chosen {
        if let [_, path, method] = operation.pointer.segments() {
            methods.entry(path).or_default().insert(method);
        }
    }
    for (path, item) in &openapi.paths.paths {
        let (Some(methods), ReferenceOr::Item(item)) = (methods.get(path.as_str()), item) else {
            continue;
        };
        let mut item = item.clone();
        operations::retain_operations(&mut item, |method, _| methods.contains(method));
        alone.paths.paths.insert(path.clone(), ReferenceOr::Item(item));
    }
    alone
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
        let refusals = generate(&lowered, |_| Ok(String::new())).unwrap_err();
        let pointers: Vec<String> = refusals.iter().map(|one| one.pointer.to_string()).collect();
        assert_eq!(pointers, ["#/paths/~1b/get", "#/paths/~1c/put"]);
    }

    #[test]
    fn a_panic_is_an_error_with_its_message() {
        let outcome: Result<(), _> = run_isolated(|| panic!("not yet {}", "implemented"));
        assert_eq!(outcome.unwrap_err(), "progenitor panicked: not yet implemented");
        assert_eq!(run_isolated(|| Ok(1)), Ok(1));
    }
}
