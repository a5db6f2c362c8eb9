//! The vendored documents: that of the API, and further ones by name.
//!
//! A further document `NAME` has a table `[documents.NAME]` in `spec/source.toml`, and its files
//! are `spec/NAME.yaml`, `spec/NAME-names.toml` and `spec/NAME-helpers.toml`. The feature `NAME` of
//! the crate needs it.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use openapi_lower::Config;
use toml_edit::{DocumentMut, Item};

use crate::files::Repository;

/// The name of the API's document.
pub(crate) const API: &str = "api";

/// The table of further documents in `spec/source.toml`.
pub(crate) const TABLE: &str = "documents";

/// A vendored document of a working copy.
#[derive(Clone, Debug)]
pub(crate) struct VendoredDocument {
    repository: Repository,
    name: String,
}

impl VendoredDocument {
    /// The API's document.
    pub(crate) fn api(repository: &Repository) -> Self {
        Self { repository: repository.clone(), name: API.to_owned() }
    }

    /// All documents, that of the API first.
    pub(crate) fn all(repository: &Repository) -> Result<Vec<Self>> {
        let path = repository.source();
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let source: DocumentMut = text.parse().with_context(|| path.display().to_string())?;
        let mut documents = vec![Self::api(repository)];
        let further = source.get(TABLE).and_then(Item::as_table_like);
        for (name, _) in further.into_iter().flat_map(|table| table.iter()) {
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if name == API || name.is_empty() || !name.chars().all(is_plain) {
                bail!("{}: `{name}` can't be the name of a document", path.display());
            }
            documents.push(Self { repository: repository.clone(), name: name.to_owned() });
        }
        Ok(documents)
    }

    /// The document with this name, if there is one.
    pub(crate) fn find(repository: &Repository, name: &str) -> Result<Option<Self>> {
        Ok(Self::all(repository)?.into_iter().find(|document| document.name == name))
    }

    /// The working copy.
    pub(crate) fn repository(&self) -> &Repository {
        &self.repository
    }

    /// The same document of another working copy.
    pub(crate) fn with_repository(&self, repository: Repository) -> Self {
        Self { repository, name: self.name.clone() }
    }

    /// The name.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is the API's.
    pub(crate) fn is_api(&self) -> bool {
        self.name == API
    }

    /// The path of the file.
    pub(crate) fn path(&self) -> PathBuf {
        match self.is_api() {
            true => self.repository.document(),
            false => self.file(".yaml"),
        }
    }

    /// The path of the published Rust names.
    pub(crate) fn names(&self) -> PathBuf {
        match self.is_api() {
            true => self.repository.names(),
            false => self.file("-names.toml"),
        }
    }

    /// The generator settings of build.rs for this document, or another one in its place.
    pub(crate) fn config(&self, document: impl AsRef<Path>) -> Result<Config> {
        if self.is_api() {
            return self.repository.config(document.as_ref());
        }
        let mut config = Config::new(document.as_ref());
        if self.names().exists() {
            config = config.names_file(self.names())?;
        }
        let helpers = self.file("-helpers.toml");
        if helpers.exists() {
            config = config.helpers_file(helpers)?;
        }
        let received = self.repository.received();
        if received.exists() {
            config = config.received_file(received)?;
        }
        Ok(config)
    }

    /// The path of a file whose name begins with that of the document.
    fn file(&self, suffix: &str) -> PathBuf {
        self.repository.spec(&format!("{}{suffix}", self.name))
    }
}

/// The path of the file below the root, for messages.
impl fmt::Display for VendoredDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        let path = path.strip_prefix(self.repository.root()).unwrap_or(&path);
        f.write_str(&path.display().to_string().replace('\\', "/"))
    }
}
