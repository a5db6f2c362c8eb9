//! What generation depends on beside the document.

use std::collections::{BTreeMap, BTreeSet};

use crate::helpers::Helpers;

/// What [`Config`](crate::Config) says of the code that is generated.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    /// The path of the runtime's crate.
    pub(crate) runtime: String,
    /// The path of the type that has the operations, if that is the user's.
    pub(crate) client: Option<String>,
    /// Rust names that stay as they are, by the names of their schemas.
    pub(crate) names: BTreeMap<String, String>,
    /// The URLs of pages about operations, by operationId.
    pub(crate) pages: BTreeMap<String, String>,
    /// Secrets, as `Schema.property`.
    pub(crate) secrets: BTreeSet<String>,
    /// The helpers beside the generated code.
    pub(crate) helpers: Helpers,
    /// Whether operations that are refused are left out.
    pub(crate) skip_refused: bool,
}
