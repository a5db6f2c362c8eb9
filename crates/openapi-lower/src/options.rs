//! The part of the configuration that affects the generated code.

use std::collections::{BTreeMap, BTreeSet};

use crate::{helpers::Helpers, notes::Note, paging::PagingEntry};

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
    /// Whether refused operations are skipped.
    pub(crate) skip_refused: bool,
}
