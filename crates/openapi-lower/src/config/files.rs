//! The configuration that is read from TOML files.

use std::{collections::BTreeMap, fmt, fs, path::Path};

use serde::de::DeserializeOwned;

use super::{Config, ConfigError};
use crate::{helpers, notes::Notes, paging::PagingEntry};

/// Options in files, each of which [`compile`](Self::compile) lets Cargo watch.
impl Config {
    /// Reads [`client_methods`](Self::client_methods) from a TOML file with lines of
    /// `method = "description"`.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or has another format.
    pub fn client_methods_file(mut self, path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let methods: BTreeMap<String, String> = self.read_toml(path.as_ref())?;
        Ok(self.client_methods(methods.into_keys()))
    }

    /// Reads [`names`](Self::names) from a TOML file with lines of `"Schema" = "RustName"`.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or has another format.
    pub fn names_file(mut self, path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let names: BTreeMap<String, String> = self.read_toml(path.as_ref())?;
        Ok(self.names(names))
    }

    /// Reads [`pages`](Self::pages) from a TOML file with lines of `operationId = "URL"`.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or has another format.
    pub fn pages_file(mut self, path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let pages: BTreeMap<String, String> = self.read_toml(path.as_ref())?;
        Ok(self.pages(pages))
    }

    /// Reads [`paging`](Self::paging) from a TOML file. [`PagingEntry`] describes the keys.
    ///
    /// ```toml
    /// [ordersList]
    /// items = "data.orders"           # the array in the response
    /// cursor = "meta.next"            # the token of the next page …
    /// parameter = "after"             # … and its parameter
    ///
    /// [ordersSearch]                  # a POST that is safe to repeat
    /// items = "hits"
    /// offset = "body.from"
    /// ```
    ///
    /// # Errors
    ///
    /// If the file can't be read, or has another format.
    pub fn paging_file(mut self, path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let paging: BTreeMap<String, PagingEntry> = self.read_toml(path.as_ref())?;
        Ok(self.paging(paging))
    }

    /// Reads [`successors`](Self::successors) from a TOML file with lines of
    /// `deprecated = "successor"`.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or has another format.
    pub fn successors_file(mut self, path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let successors: BTreeMap<String, String> = self.read_toml(path.as_ref())?;
        Ok(self.successors(successors))
    }

    /// Reads notes on properties from a TOML file, for the documentation of their fields: changes
    /// of meaning, which types can't show.
    ///
    /// ```toml
    /// [[notes]]
    /// property = "Order.total"         # the schema and the property
    /// with = "Order.currency"          # optional: only for documents that have this one, too
    /// text = "In the currency of the order; before, in euros."
    /// ```
    ///
    /// # Errors
    ///
    /// If the file can't be read, or has another format.
    pub fn notes_file(mut self, path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let read: Notes = self.read_toml(path.as_ref())?;
        self.options.notes.extend(read.notes);
        Ok(self)
    }

    /// Reads [`secrets`](Self::secrets) from a TOML file with lines of
    /// `"Schema.property" = "reason"`.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or has another format.
    pub fn secrets_file(mut self, path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let secrets: BTreeMap<String, String> = self.read_toml(path.as_ref())?;
        Ok(self.secrets(secrets.into_keys()))
    }

    /// Reads the requirements of helpers from a TOML file.
    ///
    /// A helper is hand-written code on top of the client that should compile for several versions
    /// of a document. Its requirements are operations with their setters, and types with their
    /// fields or variants:
    ///
    /// ```toml
    /// [messages]
    /// operations.UserMessagesAdd = ["execution_id", "body"]
    /// types.AddText = []
    /// ```
    ///
    /// [`compile`](Self::compile) sets `cfg(helper = "messages")` if the client meets them, and
    /// prints a warning if it doesn't, unless the helper is `optional = true`.
    ///
    /// A helper that can do its work over different operations has alternatives, in order of
    /// preference:
    ///
    /// ```toml
    /// [run]
    /// operations.ExecutionGet = ["execution_id"]
    ///
    /// [[run.alternatives]]
    /// name = "workflow"
    /// operations.WorkflowExecute = ["workflow_id", "body"]
    ///
    /// [[run.alternatives]]
    /// name = "agent"
    /// operations.AgentExecute = ["agent_id", "body"]
    /// ```
    ///
    /// It is available if the client meets its own requirements and those of one alternative. The
    /// first alternative without a deprecated operation is chosen, or else the first one, and
    /// `cfg(helper = "run.workflow")` is set besides `cfg(helper = "run")`. An alternative may have
    /// a `note` for those to whom a change to it is reported.
    ///
    /// Helpers call operations by functions of the module `helper_operations` of the generated
    /// code, which take the client: `helper_operations::agent_execute(&client)`. Other than the
    /// methods of the client, these are never marked as deprecated. They are `pub(crate)`.
    ///
    /// Several files can be read; a helper of a later one replaces one of the same name.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or has another format.
    pub fn helpers_file(mut self, path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let path = path.as_ref();
        let read = self.read_toml(path)?;
        helpers::check_names(&read)
            .map_err(|error| ConfigError::with_path(&path.display(), &error))?;
        self.options.helpers.extend(read);
        Ok(self)
    }

    /// Reads [`received`](Self::received) from a TOML file with lines of `operationId = "reason"`.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or has another format.
    pub fn received_file(mut self, path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let operations: BTreeMap<String, String> = self.read_toml(path.as_ref())?;
        Ok(self.received(operations.into_keys()))
    }

    /// Reads Cargo features by which users of your crate choose operations, from a TOML file:
    ///
    /// ```toml
    /// [tags]                    # the feature of each tag of the document
    /// Orders = "orders"
    /// "Order Items" = "order-items"
    ///
    /// [operations]              # further features of an operation, by `operationId`
    /// OrderItemAdd = ["orders"] # such as that of a tag that it had before
    /// ```
    ///
    /// `Cargo.toml` has these features, and `all-operations` and `deprecated`, which should be
    /// default features. [`compile`](Self::compile) generates the operations of the features that
    /// Cargo builds the crate with, see [`Features::includes`](crate::Features::includes).
    /// Operations without a tag, or with a tag that has no feature, are always generated.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or has another format.
    pub fn features_file(mut self, path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        self.options.features = self.read_toml(path.as_ref())?;
        Ok(self)
    }

    /// Reads a TOML file, such as one with a table.
    fn read_toml<T: DeserializeOwned>(&mut self, path: &Path) -> Result<T, ConfigError> {
        let failed = |error: &dyn fmt::Display| ConfigError::with_path(&path.display(), error);
        let text = fs::read_to_string(path).map_err(|error| failed(&error))?;
        let read = basic_toml::from_str(&text).map_err(|error| failed(&error))?;
        self.input_files.push(path.to_owned());
        Ok(read)
    }
}
