//! From a document to the code of its client.

use openapi_document::{Document, Refusals};

use crate::{
    emit,
    helpers::{self, Lacking},
    ir::{BodyContent, ClientModel, ParameterEncoding},
    lower::{Warning, lower},
    options::Options,
    progenitor,
    skip::{self, SkippedOperation},
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
    /// The helpers of [`Config::helpers_file`](crate::Config::helpers_file) that can't be had.
    pub lacking: Vec<Lacking>,
    /// How much of the requests progenitor's code writes.
    pub requests: RequestParts,
    /// The operations that it doesn't have, with [`Config::skip_refused`](crate::Config::skip_refused).
    pub left_out: Vec<SkippedOperation>,
}

/// Parts of requests (query parameters, headers and JSON bodies), by who writes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestParts {
    /// Those that progenitor's code writes: all that OpenAPI 3.0 and progenitor can say.
    pub by_progenitor: usize,
    /// Those that are written beside it: other styles, parameters as JSON, bodies that may be left
    /// out.
    pub beside: usize,
}

impl RequestParts {
    fn count(model: &ClientModel) -> Self {
        let mut parts = Self::default();
        for operation in &model.operations {
            let parameters = operation.parameters.iter().filter_map(|one| match one.encoding {
                // Those are written from the template, whoever is asked.
                ParameterEncoding::Path | ParameterEncoding::Cookie => None,
                ParameterEncoding::Query | ParameterEncoding::Header => Some(true),
                ParameterEncoding::Delimited(_)
                | ParameterEncoding::Repeated
                | ParameterEncoding::Object(_)
                | ParameterEncoding::Json => Some(false),
            });
            let body = operation.body.iter().filter_map(|body| match body.content {
                BodyContent::Core(_) => Some(true),
                BodyContent::Json(_) => Some(false),
                _ => None,
            });
            for by_progenitor in parameters.chain(body) {
                match by_progenitor {
                    true => parts.by_progenitor += 1,
                    false => parts.beside += 1,
                }
            }
        }
        parts
    }
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
    let target = emit::Target::new(options)?;
    let mut lowered = lower(document, &options.names)?;
    for operation in &mut lowered.model.operations {
        operation.docs_url =
            operation.docs_url.take().or_else(|| options.pages.get(&operation.id).cloned());
    }
    lowered.model.mark_secret(&options.secrets);
    let code = progenitor::generate(&lowered, |core| emit::emit(&lowered.model, core, &target))?;
    let requests = RequestParts::count(&lowered.model);
    let lacking = helpers::lacking(&options.helpers, &lowered.model);
    let operations = lowered.model.operations.into_iter().map(|operation| operation.id).collect();
    let (warnings, left_out) = (lowered.warnings, Vec::new());
    Ok(Generated { code, operations, warnings, lacking, requests, left_out })
}
