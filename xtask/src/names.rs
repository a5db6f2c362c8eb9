//! `names`: the Rust names of published types, which stay what they are.
//!
//! A type is published under the name that the naming rules gave it then, and so is a variant. A
//! schema that comes later and would take that name takes a longer one instead, since the file says
//! who was first. The name of a schema that is renamed goes with it.

use std::process::ExitCode;

use anyhow::{Result, anyhow};
use openapi_diff::{Report, rules};
use openapi_document::{Document, Pointer};

use crate::files::{self, Repository};

/// Rust names by the keys of types and variants: see [`openapi_lower::kept::TypeName::key`].
pub(crate) type Names = files::Table;

const HEAD: &str = "# The published names of Rust, which stay: of types by the names of their schemas or, inline ones, by
# their places; of variants by the type and the value. Names are added, and go with a schema that is
# renamed: `cargo xtask sync-spec` sees to that, and `cargo xtask names` adds those of new types.
";

/// Adds the names of new types to `spec/names.toml`, or says how many are missing.
pub fn run(repository: &Repository, check: bool) -> Result<ExitCode> {
    let (spec, path) = (repository.document(), repository.names());
    let document = files::document(&spec, Document::parse)?;
    let published = files::table(&path)?;
    let names = extended(&document, &published)?;
    let added = names.len() - published.len();
    if check {
        if added > 0 {
            println!("{added} types or variants have no published name: run `cargo xtask names`");
        }
        return Ok(ExitCode::from(u8::from(added > 0)));
    }
    write_to(repository, &names)?;
    println!("{added} names added, {} in all", names.len());
    Ok(ExitCode::SUCCESS)
}

/// The published names and those of types that have none yet.
pub(crate) fn extended(document: &Document, published: &Names) -> Result<Names> {
    let lowered = openapi_lower::lower(document, published)
        .map_err(|refusals| anyhow!("the document can't be lowered:\n{refusals}"))?;
    let mut names = published.clone();
    for (key, rust) in lowered.model.published_names() {
        names.entry(key).or_insert(rust);
    }
    Ok(names)
}

/// The published names for a newer document: those of schemas that are renamed in it go along, with
/// their inline types and variants.
pub(crate) fn followed(published: &Names, changes: &Report) -> Names {
    let renamed: Vec<(&str, &str)> = changes
        .changes
        .iter()
        .filter(|change| [rules::SCHEMA_RENAMED, rules::SCHEMA_MOVED].contains(&change.rule))
        .filter_map(|change| Some((schema(change.old.as_ref()?)?, schema(change.new.as_ref()?)?)))
        .collect();
    let mut names = published.clone();
    for (old, new) in renamed {
        let of_old = |key: &str| {
            let rest = key.strip_prefix(old)?;
            (rest.is_empty() || rest.starts_with("#/") || rest.starts_with("::"))
                .then(|| format!("{new}{rest}"))
        };
        let moved: Vec<(String, String)> =
            published.iter().filter_map(|(key, rust)| Some((of_old(key)?, rust.clone()))).collect();
        // Who has a name of its own keeps it.
        if !published.contains_key(new) {
            names.retain(|key, _| of_old(key).is_none());
            names.extend(moved);
        }
    }
    names
}

/// The name of the component schema at a place.
fn schema(place: &Pointer) -> Option<&str> {
    match place.segments() {
        [components, schemas, name] if components == "components" && schemas == "schemas" => {
            Some(name)
        }
        _ => None,
    }
}

/// Writes the names; a file that has them already isn't touched.
pub(crate) fn write_to(repository: &Repository, names: &Names) -> Result<()> {
    let path = repository.names();
    if files::table(&path).is_ok_and(|written| written == *names) {
        return Ok(());
    }
    files::replace(&path, write(names)?.as_bytes())
}

fn write(names: &Names) -> Result<String> {
    Ok(HEAD.to_owned() + &basic_toml::to_string(names)?)
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

    #[test]
    fn names_are_added_and_never_changed() {
        let one = "    A.LongName: { type: object, properties: { x: { type: string } } }\n    B.LongName: { type: string }";
        let names = extended(&document(one), &Names::new()).unwrap();
        assert_eq!(names["A.LongName"], "LongName");
        assert_eq!(names["All"], "All");
        let both = one.replace(
            "B.LongName: { type: string }",
            "B.LongName: { type: object, properties: { y: { type: string } } }",
        );
        let grown = extended(&document(&both), &names).unwrap();
        assert_eq!(
            (grown["A.LongName"].as_str(), grown["B.LongName"].as_str()),
            ("LongName", "BLongName")
        );
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("names.toml");
        files::replace(&path, write(&grown).unwrap().as_bytes()).unwrap();
        assert_eq!(files::table(&path).unwrap(), grown);
    }
}
