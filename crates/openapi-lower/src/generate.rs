//! From a document to the code of its client.

use openapi_document::{Document, Refusals};

use crate::{
    emit,
    lower::{Warning, lower},
    options::Options,
    progenitor,
    skip::{self, LeftOut},
};

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
    /// The operations that it doesn't have, with [`Config::skip_refused`](crate::Config::skip_refused).
    pub left_out: Vec<LeftOut>,
}

/// Lowers a document and generates its client.
pub(crate) fn generate(document: &Document, options: &Options) -> Result<Generated, Refusals> {
    if !options.skip_refused {
        return whole(document, options);
    }
    let (generated, left_out) = skip::refused(document, |document| whole(document, options))?;
    Ok(Generated { left_out, ..generated })
}

fn whole(document: &Document, options: &Options) -> Result<Generated, Refusals> {
    let mut lowered = lower(document, &options.names)?;
    for operation in &mut lowered.kept.operations {
        operation.page =
            operation.page.take().or_else(|| options.pages.get(&operation.id).cloned());
    }
    lowered.kept.hide(&options.secrets);
    let target = emit::Target::new(options)?;
    let code = progenitor::generate(&lowered, |core| emit::emit(&lowered.kept, core, &target))?;
    let operations = lowered.kept.operations.into_iter().map(|operation| operation.id).collect();
    Ok(Generated { code, operations, warnings: lowered.warnings, left_out: Vec::new() })
}
