//! `features`: the Cargo features by which users choose operations.
//!
//! Each tag of the API's document has one, in `spec/features.toml` and in `Cargo.toml`. Published
//! features stay: an operation whose tag changes stays in the feature of its former tag, and the
//! feature of a tag that upstream renames enables that of the new one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    process::ExitCode,
};

use anyhow::{Context, Result, anyhow, bail};
use openapi_document::{Document, Operation};
use openapi_lower::{ALL_OPERATIONS, DEPRECATED, Features};
use toml_edit::{Array, DocumentMut, Item, Table, value};

use crate::{
    documents::VendoredDocument,
    files::{self, Repository},
};

/// Writes the features of new tags, or with `check` reports those that are missing.
pub fn run(repository: &Repository, check: bool) -> Result<ExitCode> {
    let document = files::read_document(&repository.document(), Document::parse)?;
    let missing = update(repository, None, &document, check)?;
    if !check {
        println!("{} features added", missing.len());
        return Ok(ExitCode::SUCCESS);
    }
    for feature in &missing {
        println!("no feature `{feature}`; run `cargo xtask features`");
    }
    Ok(ExitCode::from(u8::from(!missing.is_empty())))
}

/// Adds the features of a document, unless `check` is set. With the document before it, operations
/// stay in the features that they had. Returns the features that were missing.
pub(crate) fn update(
    repository: &Repository,
    before: Option<&Document>,
    document: &Document,
    check: bool,
) -> Result<Vec<String>> {
    let (manifest_path, features_path) = (repository.manifest(), repository.features());
    if !features_path.exists() {
        return Ok(Vec::new());
    }
    let mut manifest = read(&manifest_path)?;
    let mut file = read(&features_path)?;
    let config = VendoredDocument::api(repository).config(repository.document())?;
    let published = config.features();
    let taken = feature_names(&manifest);
    let update = Update::new(published, &taken, &tags(before)?, &tags(Some(document))?);

    let of_manifest = update.features.values().map(String::as_str).chain(published.names());
    let of_manifest = of_manifest.chain([ALL_OPERATIONS, DEPRECATED]);
    let of_manifest = of_manifest.filter(|one| !taken.contains(*one));
    // Those of new tags, which may be the published ones of others.
    let missing: BTreeSet<&str> =
        of_manifest.chain(update.features.values().map(String::as_str)).collect();
    let missing: Vec<String> = missing.into_iter().map(str::to_owned).collect();
    if check {
        return Ok(missing);
    }
    let features = table(&mut manifest, "features", &manifest_path)?;
    for feature in missing.iter().filter(|one| !taken.contains(*one)) {
        features.insert(feature, value(Array::new()));
    }
    for (old, new) in &update.renamed {
        let enabled = features.get_mut(old).and_then(Item::as_array_mut);
        let enabled = enabled.with_context(|| format!("Cargo.toml: no feature `{old}`"))?;
        if !enabled.iter().any(|one| one.as_str() == Some(new)) {
            enabled.push(new.as_str());
        }
    }
    let tags = table(&mut file, "tags", &features_path)?;
    for (tag, feature) in &update.features {
        tags.insert(tag, value(feature));
    }
    let operations = table(&mut file, "operations", &features_path)?;
    for (operation, features) in &update.moved {
        let further = published.operations.get(operation).into_iter().flatten().chain(features);
        let further: BTreeSet<&str> = further.map(String::as_str).collect();
        operations.insert(operation, value(further.into_iter().collect::<Array>()));
    }
    write(&features_path, &file)?;
    write(&manifest_path, &manifest)?;
    Ok(missing)
}

/// The tags of operations, by `operationId`.
type OperationTags = BTreeMap<String, Vec<String>>;

/// The changes of the features for a new document.
#[derive(Debug, Default, PartialEq, Eq)]
struct Update {
    /// The features of new tags.
    features: BTreeMap<String, String>,
    /// The features of renamed tags, each with that of the new tag.
    renamed: BTreeMap<String, String>,
    /// Further features of operations with another tag.
    moved: BTreeMap<String, BTreeSet<String>>,
}

impl Update {
    fn new(
        published: &Features,
        taken: &BTreeSet<String>,
        before: &OperationTags,
        after: &OperationTags,
    ) -> Self {
        let mut update = Self::default();
        let of_operations = published.names();
        for tag in after.values().flatten() {
            if !published.tags.contains_key(tag) && !update.features.contains_key(tag) {
                let name = feature_name(tag);
                let is_other = taken.contains(&name) && !of_operations.contains(name.as_str());
                let is_other = is_other || [ALL_OPERATIONS, DEPRECATED].contains(&name.as_str());
                let name = if is_other { format!("{name}-operations") } else { name };
                update.features.insert(tag.clone(), name);
            }
        }
        let listed = |tags: &OperationTags| -> BTreeSet<String> {
            tags.values().flatten().cloned().collect()
        };
        let (old_tags, new_tags) = (listed(before), listed(after));
        for tag in old_tags.difference(&new_tags) {
            let Some(old) = published.tags.get(tag) else { continue };
            let tagged = before.iter().filter(|(_, tags)| tags.contains(tag));
            let remaining: Vec<_> = tagged.filter_map(|(id, _)| after.get(id)).collect();
            let is_renamed = |new: &&String| {
                !old_tags.contains(*new) && remaining.iter().all(|tags| tags.contains(new))
            };
            let new = remaining.first().into_iter().copied().flatten().find(is_renamed);
            if let Some(new) = new.and_then(|new| update.feature(published, new)) {
                update.renamed.insert(old.clone(), new);
            }
        }
        for (id, tags) in before {
            let Some(now) = after.get(id) else { continue };
            let now: BTreeSet<String> =
                now.iter().filter_map(|tag| update.feature(published, tag)).collect();
            let had = tags.iter().filter_map(|tag| published.tags.get(tag));
            // Of a renamed tag too: who takes the files of `spec/` only misses nothing.
            let lost: BTreeSet<String> =
                had.filter(|feature| !now.contains(*feature)).cloned().collect();
            if !lost.is_empty() {
                update.moved.insert(id.clone(), lost);
            }
        }
        update
    }

    fn feature(&self, published: &Features, tag: &str) -> Option<String> {
        published.tags.get(tag).or_else(|| self.features.get(tag)).cloned()
    }
}

/// The tags of a document's operations that have an `operationId`.
fn tags(document: Option<&Document>) -> Result<OperationTags> {
    let Some(document) = document else { return Ok(OperationTags::new()) };
    let operations = Operation::all(document).map_err(|error| anyhow!("{error}"))?;
    let operations = operations.into_iter().filter_map(|operation| {
        let node = document.node_at(&operation.pointer)?;
        let id = node.text("operationId")?.to_owned();
        let tags = node.value.get("tags").and_then(|tags| tags.as_array());
        let tags = tags.into_iter().flatten().filter_map(|tag| tag.as_str().map(str::to_owned));
        Some((id, tags.collect()))
    });
    Ok(operations.collect())
}

/// The name of a tag's feature: its words in lowercase, joined by hyphens.
fn feature_name(tag: &str) -> String {
    let words = tag.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<_> = words.map(str::to_ascii_lowercase).collect();
    if words.is_empty() { "operations".to_owned() } else { words.join("-") }
}

/// The features that a manifest has.
fn feature_names(manifest: &DocumentMut) -> BTreeSet<String> {
    let features = manifest.get("features").and_then(Item::as_table_like);
    features.into_iter().flat_map(|table| table.iter()).map(|(name, _)| name.to_owned()).collect()
}

fn table<'a>(
    file: &'a mut DocumentMut,
    name: &str,
    path: &std::path::Path,
) -> Result<&'a mut Table> {
    let item = file.entry(name).or_insert(Item::Table(Table::new()));
    match item.as_table_mut() {
        Some(table) => Ok(table),
        None => bail!("{}: `{name}` isn't a table", path.display()),
    }
}

fn read(path: &std::path::Path) -> Result<DocumentMut> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    text.parse().with_context(|| path.display().to_string())
}

/// Writes a file unless it has this content already.
fn write(path: &std::path::Path, file: &DocumentMut) -> Result<()> {
    let text = file.to_string();
    if fs::read_to_string(path).is_ok_and(|written| written == text) {
        return Ok(());
    }
    files::replace(path, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(operations: &[(&str, &[&str])]) -> OperationTags {
        let owned = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect();
        operations.iter().map(|(id, tags)| ((*id).to_owned(), owned(tags))).collect()
    }

    fn published(of: &[(&str, &str)]) -> Features {
        let mut features = Features::default();
        features.tags = of.iter().map(|(tag, one)| ((*tag).into(), (*one).into())).collect();
        features
    }

    fn taken() -> BTreeSet<String> {
        ["rustls", "webhooks", "pets"].map(str::to_owned).into()
    }

    #[test]
    fn new_tags_get_features_of_their_own_names() {
        let after = tags(&[("a", &["Pets"]), ("b", &["Pet Toys", "Webhooks"]), ("c", &[])]);
        let update = Update::new(&published(&[("Pets", "pets")]), &taken(), &tags(&[]), &after);
        let expected = [("Pet Toys", "pet-toys"), ("Webhooks", "webhooks-operations")];
        let expected = expected.map(|(tag, one)| (tag.to_owned(), one.to_owned()));
        assert_eq!(update.features, expected.into());
        assert!(update.moved.is_empty() && update.renamed.is_empty(), "{update:?}");
    }

    #[test]
    fn a_renamed_tag_keeps_its_feature_and_a_moved_operation_too() {
        let before = tags(&[("a", &["Pets"]), ("b", &["Pets"]), ("c", &["Shop"])]);
        let published = published(&[("Pets", "pets"), ("Shop", "shop")]);
        let renamed = tags(&[("a", &["Animals"]), ("b", &["Animals"]), ("c", &["Shop"])]);
        let update = Update::new(&published, &taken(), &before, &renamed);
        assert_eq!(update.renamed, [("pets".to_owned(), "animals".to_owned())].into());
        assert_eq!(update.moved.keys().collect::<Vec<_>>(), ["a", "b"]);

        let moved = tags(&[("a", &["Shop"]), ("b", &["Pets"]), ("c", &["Shop"])]);
        let update = Update::new(&published, &taken(), &before, &moved);
        assert_eq!(update.moved, [("a".to_owned(), ["pets".to_owned()].into())].into());
        assert!(update.renamed.is_empty() && update.features.is_empty(), "{update:?}");

        // Divided among two tags: each operation stays in the feature.
        let divided = tags(&[("a", &["Cats"]), ("b", &["Dogs"]), ("c", &["Shop"])]);
        let update = Update::new(&published, &taken(), &before, &divided);
        assert!(update.renamed.is_empty(), "{update:?}");
        assert_eq!(update.moved.keys().collect::<Vec<_>>(), ["a", "b"]);
    }
}
