//! Generates the code of a client from a document.

use std::{collections::BTreeSet, path::Path};

use openapi_document::{Document, Refusals, Sources};

use crate::{
    client_methods,
    collect::Collect,
    emit,
    helpers::{AvailableHelper, HelperSelection, UnavailableHelper},
    ir::{BodyContent, ClientModel, ParameterEncoding},
    lower::{Lowered, Warning, lower_with},
    notes,
    options::GenerateOptions,
    paging,
    path_prefix::path_prefix,
    progenitor, selection,
    skip::{self, SkippedOperation},
    successors,
};

/// The generated code, with warnings and statistics.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Generated {
    /// The Rust source code, formatted.
    pub code: String,
    /// The `operationId` of each generated operation, in the order of the document.
    pub operations: Vec<String>,
    /// Constructs that were lowered in a way their author may not have intended.
    pub warnings: Vec<Warning>,
    /// The helpers of [`Config::helpers_file`](crate::Config::helpers_file) whose requirements the
    /// client meets, with the alternatives chosen.
    pub available_helpers: Vec<AvailableHelper>,
    /// The helpers whose requirements the client doesn't meet.
    pub unavailable_helpers: Vec<UnavailableHelper>,
    /// The share of progenitor's code in writing requests.
    pub requests: RequestCoverage,
    /// The operations that were skipped, with
    /// [`Config::skip_refused`](crate::Config::skip_refused).
    pub skipped: Vec<SkippedOperation>,
    /// The files of the document, if it was read from files.
    pub(crate) sources: Option<Sources>,
}

impl Generated {
    /// Returns the files that the document consists of, itself first; none if it wasn't read from a
    /// file.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let mut files: Vec<&Path> = Vec::new();
        if let Some(sources) = &self.sources {
            files.extend(sources.paths());
        }
        files.into_iter()
    }
}

/// The numbers of query parameters, headers and JSON bodies, by the code that writes them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestCoverage {
    /// Written by progenitor's code: everything that OpenAPI 3.0 and progenitor support.
    pub by_progenitor: usize,
    /// Written by the runtime: other styles, JSON parameters, optional
    /// bodies and those that are one of several representations.
    pub by_runtime: usize,
}

impl RequestCoverage {
    /// Counts the parameters and bodies of all operations.
    fn from_model(model: &ClientModel) -> Self {
        let mut coverage = Self::default();
        for operation in &model.operations {
            for parameter in &operation.parameters {
                match parameter.encoding {
                    // Always written by the runtime, paths from the template.
                    ParameterEncoding::Path(_) | ParameterEncoding::Cookie(_) => {}
                    ParameterEncoding::Query | ParameterEncoding::Header => {
                        coverage.by_progenitor += 1;
                    }
                    ParameterEncoding::QueryExpansion(_)
                    | ParameterEncoding::QueryString(_)
                    | ParameterEncoding::HeaderExpansion(_) => coverage.by_runtime += 1,
                }
            }
            for representation in operation.representations() {
                match representation.content {
                    BodyContent::Core(_) => coverage.by_progenitor += 1,
                    BodyContent::Json(_) => coverage.by_runtime += 1,
                    _ => {}
                }
            }
        }
        coverage
    }
}

/// Lowers a document and generates its client: the operations of the `enabled` features, or all.
pub(crate) fn generate(
    document: &Document,
    options: &GenerateOptions,
    enabled: Option<&BTreeSet<String>>,
) -> Result<Generated, Refusals> {
    let generated = if options.skip_refused {
        let (generated, skipped) =
            skip::skip_refused(document, |document| generate_all(document, options, enabled))?;
        Generated { skipped, ..generated }
    } else {
        generate_all(document, options, enabled)?
    };
    paging::check_operations(&options.paging, &generated.operations, document)?;
    Ok(generated)
}

/// Generates the client of all operations.
fn generate_all(
    document: &Document,
    options: &GenerateOptions,
    enabled: Option<&BTreeSet<String>>,
) -> Result<Generated, Refusals> {
    let target = emit::Target::new(options)?;
    let mut lowered = lower_with(document, &options.names, &options.received)?;
    for operation in &mut lowered.model.operations {
        operation.docs_url =
            operation.docs_url.take().or_else(|| options.pages.get(&operation.id).cloned());
    }
    lowered.model.mark_secret(&options.secrets);
    paging::set(&options.paging, &mut lowered.model)?;
    notes::add(&options.notes, document.root(), &mut lowered.model);
    lowered.warnings.extend(client_methods::reserve(&options.client_methods, &mut lowered.model));
    lowered.warnings.extend(successors::set(&options.successors, &mut lowered.model));
    let helpers = HelperSelection::new(&options.helpers, &lowered.model);
    // Of all operations, as names are.
    let path_prefix = path_prefix(&lowered.model).unwrap_or_default();
    selection::select(&mut lowered, &|operation| options.includes(operation, enabled));
    let Lowered { openapi, model, warnings } = lowered;
    let helpers = selection::select_helpers(helpers, &model);
    let code = progenitor::generate(openapi, &model, |core| {
        let helper_operations = helpers.operations();
        emit::emit(&model, core, &target, &path_prefix, &helper_operations)
    })?;
    let requests = RequestCoverage::from_model(&model);
    let operations = model.operations.into_iter().map(|operation| operation.id).collect_vec();
    let HelperSelection { available: available_helpers, unavailable: unavailable_helpers } =
        helpers;
    Ok(Generated {
        code,
        operations,
        warnings,
        available_helpers,
        unavailable_helpers,
        requests,
        skipped: Vec::new(),
        sources: None,
    })
}
