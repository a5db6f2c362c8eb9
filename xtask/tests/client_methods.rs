//! The hand-written client: no operation of any document may have the name of one of its methods,
//! and it calls operations by functions that are never deprecated.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::json;
use syn::{ImplItem, Item, Type};

/// The names of the methods of `Client` below a folder.
fn methods(folder: &Path) -> Vec<String> {
    let mut methods = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            methods.extend(self::methods(&path));
            continue;
        }
        let file = syn::parse_file(&fs::read_to_string(&path).unwrap()).unwrap();
        for item in &file.items {
            let Item::Impl(block) = item else { continue };
            if !matches!(&*block.self_ty, Type::Path(ty) if ty.path.is_ident("Client")) {
                continue;
            }
            methods.extend(block.items.iter().filter_map(|item| match item {
                ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
                _ => None,
            }));
        }
    }
    methods
}

#[test]
fn no_operation_has_the_name_of_a_method_of_the_client() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let methods = methods(&root.join("src"));
    assert!(["run", "execution", "builder"].iter().all(|name| methods.iter().any(|m| m == name)));
    let operation =
        |id: &str| json!({ "operationId": id, "responses": { "204": { "description": "" } } });
    let paths: BTreeMap<String, _> = methods
        .iter()
        .map(|name| (format!("/{name}"), json!({ "get": operation(name) })))
        .collect();
    let document = json!({
        "openapi": "3.1.0", "info": { "title": "Methods", "version": "1" }, "paths": paths,
    });
    let document = openapi_lower::Document::parse(&document.to_string()).unwrap();
    let config = openapi_lower::Config::new("methods.yaml").client("crate::Client");
    let config = config.client_methods_file(root.join("spec/methods.toml")).unwrap();
    let generated = config.generate_from(&document).unwrap();
    for name in &methods {
        let method = format!("pub fn {name}(&self)");
        assert!(!generated.code.contains(&method), "add `{name}` to spec/methods.toml");
    }
    assert_eq!(generated.operations.len(), paths.len());
}

#[test]
fn the_client_allows_no_deprecated_items() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let (mut folders, mut calls) = (vec![root.join("src")], 0);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let code = fs::read_to_string(&path).unwrap();
            calls += code.matches("helper_operations::").count();
            assert!(!code.contains("(deprecated"), "{}", path.display());
        }
    }
    assert!(calls > 10, "{calls} calls of operations");
}
