//! Random documents of three schemas that combine and refer to each other: each is generated or
//! refused, in bounded time and memory.
//!
//! A process of its own, since its peak memory is measured and a stack overflow would end it.
//! `RANDOM_DOCUMENTS` sets the number of documents (1,000 by default), and
//! `RANDOM_DOCUMENTS_FOLDER` a folder to which the generated ones among the first 50 are written.

use std::{env, fs, path::Path, time::Duration};

use openapi_lower::Config;
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config as RunnerConfig, TestRunner},
};
use serde_json::{Map, Value, json};

/// The limit of CPU time for one document.
const TIME_LIMIT: Duration = Duration::from_secs(2);

/// The limit of memory, in KiB.
const MEMORY_LIMIT: u64 = 256 * 1024;

/// The schemas that the components refer to.
const NAMES: [&str; 3] = ["Item", "Group", "Thing"];

/// A schema that refers to the components.
fn schema() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        4 => prop::sample::select(&NAMES[..]).prop_map(reference),
        1 => Just(json!({ "type": "string" })),
        1 => Just(json!({ "type": "integer" })),
        1 => Just(json!({ "type": ["string", "null"] })),
        1 => Just(json!({ "const": "a" })),
        1 => Just(json!({ "type": "string", "enum": ["a", "b"] })),
        1 => Just(json!({ "type": "null" })),
        1 => Just(json!({})),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let list = || prop::collection::vec(inner.clone(), 1..4);
        let tagged = (list(), prop::sample::select(&NAMES[..]));
        prop_oneof![
            4 => object(inner.clone()),
            2 => list().prop_map(|members| json!({ "allOf": members })),
            2 => list().prop_map(|members| json!({ "oneOf": members })),
            2 => list().prop_map(|members| json!({ "anyOf": members })),
            1 => inner.clone().prop_map(|items| json!({ "type": "array", "items": items })),
            1 => inner
                .clone()
                .prop_map(|values| json!({ "type": "object", "additionalProperties": values })),
            1 => tagged.prop_map(|(members, mapped)| json!({
                "oneOf": members,
                "discriminator": { "propertyName": "kind", "mapping": { "a": mapped } },
            })),
            1 => (object(inner.clone()), list(), prop::sample::select(&["oneOf", "allOf"][..]))
                .prop_map(|(mut object, members, keyword)| {
                    object[keyword] = json!(members);
                    object
                }),
            1 => object(inner.clone()).prop_map(|mut object| {
                object["discriminator"] = json!({ "propertyName": "kind" });
                object
            }),
        ]
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn object(inner: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let names = prop::sample::select(&["kind", "parent", "name"][..]);
    let properties = prop::collection::vec((names, inner, any::<bool>()), 0..3);
    properties.prop_map(|properties| {
        let required: Vec<_> = properties.iter().filter(|one| one.2).map(|one| one.0).collect();
        let properties = properties.into_iter().map(|(name, schema, _)| (name.to_owned(), schema));
        let properties: Map<String, Value> = properties.collect();
        json!({ "type": "object", "properties": properties, "required": required })
    })
}

/// A document that sends one of the schemas and receives another one.
fn document() -> impl Strategy<Value = Value> {
    (schema(), schema(), schema()).prop_map(|(item, group, thing)| {
        let content = |name| json!({ "application/json": { "schema": reference(name) } });
        let responses = json!({ "200": { "description": "ok", "content": content("Item") } });
        json!({
            "openapi": "3.1.0",
            "info": { "title": "Random", "version": "1" },
            "paths": { "/items": {
                "get": { "operationId": "get", "responses": responses },
                "post": {
                    "operationId": "post",
                    "requestBody": { "required": true, "content": content("Group") },
                    "responses": { "204": { "description": "ok" } },
                },
            } },
            "components": { "schemas": { "Item": item, "Group": group, "Thing": thing } },
        })
    })
}

/// The CPU time of this process so far, where the platform reports it.
fn cpu_time() -> Option<Duration> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().ok()? + fields[12].parse::<u64>().ok()?;
    // Linux reports hundredths of a second on all platforms.
    Some(Duration::from_millis(ticks * 10))
}

/// The peak memory of this process in KiB, where the platform reports it.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Generates a client; `None` if the document is refused.
fn generate(folder: &Path, document: &Value) -> Option<String> {
    let path = folder.join("document.json");
    fs::write(&path, document.to_string()).unwrap();
    match Config::new(&path).generate() {
        Ok(generated) => Some(generated.code),
        Err(error) => {
            let text = error.to_string();
            let is_refusal = text.lines().all(|line| line.contains("#/"));
            assert!(is_refusal && !text.contains("panicked"), "{text}\n{document}");
            None
        }
    }
}

/// The types that typify made in generated code.
fn types_of_the_core(code: &str) -> Vec<String> {
    let file = syn::parse_file(code).unwrap();
    let module = |items: &[syn::Item], name: &str| {
        items.iter().find_map(|item| match item {
            syn::Item::Mod(module) if module.ident == name => {
                module.content.as_ref().map(|(_, items)| items.clone())
            }
            _ => None,
        })
    };
    let core = module(&file.items, "core").unwrap();
    let types = module(&core, "types").unwrap();
    let names = types.iter().filter_map(|item| match item {
        syn::Item::Struct(item) => Some(item.ident.to_string()),
        syn::Item::Enum(item) => Some(item.ident.to_string()),
        syn::Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    });
    names.collect()
}

#[test]
fn random_documents_are_generated_or_refused_in_bounded_time_and_memory() {
    let count: usize =
        env::var("RANDOM_DOCUMENTS").ok().map_or(1_000, |count| count.parse().unwrap());
    let sample = env::var_os("RANDOM_DOCUMENTS_FOLDER").map(std::path::PathBuf::from);
    let folder = tempfile::tempdir().unwrap();
    let mut runner = TestRunner::new_with_rng(
        RunnerConfig::default(),
        prop::test_runner::TestRng::deterministic_rng(prop::test_runner::RngAlgorithm::ChaCha),
    );
    let (mut generated, mut slowest) = (0, Duration::ZERO);
    for index in 0..count {
        let document = document().new_tree(&mut runner).unwrap().current();
        let before = cpu_time();
        let code = generate(folder.path(), &document);
        if let (Some(before), Some(after)) = (before, cpu_time()) {
            assert!(after - before <= TIME_LIMIT, "{:?}: {document}", after - before);
            slowest = slowest.max(after - before);
        }
        if let Some(code) = code {
            generated += 1;
            assert_eq!(types_of_the_core(&code), [""; 0], "{document}");
            if let Some(folder) = sample.as_ref().filter(|_| index < 50) {
                fs::write(folder.join(format!("random-{index}.json")), document.to_string())
                    .unwrap();
            }
        }
    }
    let peak = peak_memory();
    println!("{generated} of {count} generated; slowest {slowest:?}; peak memory {peak:?} KiB");
    assert!(peak.is_none_or(|peak| peak <= MEMORY_LIMIT), "{peak:?} KiB");
    assert!(generated * 10 >= count * 7, "only {generated} of {count} documents are generated");
}
