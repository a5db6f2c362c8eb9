//! The public surface as data, against the generated code.

use std::collections::{BTreeMap, BTreeSet};

use openapi_lower::{
    Document,
    surface::{Origin, Surface},
};
use syn::{Fields, ImplItem, Item, Visibility};

use crate::{config, with_operations};

/// Reads the documents at hand: the pinned versions and those of single constructs.
fn documents() -> BTreeMap<String, Document> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let mut documents = BTreeMap::new();
    for folder in ["tests/fixtures", "tests/wire", "tests/wire/documents"] {
        for entry in std::fs::read_dir(format!("{root}/{folder}")).unwrap() {
            let path = entry.unwrap().path();
            let is_yaml = path.extension().is_some_and(|extension| extension == "yaml");
            if is_yaml
                && let Ok(document) = Document::parse(&std::fs::read_to_string(&path).unwrap())
            {
                documents.insert(path.display().to_string(), document);
            }
        }
    }
    assert!(documents.len() > 20, "{}", documents.len());
    documents
}

/// Whether an item is public.
fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The names of all public items of generated code: `types::Pet`, `types::Pet::name`,
/// `impl Clone for types::Pet`.
fn public_items(code: &str) -> BTreeSet<String> {
    let file = syn::parse_file(code).unwrap();
    let mut names = BTreeSet::new();
    for item in &file.items {
        match item {
            // `types` re-exports the private module `schemas`.
            Item::Mod(module) if module.ident == "schemas" => {
                add("types::", &module.content.as_ref().unwrap().1, &mut names);
            }
            Item::Mod(module) if module.ident == "operations" => {
                add("operations::", &module.content.as_ref().unwrap().1, &mut names);
            }
            Item::Mod(module) if module.ident == "webhooks" => {
                add("webhooks::", &module.content.as_ref().unwrap().1, &mut names);
            }
            _ => add("", std::slice::from_ref(item), &mut names),
        }
    }
    names
}

fn add(scope: &str, items: &[Item], names: &mut BTreeSet<String>) {
    for item in items {
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                let path = format!("{scope}{}", item.ident);
                for (index, field) in item.fields.iter().enumerate() {
                    if is_public(&field.vis) {
                        let name =
                            field.ident.as_ref().map_or(index.to_string(), ToString::to_string);
                        names.insert(format!("{path}::{name}"));
                    }
                }
                add_derived(&path, &item.attrs, names);
                names.insert(path);
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let path = format!("{scope}{}", item.ident);
                for variant in &item.variants {
                    assert!(!matches!(variant.fields, Fields::Named(_)), "{path}");
                    names.insert(format!("{path}::{}", variant.ident));
                }
                add_derived(&path, &item.attrs, names);
                names.insert(path);
            }
            Item::Impl(block) => {
                let syn::Type::Path(ty) = &*block.self_ty else { panic!("an impl of no path") };
                let ty = ty.path.segments.iter().map(|segment| segment.ident.to_string());
                let ty: Vec<String> = ty.collect();
                let path = match ty.as_slice() {
                    [first, name] if first == "super" => name.clone(),
                    [name] => format!("{scope}{name}"),
                    _ => ty.join("::"),
                };
                if let Some((name, _)) = &block.trait_ {
                    let name = &name.segments.last().unwrap().ident;
                    // Of the runtime, for generated code only; of the private core.
                    let internal = [
                        "GeneratedClient",
                        "Object",
                        "Received",
                        "SiblingTagged",
                        "TaggedReceived",
                        "TaggedUnion",
                        "UntaggedUnion",
                    ];
                    let is_private =
                        internal.iter().any(|one| name == one) || path.starts_with("core::");
                    if !is_private {
                        names.insert(format!("impl {name} for {path}"));
                    }
                    continue;
                }
                for item in &block.items {
                    if let ImplItem::Fn(function) = item
                        && is_public(&function.vis)
                    {
                        names.insert(format!("{path}::{}", function.sig.ident));
                    }
                }
            }
            _ => {}
        }
    }
}

fn add_derived(path: &str, attributes: &[syn::Attribute], names: &mut BTreeSet<String>) {
    for attribute in attributes.iter().filter(|one| one.path().is_ident("derive")) {
        attribute
            .parse_nested_meta(|meta| {
                let name = &meta.path.segments.last().unwrap().ident;
                names.insert(format!("impl {name} for {path}"));
                Ok(())
            })
            .unwrap();
    }
}

/// The same names of a surface.
fn names(surface: &Surface) -> BTreeSet<String> {
    let mut names: BTreeSet<String> =
        surface.methods.keys().map(|name| format!("Client::{name}")).collect();
    for (path, item) in &surface.types {
        names.insert(path.clone());
        let members = item.members.keys().chain(item.functions.keys());
        names.extend(members.map(|name| format!("{path}::{name}")));
        names.extend(
            item.traits
                .iter()
                .map(|name| format!("impl {} for {path}", name.split('<').next().unwrap())),
        );
    }
    names
}

#[test]
fn the_surface_of_every_document_is_that_of_its_generated_code() {
    for (path, document) in documents() {
        let Ok(generated) = config().generate_from(&document) else { continue };
        let surface = config().surface(&document).unwrap();
        let (expected, found) = (public_items(&generated.code), names(&surface));
        let missing: Vec<_> = expected.difference(&found).collect();
        let unknown: Vec<_> = found.difference(&expected).collect();
        assert!(missing.is_empty() && unknown.is_empty(), "{path}: {missing:?} {unknown:?}");
        for (name, item) in &surface.types {
            let is_own = name == "Client";
            let exists = item.origin.pointer.existing_part(document.root()) == item.origin.pointer;
            assert!(
                is_own || exists && !item.origin.pointer.segments().is_empty(),
                "{path}: {name}: {:?}",
                item.origin
            );
        }
    }
}

#[test]
fn items_have_types_and_places() {
    let surface = config()
        .surface(&with_operations(
            "
get:
  operationId: listThings
  deprecated: true
  parameters:
    - { name: pageSize, in: query, schema: { type: integer } }
    - { name: tags, in: query, schema: { type: array, items: { type: string } } }
  responses: { '200': { description: ok, content: { application/json: { schema: { type: array, items: { type: string } } } } } }
post:
  operationId: makeThing
  requestBody: { required: true, content: { application/json: { schema: { type: object, required: [name], properties: { name: { type: string }, at: { type: string, format: date-time } } } } } }
  responses: { '204': { description: ok } }",
        ))
        .unwrap();
    let mut lines = Vec::new();
    for (name, function) in &surface.methods {
        let deprecated = if function.deprecated { ", deprecated" } else { "" };
        lines.push(format!("Client::{name}{function}{deprecated} @ {}", function.origin.pointer));
    }
    for (path, item) in surface.types.iter().filter(|(path, _)| *path != "Client") {
        let exhaustive = if item.non_exhaustive { ", non_exhaustive" } else { "" };
        lines.push(format!("{} {path}{exhaustive} @ {}", item.kind, item.origin.pointer));
        let place = |origin: &Origin| origin.name.as_ref().map(|name| format!(" @ {name}"));
        for (name, member) in &item.members {
            let place = place(&member.origin).unwrap_or_default();
            lines.push(format!("  {name}: {}{place}", member.ty));
        }
        for (name, function) in &item.functions {
            let place = place(&function.origin).unwrap_or_default();
            let keyword = if function.is_async { "async fn" } else { "fn" };
            lines.push(format!("  {keyword} {name}{function}{place}"));
        }
        lines.extend(item.traits.iter().map(|name| format!("  impl {name}")));
    }
    insta::assert_snapshot!(lines.join("\n"));
}
