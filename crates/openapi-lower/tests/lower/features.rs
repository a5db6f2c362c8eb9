//! Cargo features by tags, and conditions on operations.

use std::collections::{BTreeMap, BTreeSet};

use openapi_lower::{Config, Document, Features, surface::Surface};
use quote::ToTokens;

const PETS: &str = "
openapi: 3.1.0
info: { title: T, version: '1' }
paths:
  /pets:
    get:
      operationId: petList
      tags: [Pets]
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } } }
    post:
      operationId: petAdd
      tags: [Pets]
      deprecated: true
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Pet' } } } }
      responses: { '204': { description: ok } }
  /toys:
    get:
      operationId: toyList
      tags: [Toys, Pets]
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Toy' } } } } }
  /shops:
    get:
      operationId: shopList
      tags: [Shops]
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Shop' } } } } }
  /health: { get: { operationId: health, responses: { '204': { description: ok } } } }
components:
  schemas:
    Pet: { type: object, required: [kind], properties: { kind: { enum: [cat, dog] }, owner: { $ref: '#/components/schemas/Owner' } } }
    Owner: { type: object, properties: { pet: { $ref: '#/components/schemas/Pet' } } }
    Toy: { type: object, properties: { name: { type: string } } }
    Shop: { type: object, properties: { toys: { type: array, items: { $ref: '#/components/schemas/Toy' } } } }
";

const FEATURES: &str = "
[tags]
Pets = \"pets\"
Shops = \"shops\"
[operations]
shopList = [\"toys\"]
";

/// The configuration with these features, of which those in `enabled` are enabled.
fn config(features: &str, enabled: &[&str]) -> Config {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("features.toml");
    std::fs::write(&path, features).unwrap();
    let config = Config::new("openapi.yaml").features_file(&path).unwrap();
    config.enabled_features(enabled.iter().copied())
}

fn operations(enabled: &[&str]) -> String {
    let document = Document::parse(PETS).unwrap();
    config(FEATURES, enabled).generate_from(&document).unwrap().operations.join(" ")
}

#[test]
fn features_choose_operations() {
    let all = "petList petAdd toyList shopList health";
    // `Toys` has no feature, and `health` no tag.
    for (enabled, expected) in [
        (&[][..], all),
        (&["deprecated"], all),
        (&["all-operations", "deprecated"], all),
        (&["all-operations"], "petList toyList shopList health"),
        (&["pets"], "petList toyList health"),
        (&["pets", "deprecated"], "petList petAdd toyList health"),
        (&["shops"], "toyList shopList health"),
        // That of a tag which it had before.
        (&["toys"], "toyList shopList health"),
        (&["pets", "shops"], "petList toyList shopList health"),
    ] {
        assert_eq!(operations(enabled), expected, "{enabled:?}");
    }
}

#[test]
fn types_are_those_that_operations_reach() {
    let document = Document::parse(PETS).unwrap();
    let types = |enabled: &[&str]| {
        let surface = config(FEATURES, enabled).surface(&document).unwrap();
        let types = surface.types.into_keys().filter(|name| name.starts_with("types::"));
        types.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(types(&["shops"]), "types::Shop types::Toy");
    assert_eq!(types(&["pets"]), "types::Owner types::Pet types::PetKind types::Toy");
    assert_eq!(types(&[]), "types::Owner types::Pet types::PetKind types::Shop types::Toy");
}

#[test]
fn conditions_choose_operations_too() {
    let document = Document::parse(PETS).unwrap();
    let config = Config::new("openapi.yaml")
        .operations(|operation| operation.path != "/shops")
        .operations(|operation| operation.method == "GET");
    let generated = config.generate_from(&document).unwrap();
    assert_eq!(generated.operations, ["petList", "toyList", "health"]);
    assert!(!generated.code.contains("/shops") && !generated.code.contains("struct Shop"));
}

#[test]
fn the_documentation_names_features() {
    let document = Document::parse(PETS).unwrap();
    let code = config(FEATURES, &["all-operations", "deprecated"]).generate_from(&document);
    let code: String = code.unwrap().code.split_whitespace().collect();
    for (method, condition) in [
        ("pet_list", "feature=\"pets\""),
        ("pet_add", "all(feature=\"pets\",feature=\"deprecated\")"),
        ("shop_list", "any(feature=\"shops\",feature=\"toys\")"),
    ] {
        let attribute = format!("#[cfg_attr(docsrs,doc(cfg({condition})))]");
        let before = code.split(&format!("pubfn{method}(&self)")).next().unwrap();
        let method_only = before.rsplit('}').next().unwrap();
        assert!(method_only.contains(&attribute), "{method}: {method_only}");
    }
    assert_eq!(code.matches("docsrs").count(), 6);
}

/// Our documents: the surface with each feature is a part of that of all operations, and each is
/// part of one.
#[test]
fn features_only_add_items() {
    for version in ["1.8.7", "1.9.167"] {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures");
        let text = std::fs::read_to_string(format!("{root}/agents-{version}.yaml")).unwrap();
        let document = Document::parse(&text).unwrap();
        let base = crate::config();
        let all = base.surface(&document).unwrap();
        let tags: BTreeSet<String> = openapi_lower::lower(&document, &BTreeMap::new())
            .unwrap()
            .model
            .operations
            .into_iter()
            .flat_map(|operation| operation.tags)
            .collect();
        assert!(tags.len() >= 9, "{tags:?}");
        let mut found = (BTreeSet::new(), BTreeSet::new());
        for tag in &tags {
            let chosen = tag.clone();
            let config = base.clone().operations(move |one| one.tags.contains(&chosen));
            let part = config.surface(&document).unwrap();
            assert!(part.methods.len() < all.methods.len() && !part.methods.is_empty(), "{tag}");
            assert_is_part(&part, &all, tag);
            found.0.extend(part.types.into_keys());
            found.1.extend(part.methods.into_keys());
        }
        assert_eq!(found.1, all.methods.keys().cloned().collect(), "{version}");
        // The others are types that no operation refers to.
        let unused = all.types.len() - found.0.len();
        assert!(unused * 20 < all.types.len(), "{version}: {unused}");
    }
}

fn assert_is_part(part: &Surface, all: &Surface, tag: &str) {
    for (name, item) in &part.types {
        assert_eq!(Some(item), all.types.get(name), "{tag}: {name}");
    }
    for (name, method) in &part.methods {
        assert_eq!(Some(method), all.methods.get(name), "{tag}: {name}");
    }
}

/// The code of each item but its documentation, which links to what there is.
#[test]
fn the_code_of_an_item_is_that_of_all_operations() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures");
    let text = std::fs::read_to_string(format!("{root}/agents-1.9.167.yaml")).unwrap();
    let document = Document::parse(&text).unwrap();
    let all = items(&crate::config().generate_from(&document).unwrap().code);
    for tag in ["Files", "Execution"] {
        let config = crate::config().operations(move |one| one.tags.iter().any(|one| one == tag));
        let part = items(&config.generate_from(&document).unwrap().code);
        assert!(part.len() > 40 && part.len() < all.len(), "{tag}: {}", part.len());
        for item in &part {
            assert!(all.contains(item), "{tag}: {item}");
        }
    }
}

/// The structs and enums of the modules, without documentation.
fn items(code: &str) -> BTreeSet<String> {
    let file = syn::parse_file(code).unwrap();
    let modules = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Mod(module) if module.ident == "schemas" || module.ident == "operations" => {
            module.content
        }
        _ => None,
    });
    let is_documentation = |one: &syn::Attribute| one.path().is_ident("doc");
    let items = modules.flat_map(|(_, items)| items).filter_map(|item| match item {
        syn::Item::Struct(mut item) => {
            item.attrs.retain(|one| !is_documentation(one));
            item.fields.iter_mut().for_each(|one| one.attrs.retain(|one| !is_documentation(one)));
            Some(item.to_token_stream().to_string())
        }
        syn::Item::Enum(mut item) => {
            item.attrs.retain(|one| !is_documentation(one));
            item.variants.iter_mut().for_each(|one| one.attrs.retain(|one| !is_documentation(one)));
            Some(item.to_token_stream().to_string())
        }
        _ => None,
    });
    items.collect()
}

#[test]
fn a_file_of_features_is_checked() {
    let features: Features = basic_toml::from_str(FEATURES).unwrap();
    assert_eq!(features.names(), ["pets", "shops", "toys"].into());
    assert!(basic_toml::from_str::<Features>("[tag]\nPets = 'pets'").is_err());
}
