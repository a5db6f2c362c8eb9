//! The public surface of a generated client, as data: what source code that uses it can name.
//!
//! It is read from the items that the emitters make of the document's model, without progenitor:
//! the private core has no part in it. So a document that progenitor refuses has a surface too, and
//! nothing here is a second model of the generator.

mod items;
mod origins;
mod reader;
mod text;

use std::{
    collections::{BTreeMap, HashMap},
    fmt, thread,
};

use openapi_document::{Document, Pointer, Refusal, Refusals};

pub use self::items::{Function, Member, Origin, Surface, TypeItem};
use self::{origins::Origins, reader::Reader};
use crate::{
    client_methods,
    emit::{self, Target},
    helpers::HelperSelection,
    ir::{ClientModel, TypeIndex},
    lower::lower_with,
    options::GenerateOptions,
    paging, selection,
};

/// The stack size in bytes of the threads that emit: types may be nested.
const STACK: usize = 64 << 20;

/// Reads the surface of the client of a document.
pub(crate) fn surface(document: &Document, options: &GenerateOptions) -> Result<Surface, Refusals> {
    let model = model(document, options, &options.names)?;
    thread::scope(|scope| join(spawn(scope, || read(&model, options))))
}

/// Reads the surfaces of the clients of two versions of a document, of which the first is
/// published.
///
/// `job` gets the names of the types of both, and runs meanwhile: most of the time is spent on the
/// items, which don't change these names.
pub(crate) fn surfaces<T>(
    (old, new): (&Document, &Document),
    options: &GenerateOptions,
    job: impl FnOnce(TypeNames, TypeNames) -> T,
) -> Result<(Surface, Surface, T), SurfaceError> {
    let old_model = model(old, options, &options.names).map_err(SurfaceError::Old)?;
    thread::scope(|scope| {
        let old = spawn(scope, || read(&old_model, options));
        let mut names = options.names.clone();
        names.extend(old_model.published_names());
        let new_model = model(new, options, &names).map_err(SurfaceError::New)?;
        let (new, done) = thread::scope(|scope| {
            let new = spawn(scope, || read(&new_model, options));
            let done = job(type_names(&old_model), type_names(&new_model));
            (join(new), done)
        });
        let old = join(old).map_err(SurfaceError::Old)?;
        Ok((old, new.map_err(SurfaceError::New)?, done))
    })
}

/// The names of types by the pointers of their schemas.
pub type TypeNames = HashMap<Pointer, String>;

/// The names of the types that are emitted for schemas.
fn type_names(model: &ClientModel) -> TypeNames {
    let index = TypeIndex::new(&model.types);
    let mut names = model.structures();
    names.extend(model.enums.iter().filter(|one| one.used).map(|one| &one.rust));
    names.into_iter().map(|rust| (index.pointer(rust), rust.clone())).collect()
}

/// The refusals of one of two documents.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SurfaceError {
    /// Of the old document.
    Old(Refusals),
    /// Of the new document.
    New(Refusals),
}

impl fmt::Display for SurfaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (which, refusals) = match self {
            Self::Old(refusals) => ("old", refusals),
            Self::New(refusals) => ("new", refusals),
        };
        write!(f, "the {which} document can't be generated")?;
        let mut refusals = refusals.iter();
        if let Some(first) = refusals.next() {
            write!(f, ": {first}")?;
        }
        match refusals.count() {
            0 => Ok(()),
            more => write!(f, " (and {more} more)"),
        }
    }
}

impl std::error::Error for SurfaceError {}

/// Emits on a thread with a stack of its own.
fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope thread::Scope<'scope, '_>,
    job: impl FnOnce() -> Result<T, Refusals> + Send + 'scope,
) -> Option<thread::ScopedJoinHandle<'scope, Result<T, Refusals>>> {
    thread::Builder::new()
        .name("surface".to_owned())
        .stack_size(STACK)
        .spawn_scoped(scope, job)
        .ok()
}

/// The result of a thread; a refusal if it couldn't be started or panicked.
fn join<T>(
    handle: Option<thread::ScopedJoinHandle<'_, Result<T, Refusals>>>,
) -> Result<T, Refusals> {
    let failed = || Refusal::new(Pointer::root(), "the public surface", "its thread failed").into();
    handle.and_then(|handle| handle.join().ok()).unwrap_or_else(|| Err(failed()))
}

/// The model of a document, as the generator emits it.
fn model(
    document: &Document,
    options: &GenerateOptions,
    names: &BTreeMap<String, String>,
) -> Result<ClientModel, Refusals> {
    let mut model = lower_with(document, names, &options.received)?.model;
    // The warnings are those of the generator.
    let _ = client_methods::reserve(&options.client_methods, &mut model);
    model.mark_secret(&options.secrets);
    paging::set(&options.paging, &mut model)?;
    let enabled = options.enabled_features.as_ref();
    let _ = selection::select_items(&mut model, &|operation| options.includes(operation, enabled));
    Ok(model)
}

/// Reads the surface from the items that the emitters make of a model.
fn read(model: &ClientModel, options: &GenerateOptions) -> Result<Surface, Refusals> {
    let file = emit::public_items(model, &Target::new(options)?)?;
    let available = HelperSelection::new(&options.helpers, model).available;
    let helpers = available.into_iter().map(|one| (one.helper.clone(), one)).collect();
    let surface = Reader::new(Origins::new(model)).read(&file);
    Ok(Surface { helpers, names: model.published_names(), ..surface })
}
