//! The part of the configuration that affects the generated code.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    features::Features, helpers::Helpers, ir::Operation, notes::Note, paging::PagingEntry,
    selection::OperationFilter,
};

/// The settings of [`Config`](crate::Config) that affect the generated code.
#[derive(Clone, Debug, Default)]
pub(crate) struct GenerateOptions {
    /// The path of the runtime crate in generated code.
    pub(crate) runtime: String,
    /// The path of the user's client type; `None` to generate one.
    pub(crate) client: Option<String>,
    /// The published Rust names of types and variants, by their keys.
    pub(crate) names: BTreeMap<String, String>,
    /// The URLs of documentation pages, by `operationId`.
    pub(crate) pages: BTreeMap<String, String>,
    /// The paging of operations, by `operationId`.
    pub(crate) paging: BTreeMap<String, PagingEntry>,
    /// The successors of deprecated operations, by `operationId`.
    pub(crate) successors: BTreeMap<String, String>,
    /// Notes on properties.
    pub(crate) notes: Vec<Note>,
    /// Properties that `Debug` redacts, as `Schema.property`.
    pub(crate) secrets: BTreeSet<String>,
    /// The methods of the user's client type, which no operation may have.
    pub(crate) client_methods: BTreeSet<String>,
    /// The helpers and their requirements.
    pub(crate) helpers: Helpers,
    /// The ids of operations that the API sends and the user of the client receives.
    pub(crate) received: BTreeSet<String>,
    /// The Cargo features by which operations are chosen.
    pub(crate) features: Features,
    /// The features that are enabled; `None` to choose all operations.
    pub(crate) enabled_features: Option<BTreeSet<String>>,
    /// The conditions that operations meet to be generated.
    pub(crate) filters: Vec<OperationFilter>,
    /// Whether refused operations are skipped.
    pub(crate) skip_refused: bool,
}

impl GenerateOptions {
    /// Whether an operation is generated with the `enabled` features; without a choice, each is.
    pub(crate) fn includes(
        &self,
        operation: &Operation,
        enabled: Option<&BTreeSet<String>>,
    ) -> bool {
        let by_features = enabled.is_none_or(|enabled| {
            self.features.includes(operation, |feature| enabled.contains(feature))
        });
        by_features && self.filters.iter().all(|filter| filter.includes(operation))
    }
}
