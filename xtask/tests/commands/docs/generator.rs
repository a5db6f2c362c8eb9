//! Generator of sites from a document, in the forms of several generators.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// The URL of the document as its pages name it.
pub const URL: &str = "https://odyssey.asteroid.ai/agents/v2/openapi.yaml";

/// The form of the pages of a site.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Mintlify's, for a document of this name.
    Mintlify(&'static str),
    /// Mintlify's, with `:id` in paths and a slash at their end.
    ExpressPaths,
    /// Mintlify's, before its blocks were OpenAPI.
    OlderMintlify,
    /// ReadMe's: a JSON block with a whole document.
    ReadMe,
    /// GitBook's: several JSON blocks on a page, each on one line.
    GitBook,
}

/// The index and the pages of a site for a document, by path.
pub fn mintlify_site(document: &Value) -> BTreeMap<String, String> {
    site(document, Form::Mintlify(URL))
}

/// The index and the pages of a site in a form, by path.
pub fn site(document: &Value, form: Form) -> BTreeMap<String, String> {
    let mut pages: BTreeMap<String, String> = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let name = match form {
                Form::GitBook => operation["tags"][0].as_str().unwrap().replace(' ', "-"),
                _ => operation["operationId"].as_str().unwrap().to_lowercase(),
            };
            let page = page_in(form, &fragment(document, path, method), path, method);
            pages.entry(format!("api-reference/{name}.md")).or_default().push_str(&page);
        }
    }
    let link = |name: &String| format!("- [{name}](https://docs.asteroid.ai/{name}): about it\n");
    let links: String = pages.keys().map(link).collect();
    let index = format!(
        "# Asteroid\n\n> Browser agents\n\n## Docs\n\n{links}\n## Optional\n\n\
         - [Blog](https://asteroid.ai/blog)\n"
    );
    pages.insert("llms.txt".to_owned(), index);
    pages
}

/// A page in the format of the site.
pub fn page(fragment: &Value, path: &str, method: &str) -> String {
    page_in(Form::Mintlify(URL), fragment, path, method)
}

/// A page in a form.
pub fn page_in(form: Form, fragment: &Value, path: &str, method: &str) -> String {
    let operation = &fragment["paths"][path][method];
    let title = operation["summary"].as_str().unwrap_or("Untitled");
    let yaml = || serde_yaml::to_string(fragment).unwrap();
    let mintlify = |info: &str, block: String| {
        format!(
            "> ## Documentation Index\n> Fetch the complete documentation index at: \
             https://docs.asteroid.ai/llms.txt\n> Use this file to discover all available pages \
             before exploring further.\n\n# {title}\n\n\n\n## OpenAPI\n\n````yaml {info}\n{block}````\n"
        )
    };
    match form {
        Form::Mintlify(name) => mintlify(&format!("{name} {method} {path}"), yaml()),
        Form::ExpressPaths => {
            let path = path.replace('{', ":").replace('}', "");
            mintlify(&format!("{URL} {method} {path}/"), yaml())
        }
        Form::OlderMintlify => {
            let block = json!({
                "paths": { "path": path, "method": method, "request": {}, "response": {} },
            });
            mintlify(&format!("{URL} {method} {path}"), serde_yaml::to_string(&block).unwrap())
        }
        Form::ReadMe => {
            format!(
                "# {title}\n\nAbout it.\n\n# OpenAPI definition\n\n```json\n{fragment:#}\n```\n"
            )
        }
        Form::GitBook => {
            format!("## {title}\n\n> About it.\n\n```json\n{fragment}\n```\n\n")
        }
    }
}

/// A document with a single operation and the components it refers to.
pub fn fragment(document: &Value, path: &str, method: &str) -> Value {
    let operation = &document["paths"][path][method];
    let mut components = Map::new();
    collect(document, operation, &mut components);
    components
        .insert("securitySchemes".to_owned(), document["components"]["securitySchemes"].clone());
    let mut fragment = json!({
        "openapi": document["openapi"],
        "info": document["info"],
        "servers": document["servers"],
        "security": document["security"],
        "tags": document["tags"],
        "paths": { path: { method: operation } },
        "components": components,
    });
    write_mappings(&mut fragment);
    fragment
}

/// Writes the mappings of discriminators as Mintlify does: `{ $ref: … }` in place of a string.
fn write_mappings(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let discriminator = map.get_mut("discriminator");
            let mapping = discriminator.and_then(|discriminator| discriminator.get_mut("mapping"));
            for target in
                mapping.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut)
            {
                *target = json!({ "$ref": target.take() });
            }
            map.values_mut().for_each(write_mappings);
        }
        Value::Array(items) => items.iter_mut().for_each(write_mappings),
        _ => {}
    }
}

/// Collects the components that a value refers to.
fn collect(document: &Value, value: &Value, components: &mut Map<String, Value>) {
    match value {
        Value::Object(map) => {
            if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
                let pointer = reference.trim_start_matches('#');
                let [kind, name] =
                    pointer.trim_start_matches("/components/").split('/').collect::<Vec<_>>()[..]
                else {
                    panic!("{reference}")
                };
                let kinds = components.entry(kind).or_insert_with(|| json!({}));
                if kinds.get(name).is_none() {
                    let target = &document["components"][kind][name];
                    kinds[name] = target.clone();
                    collect(document, target, components);
                }
            }
            // Mappings of discriminators refer to schemas, too.
            map.values().for_each(|value| collect(document, value, components));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(document, item, components)),
        _ => {}
    }
}
