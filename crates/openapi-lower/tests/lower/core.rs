//! The share of requests that progenitor's code writes, counted in the document and in the code.

use std::collections::HashMap;

use openapi_document::{Document, Operation, media_type, operation::Location};
use quote::ToTokens;

/// The bodies of the functions in `core` by their names, and the other code.
fn functions(code: &str) -> (HashMap<String, String>, String) {
    let file = syn::parse_file(code).unwrap();
    let (mut core, mut rest) = (HashMap::new(), String::new());
    for item in &file.items {
        let syn::Item::Mod(module) = item else { continue };
        let items = module.content.iter().flat_map(|(_, items)| items);
        if module.ident != "core" {
            rest.push_str(&module.to_token_stream().to_string());
            continue;
        }
        for item in items {
            let syn::Item::Impl(block) = item else { continue };
            for item in &block.items {
                if let syn::ImplItem::Fn(function) = item {
                    let text = function.block.to_token_stream().to_string();
                    core.insert(function.sig.ident.to_string(), text);
                }
            }
        }
    }
    (core, rest)
}

/// The code that progenitor generates for the parts of a request that it supports.
fn parts(document: &Document, operation: &Operation) -> Vec<String> {
    let parameters = operation.parameters.iter().filter_map(|parameter| {
        let schema = document.node_at(&parameter.schema)?;
        let is_list = schema.text("type") == Some("array");
        let default_style = parameter.style == "form" && (parameter.explode || !is_list);
        match parameter.location {
            Location::Query if default_style && !parameter.json => {
                Some(format!("QueryParam :: new ({:?} ,", parameter.name))
            }
            Location::Header => Some(format!("append ({:?} ,", parameter.name)),
            _ => None,
        }
    });
    let json = operation.body.iter().filter(|body| body.required).filter_map(|body| {
        let first = body.content.first()?;
        media_type::is_json(&first.media_type).then(|| "runtime :: json (".to_owned())
    });
    parameters.chain(json).collect()
}

#[test]
fn openapi_3_0_requests_go_through_progenitor() {
    for (version, operations) in [("1.8.7", 55), ("1.8.77", 74), ("1.8.201", 135)] {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures");
        let text = std::fs::read_to_string(format!("{root}/agents-{version}.yaml")).unwrap();
        let document = Document::parse(&text).unwrap();
        let generated = crate::config().generate_from(&document).unwrap();
        let (core, rest) = functions(&generated.code);
        let names: HashMap<String, String> = openapi_lower::lower(&document, &Default::default())
            .unwrap()
            .model
            .operations
            .into_iter()
            .map(|operation| (operation.pointer.to_plain(), operation.function))
            .collect();
        let (mut called, mut written) = (0, 0);
        for operation in Operation::all(&document).unwrap() {
            let name = &names[&operation.pointer];
            let function = &core[name];
            assert!(
                rest.contains(&format!("core_of (& client) . {name} (")),
                "{version}: {name} is not called"
            );
            called += 1;
            for part in parts(&document, &operation) {
                assert!(function.contains(&part), "{version}: {name}: {part}: {function}");
                written += 1;
            }
        }
        assert_eq!((called, generated.operations.len()), (operations, operations), "{version}");
        assert_eq!(written, generated.requests.by_progenitor, "{version}");
        println!("{version}: {:?}", generated.requests);
    }
}
