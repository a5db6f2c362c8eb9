//! The public surface of a generated client, as data: what source code that uses it can name.
//!
//! It is read from the items that the emitters make of the document's model, without progenitor:
//! the private core has no part in it. So a document that progenitor refuses has a surface too, and
//! nothing here is a second model of the generator.

mod origins;
mod reader;
mod text;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, thread,
};

use openapi_document::{Document, Pointer, Refusal, Refusals};

use self::{origins::Origins, reader::Reader};
use crate::{
    client_methods,
    emit::{self, Target},
    helpers,
    ir::ClientModel,
    lower::lower,
    options::GenerateOptions,
};

/// The public surface of a client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Surface {
    /// The types by their paths: `types::Thing`, `operations::ThingList`, and `Client` unless it is
    /// the user's.
    pub types: BTreeMap<String, TypeItem>,
    /// The methods of the client that return the builders, by name.
    pub methods: BTreeMap<String, Function>,
    /// The helpers whose requirements the client meets.
    pub helpers: BTreeSet<String>,
    /// The names of types and variants by their published keys
    /// ([`ClientModel::published_names`](crate::ir::ClientModel::published_names)).
    pub names: BTreeMap<String, String>,
}

/// A public type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TypeItem {
    /// The place in the document.
    pub origin: Origin,
    /// `struct` or `enum`, with its type parameters.
    pub kind: String,
    /// Whether it has the attribute `non_exhaustive`.
    pub non_exhaustive: bool,
    /// Whether it is marked as deprecated.
    pub deprecated: bool,
    /// The public fields of a struct, or the variants of an enum, by name.
    pub members: BTreeMap<String, Member>,
    /// The public functions by name: constructors, setters, `send` …
    pub functions: BTreeMap<String, Function>,
    /// The implemented traits, derived ones included, with their arguments and associated types:
    /// `Clone`, `From<types::Cat>`, `Paged<Item=types::Pet>`.
    pub traits: BTreeSet<String>,
}

/// A field or a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Member {
    /// The place in the document.
    pub origin: Origin,
    /// The type of a field, or those of a variant in parentheses; empty for a variant without any.
    pub ty: String,
    /// Whether it is marked as deprecated.
    pub deprecated: bool,
}

/// A public function.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Function {
    /// The place in the document.
    pub origin: Origin,
    /// The receiver: `self`, `&self`, or empty.
    pub receiver: String,
    /// The arguments: name and type.
    pub arguments: Vec<(String, String)>,
    /// The returned type; that of the future if the function is asynchronous. Empty for `()`.
    pub returns: String,
    /// Whether the function is asynchronous.
    pub is_async: bool,
    /// Whether it is marked as deprecated.
    pub deprecated: bool,
}

impl fmt::Display for Function {
    /// Writes the signature without the name: `(self, value: impl Into<String>) -> Self`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let receiver = Some(self.receiver.clone()).filter(|receiver| !receiver.is_empty());
        let arguments = self.arguments.iter().map(|(name, ty)| format!("{name}: {ty}"));
        let inputs: Vec<String> = receiver.into_iter().chain(arguments).collect();
        write!(f, "({})", inputs.join(", "))?;
        match self.returns.as_str() {
            "" => Ok(()),
            returns => write!(f, " -> {returns}"),
        }
    }
}

/// The place in the document that an item stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origin {
    /// The pointer to the schema of a type, or to the operation of a builder.
    pub pointer: Pointer,
    /// The name of the property, parameter or part, or the value of the variant.
    pub name: Option<String>,
}

/// The stack size in bytes of the threads that emit: types may be nested.
const STACK: usize = 64 << 20;

/// Reads the surface of the client of a document.
pub(crate) fn surface(document: &Document, options: &GenerateOptions) -> Result<Surface, Refusals> {
    let model = model(document, options, &options.names)?;
    thread::scope(|scope| join(spawn(scope, || read(&model, options))))
}

/// Reads the surfaces of the clients of two versions of a document, of which the first is
/// published.
pub(crate) fn surfaces(
    (old, new): (&Document, &Document),
    options: &GenerateOptions,
) -> Result<(Surface, Surface), SurfaceError> {
    let old_model = model(old, options, &options.names).map_err(SurfaceError::Old)?;
    thread::scope(|scope| {
        let old = spawn(scope, || read(&old_model, options));
        let mut names = options.names.clone();
        names.extend(old_model.published_names());
        let new = model(new, options, &names)
            .and_then(|model| thread::scope(|scope| join(spawn(scope, || read(&model, options)))));
        let old = join(old).map_err(SurfaceError::Old)?;
        Ok((old, new.map_err(SurfaceError::New)?))
    })
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
    let mut model = lower(document, names)?.model;
    // The warnings are those of the generator.
    let _ = client_methods::reserve(&options.client_methods, &mut model);
    model.mark_secret(&options.secrets);
    Ok(model)
}

/// Reads the surface from the items that the emitters make of a model.
fn read(model: &ClientModel, options: &GenerateOptions) -> Result<Surface, Refusals> {
    let file = emit::public_items(model, &Target::new(options)?)?;
    let unavailable = helpers::unavailable(&options.helpers, model);
    let is_available = |name: &&String| !unavailable.iter().any(|one| one.helper == **name);
    let helpers = options.helpers.keys().filter(is_available).cloned().collect();
    let surface = Reader::new(Origins::new(model)).read(&file);
    Ok(Surface { helpers, names: model.published_names(), ..surface })
}
