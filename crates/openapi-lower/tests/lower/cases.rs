//! Small documents with one construct each: snapshots of types, setters and warnings.

use std::{collections::HashMap, fmt::Write, fs, path::Path};

use openapi_lower::Document;
use quote::ToTokens;

/// The types and builders, one per line, without paths and docs.
fn surface(code: &str) -> String {
    let file = syn::parse_file(code).expect("generated code parses");
    let mut text = String::new();
    for item in &file.items {
        let syn::Item::Mod(module) = item else { continue };
        let items = module.content.iter().flat_map(|(_, items)| items);
        match module.ident.to_string().as_str() {
            "schemas" => {
                let read: HashMap<_, _> = items.clone().filter_map(read_object).collect();
                items.for_each(|item| schema(item, &read, &mut text));
            }
            "operations" => items.for_each(|item| builder(item, &mut text)),
            "core" => {
                for item in items {
                    if let syn::Item::Mod(types) = item
                        && types.ident == "types"
                        && types.content.iter().flat_map(|(_, items)| items).any(is_type)
                    {
                        text.push_str("types of the core remain\n");
                    }
                }
            }
            _ => {}
        }
    }
    text
}

fn is_type(item: &syn::Item) -> bool {
    matches!(item, syn::Item::Struct(_) | syn::Item::Enum(_) | syn::Item::Type(_))
}

/// The name of the type whose properties an implementation reads, and the code that reads them.
fn read_object(item: &syn::Item) -> Option<(String, String)> {
    let syn::Item::Impl(block) = item else { return None };
    let (of, _) = block.trait_.as_ref()?;
    of.segments.last().filter(|last| last.ident == "Object")?;
    Some((tokens(&block.self_ty), tokens(block)))
}

/// `read` is the code that reads objects, by their names.
fn schema(item: &syn::Item, read: &HashMap<String, String>, text: &mut String) {
    match item {
        syn::Item::Struct(item) => {
            let _ = writeln!(text, "{} {{", item.ident);
            let read = read.get(&item.ident.to_string()).map_or("", String::as_str);
            for field in &item.fields {
                let name = field.ident.as_ref().expect("a name");
                let is_option = tokens(&field.ty).starts_with("Option<");
                let read_as = [format!("Some({name})"), format!("Assigned(& mut {name})")];
                let required = is_option && read_as.iter().any(|code| read.contains(code));
                let must = if required { " (must be there)" } else { "" };
                let _ = writeln!(text, "  {name}: {}{must}", tokens(&field.ty));
            }
            text.push_str("}\n");
        }
        syn::Item::Enum(item) => {
            let _ = writeln!(text, "enum {} {{", item.ident);
            for variant in item.variants.iter().filter(|one| one.ident != "Unrecognized") {
                let docs = variant.attrs.iter().filter_map(|one| match &one.meta {
                    syn::Meta::NameValue(doc) => Some(tokens(&doc.value)),
                    _ => None,
                });
                let fields = tokens(&variant.fields);
                let docs = docs.collect::<Vec<_>>().join(" ");
                let _ = writeln!(text, "  {}{fields}: {docs}", variant.ident);
            }
            text.push_str("}\n");
        }
        _ => {}
    }
}

fn builder(item: &syn::Item, text: &mut String) {
    let syn::Item::Impl(block) = item else { return };
    if block.trait_.is_some() || tokens(&block.self_ty).ends_with("Client") {
        return;
    }
    for item in &block.items {
        let syn::ImplItem::Fn(function) = item else { continue };
        if !matches!(function.vis, syn::Visibility::Public(_)) {
            continue;
        }
        let inputs = function.sig.inputs.iter().skip(1).map(tokens).collect::<Vec<_>>().join(", ");
        let output = match &function.sig.output {
            syn::ReturnType::Type(_, ty) if function.sig.ident == "send" => tokens(ty),
            _ => "Self".to_owned(),
        };
        let _ = writeln!(text, ".{}({inputs}) -> {output}", function.sig.ident);
    }
}

fn tokens(item: &impl ToTokens) -> String {
    short(&item.to_token_stream().to_string())
}

fn short(tokens: &str) -> String {
    let mut text = tokens.split_whitespace().collect::<Vec<_>>().join(" ");
    for path in [
        ":: std :: option :: ",
        ":: std :: vec :: ",
        ":: std :: string :: ",
        ":: std :: boxed :: ",
        ":: std :: collections :: ",
        "runtime :: serde_json :: ",
        "runtime :: chrono :: ",
        "offset :: ",
    ] {
        text = text.replace(path, "");
    }
    text.replace(" :: ", "::")
        .replace(":: ", "::")
        .replace(" < ", "<")
        .replace("< ", "<")
        .replace(" >", ">")
        .replace(" ,", ",")
        .replace(" :", ":")
        .replace(" (", "(")
        .replace(",>", ">")
        .replace("runtime::uuid", "::uuid")
}

#[test]
fn each_case_has_its_outcome() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths: Vec<_> =
        fs::read_dir(&cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert_eq!(paths.len(), 18);
    let mut text = String::new();
    for path in paths {
        let document = Document::parse(&fs::read_to_string(&path).unwrap()).unwrap();
        let generated = crate::config().generate_from(&document);
        let generated = generated.unwrap_or_else(|refusals| panic!("{path:?}: {refusals}"));
        let _ = writeln!(text, "== {}", path.file_stem().unwrap().to_string_lossy());
        for warning in &generated.warnings {
            let _ = writeln!(text, "warning: {warning}");
        }
        text.push_str(&surface(&generated.code));
    }
    insta::assert_snapshot!(text);
}
