#![doc = include_str!("../README.md")]

mod core;
mod document;
mod emit;
pub mod kept;
mod limits;
mod lower;
mod markdown;
mod pointer;
mod read;
mod refusal;
mod skip;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

pub use self::{
    document::{Document, ParseError},
    lower::{Lowered, Warning, lower, to_openapi_30},
    pointer::Pointer,
    refusal::{Refusal, Refusals},
    skip::LeftOut,
};

/// How code is generated.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The path of the module that generated code calls, seen from where that code stands.
    pub runtime: String,
    /// Names that stay as they are: the schema's name in the document, and its Rust type's.
    pub names: BTreeMap<String, String>,
    /// The URLs of pages about operations, by operationId, for those without `externalDocs`.
    pub pages: BTreeMap<String, String>,
    /// Properties whose values are secrets though neither the document nor their names say so, as
    /// `Schema.property`: `Debug` doesn't show them. What the document doesn't have is passed over.
    pub secrets: BTreeSet<String>,
    /// Whether operations that are refused are left out by name, and the rest generated.
    pub skip_refused: bool,
}

impl Options {
    /// Options for a runtime at this path, `crate::runtime` for example.
    pub fn new(runtime: impl Into<String>) -> Self {
        Self {
            runtime: runtime.into(),
            names: BTreeMap::new(),
            pages: BTreeMap::new(),
            secrets: BTreeSet::new(),
            skip_refused: false,
        }
    }
}

/// Generated code and what was found out on the way.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Generated {
    /// The Rust source, formatted.
    pub code: String,
    /// The `operationId` of each operation that it has, in the order of the document.
    pub operations: Vec<String>,
    /// Readings that the document's author may not have meant.
    pub warnings: Vec<Warning>,
    /// The operations that it doesn't have, with [`Options::skip_refused`].
    pub left_out: Vec<LeftOut>,
}

/// Lowers a document and generates its client.
///
/// # Errors
///
/// All that can't be lowered without losing what it means, each with its JSON pointer. Never a
/// panic: those of the generator become refusals.
pub fn generate(document: &Document, options: &Options) -> Result<Generated, Refusals> {
    if options.skip_refused {
        skip::generate(document, options)
    } else {
        generate_whole(document, options)
    }
}

fn generate_whole(document: &Document, options: &Options) -> Result<Generated, Refusals> {
    let mut lowered = lower(document, &options.names)?;
    for operation in &mut lowered.kept.operations {
        operation.page =
            operation.page.take().or_else(|| options.pages.get(&operation.id).cloned());
    }
    lowered.kept.hide(&options.secrets);
    let runtime = &options.runtime;
    let code = core::generate(&lowered, &emit::capture(runtime), |core| {
        emit::emit(&lowered.kept, core, runtime)
    })?;
    let operations = lowered.kept.operations.into_iter().map(|operation| operation.id).collect();
    Ok(Generated { code, operations, warnings: lowered.warnings, left_out: Vec::new() })
}
