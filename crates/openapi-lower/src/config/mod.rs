//! The configuration of the generator.

mod build_script;
mod error;
mod files;
mod generation;

use std::{collections::BTreeSet, path::PathBuf};

use openapi_document::Document;

pub use self::error::ConfigError;
use crate::{
    collect::Collect, features::Features, ir::Operation, notes::Note, options::GenerateOptions,
    paging::PagingEntry, selection::OperationFilter,
};

/// The configuration of the generator: the document, the output file and the options of the code.
///
/// In a build script, generate the client of a document with [`compile`](Self::compile):
///
/// ```no_run
/// // build.rs
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     openapi_lower::Config::new("openapi.yaml").compile()
/// }
/// ```
///
/// and include it in `src/lib.rs` or any module:
///
/// ```ignore
/// include!(concat!(env!("OUT_DIR"), "/client.rs")); // defines `Client`, `types`, `operations`
/// ```
///
/// The crate needs `openapi-lower` as a build dependency and `openapi-lower-runtime` as a
/// dependency.
///
/// Outside of build scripts, [`generate`](Self::generate) returns the code. For several clients in
/// one crate, set a different [`file_name`](Self::file_name) for each and include them in different
/// modules.
#[derive(Clone, Debug)]
#[must_use = "a `Config` does nothing until `compile` or `generate` is called"]
pub struct Config {
    document: PathBuf,
    out_dir: Option<PathBuf>,
    file_name: PathBuf,
    options: GenerateOptions,
    warnings: Warnings,
    /// The configuration files that were read, for Cargo to watch.
    input_files: Vec<PathBuf>,
}

/// The treatment of warnings.
///
/// A warning reports a construct that was lowered in a way its author may not have intended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warnings {
    /// Print warnings. Cargo shows those of build scripts for crates in the workspace only.
    #[default]
    Print,
    /// Fail on warnings and on skipped operations.
    Deny,
    /// Ignore warnings. Skipped operations are still reported.
    Ignore,
}

impl Config {
    /// Creates the configuration for a document: a YAML or JSON file with OpenAPI 3.0, 3.1 or 3.2.
    ///
    /// Relative paths are resolved against the current directory, which in build scripts is that of
    /// `Cargo.toml`. By default, the code is written to `client.rs` in Cargo's `OUT_DIR` and
    /// defines a type `Client`.
    pub fn new(document: impl Into<PathBuf>) -> Self {
        Self {
            document: document.into(),
            out_dir: None,
            file_name: "client.rs".into(),
            options: GenerateOptions {
                runtime: "::openapi_lower_runtime".to_owned(),
                ..GenerateOptions::default()
            },
            warnings: Warnings::default(),
            input_files: Vec::new(),
        }
    }

    /// Adds the methods of the operations to a type of yours instead of a generated `Client`.
    /// `path` must resolve from anywhere in your crate: `crate::Client`.
    ///
    /// The type is a newtype around the runtime's client, with two functions that generated code
    /// calls: `from_runtime` and `runtime`. Both may be `pub(crate)`:
    ///
    /// ```ignore
    /// #[derive(Clone, Debug)]
    /// pub struct Client(openapi_lower_runtime::Client);
    ///
    /// impl Client {
    ///     pub fn builder() -> openapi_lower_runtime::ClientBuilder<Self> {
    ///         let user_agent = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    ///         openapi_lower_runtime::ClientBuilder::new(
    ///             generated::SERVER,
    ///             generated::AUTH,
    ///             user_agent,
    ///         )
    ///         .path_prefix(generated::PATH_PREFIX)
    ///     }
    ///
    ///     pub(crate) fn from_runtime(client: openapi_lower_runtime::Client) -> Self {
    ///         Self(client)
    ///     }
    ///
    ///     pub(crate) fn runtime(&self) -> &openapi_lower_runtime::Client {
    ///         &self.0
    ///     }
    /// }
    ///
    /// mod generated {
    ///     include!(concat!(env!("OUT_DIR"), "/client.rs"));
    /// }
    /// pub use generated::{operations, types};
    /// ```
    ///
    /// The other methods of a generated `Client` (`new`, `base_url`, `with_options`, `request`,
    /// `download`) are optional: the runtime's client has a method for each. Further methods belong
    /// into [`client_methods`](Self::client_methods).
    pub fn client(mut self, path: impl Into<String>) -> Self {
        self.options.client = Some(path.into());
        self
    }

    /// Adds methods that the client type has beside those of the operations. An operation of such a
    /// name gets another one (`run2`), with a warning; without this, two methods of one name are a
    /// compile error.
    pub fn client_methods(mut self, methods: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.options.client_methods.extend(methods.into_iter().map(Into::into));
        self
    }

    /// Sets the path of `openapi-lower-runtime` in generated code, `::openapi_lower_runtime` by
    /// default. A crate that re-exports the runtime can set `crate::runtime`.
    pub fn runtime(mut self, path: impl Into<String>) -> Self {
        self.options.runtime = path.into();
        self
    }

    /// Sets the Rust names of types and variants, by their keys.
    ///
    /// Names are otherwise derived from the document, and may change when schemas are added. The
    /// key of a type is the name of its schema;
    /// [`ClientModel::published_names`](crate::ir::ClientModel::published_names) returns the names
    /// of a whole client, those of inline types and variants included.
    pub fn names(mut self, names: impl IntoIterator<Item = (String, String)>) -> Self {
        self.options.names.extend(names);
        self
    }

    /// Sets the URLs of documentation pages by `operationId`, for operations without
    /// `externalDocs`.
    pub fn pages(mut self, pages: impl IntoIterator<Item = (String, String)>) -> Self {
        self.options.pages.extend(pages);
        self
    }

    /// Sets the paging of operations, by `operationId`, where the document can't say it: their
    /// builders have `pages()` and `stream()`. What the document says is recognized anyway, by the
    /// rules of [`ir::Paging`](crate::ir::Paging).
    ///
    /// An entry that doesn't fit the document is an error.
    pub fn paging(mut self, paging: impl IntoIterator<Item = (String, PagingEntry)>) -> Self {
        self.options.paging.extend(paging);
        self
    }

    /// Sets the operations to call instead of deprecated ones, by `operationId`.
    ///
    /// The methods of deprecated operations are then marked with
    /// ``#[deprecated(note = "use `…`")]``, and their documentation links to the successor. Entries
    /// for operations that the document doesn't deprecate are ignored.
    pub fn successors(mut self, successors: impl IntoIterator<Item = (String, String)>) -> Self {
        self.options.successors.extend(successors);
        self
    }

    /// Returns the `operationId` of the operation to call instead of a deprecated one: that of
    /// [`successors`](Self::successors), whatever a document has.
    pub fn successor(&self, operation: &str) -> Option<&str> {
        self.options.successors.get(operation).map(String::as_str)
    }

    /// Returns the notes of [`notes_file`](Self::notes_file) that apply to a document.
    pub fn notes(&self, document: &Document) -> Vec<&Note> {
        let notes = self.options.notes.iter();
        notes.filter(|note| note.applies_to(document.root())).collect_vec()
    }

    /// Sets further properties that `Debug` redacts, as `Schema.property`.
    ///
    /// Properties with `format: password` or `writeOnly`, and those with names like `apiKey`, are
    /// redacted anyway. Properties that the document doesn't have are ignored.
    pub fn secrets(mut self, secrets: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.options.secrets.extend(secrets.into_iter().map(Into::into));
        self
    }

    /// Sets the operations of `paths` that the API sends to an endpoint of yours, by `operationId`:
    /// documents may describe their webhooks in this way, since OpenAPI 3.0 has no others.
    ///
    /// They are generated like `webhooks`, under their `operationId`, and not as methods of the
    /// client. A document without other operations has no client.
    pub fn received(mut self, operations: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.options.received.extend(operations.into_iter().map(Into::into));
        self
    }

    /// Returns the operations of [`received`](Self::received).
    pub fn received_operations(&self) -> &BTreeSet<String> {
        &self.options.received
    }

    /// Sets a condition that operations meet to be generated, with the types that they reach. With
    /// several, all hold.
    ///
    /// ```no_run
    /// // build.rs
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// openapi_lower::Config::new("openapi.yaml")
    ///     .operations(|operation| operation.path.starts_with("/orders"))
    ///     .compile()
    /// # }
    /// ```
    ///
    /// Names, and the types of fields, are those of the whole document: a client of fewer
    /// operations has a part of the items of all. Helpers that call other operations aren't
    /// available.
    pub fn operations(
        mut self,
        is_chosen: impl Fn(&Operation) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.options.filters.push(OperationFilter::new(is_chosen));
        self
    }

    /// Returns the features of [`features_file`](Self::features_file).
    pub fn features(&self) -> &Features {
        &self.options.features
    }

    /// Sets the features of [`features_file`](Self::features_file) to generate operations of,
    /// outside of build scripts. By default all operations are generated there.
    pub fn enabled_features(
        mut self,
        features: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.options.enabled_features = Some(features.into_iter().map(Into::into).collect());
        self
    }

    /// Sets whether refused operations are skipped and the others generated; false by default.
    ///
    /// Skipped operations are listed in [`Generated::skipped`](crate::Generated::skipped).
    pub fn skip_refused(mut self, skip: bool) -> Self {
        self.options.skip_refused = skip;
        self
    }

    /// Sets the treatment of warnings; they are printed by default.
    pub fn warnings(mut self, warnings: Warnings) -> Self {
        self.warnings = warnings;
        self
    }

    /// Sets the name of the output file, `client.rs` by default.
    pub fn file_name(mut self, name: impl Into<PathBuf>) -> Self {
        self.file_name = name.into();
        self
    }

    /// Sets the folder of the output file, Cargo's `OUT_DIR` by default.
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(folder.into());
        self
    }
}
