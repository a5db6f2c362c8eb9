//! `names`: the published Rust names of types and variants, which don't change.
//!
//! A schema added later whose name would collide with a published one gets a longer name. A renamed
//! schema retains its published name.

use std::process::ExitCode;

use anyhow::{Result, anyhow};
use openapi_diff::{Report, rules};
use openapi_document::{Document, Pointer};
use openapi_lower::Config;

use crate::{
    documents::VendoredDocument,
    files::{self, Repository},
};

/// Rust names by the keys of types and variants, see [`openapi_lower::ir::TypeName::key`].
pub(crate) type Names = files::Table;

/// The comment at the head of `spec/names.toml`.
const HEADER: &str = "\
# Published Rust names, which don't change: of types by schema name, or by the pointer of an inline
# schema; of variants by type and value; of the media types of `send` and `body`, unless they are
# JSON. `cargo xtask sync-spec` adds the names of new types and renames the keys of renamed schemas;
# `cargo xtask names` adds names only.
";

/// Adds the names of new types to the files of all documents, or with `check` reports how many are
/// missing.
pub fn run(repository: &Repository, check: bool) -> Result<ExitCode> {
    let mut is_missing = false;
    for vendored in VendoredDocument::all(repository)? {
        let (spec, path) = (vendored.path(), vendored.names());
        let document = files::read_document(&spec, Document::parse)?;
        let published = files::read_table(&path)?;
        let names = with_new_types(&document, &vendored.config(&spec)?, &published)?;
        let added = names.len() - published.len();
        let of = if vendored.is_api() { String::new() } else { format!("{vendored}: ") };
        if !check {
            write(&vendored, &names)?;
            println!("{of}{added} names added, {} in total", names.len());
        } else if added > 0 {
            let advice = "run `cargo xtask names`";
            println!("{of}{added} types or variants without a published name; {advice}");
            is_missing = true;
        }
    }
    Ok(ExitCode::from(u8::from(is_missing)))
}

/// The published names, extended by those of types that have none.
pub(crate) fn with_new_types(
    document: &Document,
    config: &Config,
    published: &Names,
) -> Result<Names> {
    let config = config.clone().names(published.clone());
    let all = config
        .published_names(document)
        .map_err(|refusals| anyhow!("no client can be generated for the document:\n{refusals}"))?;
    let mut names = published.clone();
    for (key, rust) in all {
        names.entry(key).or_insert(rust);
    }
    Ok(names)
}

/// The published names with the keys of renamed schemas replaced, those of their inline types and
/// variants included.
pub(crate) fn with_renamed_schemas(published: &Names, changes: &Report) -> Names {
    let renamed: Vec<(&str, &str)> = changes
        .changes
        .iter()
        .filter(|change| [rules::SCHEMA_RENAMED, rules::SCHEMA_MOVED].contains(&change.rule))
        .filter_map(|change| {
            Some((
                schema_name(change.old_pointer.as_ref()?)?,
                schema_name(change.new_pointer.as_ref()?)?,
            ))
        })
        .collect();
    let mut names = published.clone();
    for (old, new) in renamed {
        let renamed_key = |key: &str| {
            let rest = key.strip_prefix(old)?;
            (rest.is_empty() || rest.starts_with("#/") || rest.starts_with("::"))
                .then(|| format!("{new}{rest}"))
        };
        let moved: Vec<(String, String)> = published
            .iter()
            .filter_map(|(key, rust)| Some((renamed_key(key)?, rust.clone())))
            .collect();
        // The new schema may have a published name of its own.
        if !published.contains_key(new) {
            names.retain(|key, _| renamed_key(key).is_none());
            names.extend(moved);
        }
    }
    names
}

/// The name of the component schema that a pointer refers to.
fn schema_name(pointer: &Pointer) -> Option<&str> {
    match pointer.segments() {
        [components, schemas, name] if components == "components" && schemas == "schemas" => {
            Some(name)
        }
        _ => None,
    }
}

/// Writes the names unless the file has them already.
pub(crate) fn write(document: &VendoredDocument, names: &Names) -> Result<()> {
    let path = document.names();
    if files::read_table(&path).is_ok_and(|written| written == *names) {
        return Ok(());
    }
    files::replace(&path, to_toml(names)?.as_bytes())
}

/// The contents of `spec/names.toml`.
fn to_toml(names: &Names) -> Result<String> {
    Ok(HEADER.to_owned() + &basic_toml::to_string(names)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(schemas: &str) -> Document {
        let text = format!(
            "openapi: 3.1.0
info: {{ title: t, version: '1' }}
paths:
  /a: {{ get: {{ responses: {{ '200': {{ description: ok, content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/All' }} }} }} }} }} }} }}
components:
  schemas:
    All: {{ type: object, properties: {{ a: {{ $ref: '#/components/schemas/A.LongName' }}, b: {{ $ref: '#/components/schemas/B.LongName' }} }} }}
{schemas}"
        );
        Document::parse(&text).unwrap()
    }

    fn config() -> Config {
        Config::new("openapi.yaml")
    }

    #[test]
    fn names_are_added_and_never_changed() {
        let one_schema = "    A.LongName: { type: object, properties: { x: { type: string } } }\n    B.LongName: { type: string }";
        let names = with_new_types(&document(one_schema), &config(), &Names::new()).unwrap();
        assert_eq!(names["A.LongName"], "LongName");
        assert_eq!(names["All"], "All");
        let both_schemas = one_schema.replace(
            "B.LongName: { type: string }",
            "B.LongName: { type: object, properties: { y: { type: string } } }",
        );
        let extended = with_new_types(&document(&both_schemas), &config(), &names).unwrap();
        assert_eq!(
            (extended["A.LongName"].as_str(), extended["B.LongName"].as_str()),
            ("LongName", "BLongName")
        );
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("names.toml");
        files::replace(&path, to_toml(&extended).unwrap().as_bytes()).unwrap();
        assert_eq!(files::read_table(&path).unwrap(), extended);
    }
}
