//! `spec/source.toml`: where the document came from, and whether it is that one still.

use std::fs;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use toml_edit::{DocumentMut, Item};

use crate::files::{self, Repository};

const HEAD: &str =
    "# Where spec/openapi.yaml came from. `cargo xtask sync-spec` updates this file.\n";

/// How a document was obtained that nobody served: put together from what is known of it.
const RECONSTRUCTED: &str = "reconstructed";

/// Where the document came from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Source {
    /// Where upstream serves it.
    pub(crate) url: String,
    /// The index of the documentation site.
    pub(crate) docs: String,
    /// `info.title`: what tells this API's document from others.
    pub(crate) title: String,
    /// The version that upstream's package or document says.
    pub(crate) version: String,
    /// Of the file's bytes, in hexadecimal digits.
    pub(crate) sha256: String,
    /// The day it was obtained, in UTC.
    pub(crate) date: String,
    /// `served` by the URL, `reconstructed`, or another file's name.
    pub(crate) obtained: String,
    /// What the server calls this version of the file (RFC 9110, section 8.8.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) etag: Option<String>,
    /// When the server says it changed (RFC 9110, section 8.8.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_modified: Option<String>,
    /// What else is to be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
}

impl Source {
    pub(crate) fn read(repository: &Repository) -> Result<Self> {
        let path = repository.source();
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        basic_toml::from_str(&text).with_context(|| path.display().to_string())
    }

    /// Updates the file. Comments, and the form of values that stay, are kept.
    pub(crate) fn write(&self, repository: &Repository) -> Result<()> {
        let path = repository.source();
        let text = fs::read_to_string(&path).unwrap_or_else(|_| HEAD.to_owned());
        files::replace(&path, self.updated(&text)?.as_bytes())
    }

    /// Whether a local file of this version is a correction of the same reconstruction: nobody
    /// served it, so that what is noted of the document still holds.
    pub(crate) fn is_reconstruction_of(&self, version: &str) -> bool {
        self.obtained == RECONSTRUCTED && self.version == version
    }

    /// Whether `other`, of the same document, says more of how it is served.
    pub(crate) fn metadata_changed(&self, other: &Self) -> bool {
        let said = |source: &Self| {
            (source.obtained.clone(), source.etag.clone(), source.last_modified.clone())
        };
        said(self) != said(other)
    }

    /// The file's text with these values.
    fn updated(&self, text: &str) -> Result<String> {
        let mut file: DocumentMut = text.parse()?;
        let values = basic_toml::to_string(self)?.parse::<DocumentMut>()?;
        file.retain(|key, _| values.contains_key(key));
        for (key, value) in values.iter() {
            let is_same = file.get(key).and_then(Item::as_str) == value.as_str();
            if !is_same {
                file.insert(key, value.clone());
            }
        }
        Ok(file.to_string())
    }
}

/// The SHA-256 of a file.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is to be said if the document isn't the one that `source.toml` records: every command says
/// it, since an update that was interrupted looks like any other document.
pub fn mismatch(repository: &Repository) -> Option<String> {
    let source = Source::read(repository).ok()?;
    let document = fs::read(repository.document()).ok()?;
    (sha256(&document) != source.sha256).then(|| {
        "spec/openapi.yaml isn't the document that spec/source.toml records: an update was \
         interrupted, or the file was edited. `cargo xtask sync-spec --from spec/openapi.yaml` \
         finishes it"
            .to_owned()
    })
}
