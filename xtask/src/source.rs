//! `spec/source.toml`: origins and hashes of the vendored documents.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, Result, anyhow};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use toml_edit::{DocumentMut, Item, Table};

use crate::{
    documents::{TABLE, VendoredDocument},
    files::{self, Repository},
};

/// The comment at the head of the file.
const HEADER: &str =
    "# The origin of spec/openapi.yaml. `cargo xtask sync-spec` updates this file.\n";

/// The value of `obtained` for a document that was reconstructed from published facts.
const RECONSTRUCTED: &str = "reconstructed";

/// The entry of a document in `spec/source.toml`: that of the API at the top, that of another one
/// in its table.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct SourceRecord {
    /// The URL of the document at upstream.
    pub(crate) url: String,
    /// The URL of the index of the documentation site.
    pub(crate) docs: String,
    /// `info.title`, which identifies the API.
    pub(crate) title: String,
    /// The version, of upstream's package or `info.version`.
    pub(crate) version: String,
    /// The SHA-256 of the file, in hexadecimal.
    pub(crate) sha256: String,
    /// The date of the download in UTC, `YYYY-MM-DD`.
    pub(crate) date: String,
    /// The means: `served`, `served elsewhere`, `file NAME`, `standard input`, `reconstructed`.
    pub(crate) obtained: String,
    /// The `ETag` of the response (RFC 9110, section 8.8.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) etag: Option<String>,
    /// The `Last-Modified` of the response (RFC 9110, section 8.8.2).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_modified: Option<String>,
    /// Further remarks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) note: Option<String>,
}

impl SourceRecord {
    /// Reads the entry of a document.
    pub(crate) fn read(document: &VendoredDocument) -> Result<Self> {
        #[derive(Deserialize)]
        struct Further {
            documents: BTreeMap<String, SourceRecord>,
        }
        let path = document.repository().source();
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        if document.is_api() {
            return basic_toml::from_str(&text).with_context(|| path.display().to_string());
        }
        let Further { mut documents } =
            basic_toml::from_str(&text).with_context(|| path.display().to_string())?;
        documents
            .remove(document.name())
            .ok_or_else(|| anyhow!("{}: no document `{}`", path.display(), document.name()))
    }

    /// Updates the entry of a document. Comments and unchanged values retain their formatting.
    pub(crate) fn write(&self, document: &VendoredDocument) -> Result<()> {
        let path = document.repository().source();
        let text = fs::read_to_string(&path).unwrap_or_else(|_| HEADER.to_owned());
        files::replace(&path, self.updated(&text, document)?.as_bytes())
    }

    /// Whether a local file of this version is a correction of the recorded reconstruction, to
    /// which `obtained` and `note` still apply.
    pub(crate) fn is_reconstruction_of(&self, version: &str) -> bool {
        self.obtained == RECONSTRUCTED && self.version == version
    }

    /// Whether `other`, a record of the same document, has another origin or other validators.
    pub(crate) fn metadata_changed(&self, other: &Self) -> bool {
        (&self.obtained, &self.etag, &self.last_modified)
            != (&other.obtained, &other.etag, &other.last_modified)
    }

    /// The text of the file with the values of this record.
    fn updated(&self, text: &str, document: &VendoredDocument) -> Result<String> {
        let mut file: DocumentMut = text.parse()?;
        let values = basic_toml::to_string(self)?.parse::<DocumentMut>()?;
        let entry: &mut Table = match document.is_api() {
            true => file.as_table_mut(),
            false => file
                .get_mut(TABLE)
                .and_then(|documents| documents.get_mut(document.name())?.as_table_mut())
                .ok_or_else(|| anyhow!("no table `[{TABLE}.{}]`", document.name()))?,
        };
        entry.retain(|key, item| values.contains_key(key) || item.is_table());
        for (key, value) in values.iter() {
            let is_same = entry.get(key).and_then(Item::as_str) == value.as_str();
            if !is_same {
                entry.insert(key, value.clone());
            }
        }
        Ok(file.to_string())
    }
}

/// The SHA-256 of a file in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A warning if a vendored document doesn't have the hash in `source.toml`.
///
/// Every command prints it: an interrupted update isn't noticed otherwise.
pub fn hash_mismatch(repository: &Repository) -> Option<String> {
    let differs = |document: &VendoredDocument| {
        let source = SourceRecord::read(document).ok()?;
        let bytes = fs::read(document.path()).ok()?;
        let option = match document.is_api() {
            true => String::new(),
            false => format!(" --document {}", document.name()),
        };
        (sha256(&bytes) != source.sha256).then(|| {
            format!(
                "{document} doesn't match the hash in spec/source.toml: an update was interrupted \
                 or the file was edited; run `cargo xtask sync-spec --from {document}{option}`"
            )
        })
    };
    VendoredDocument::all(repository).ok()?.iter().find_map(differs)
}
