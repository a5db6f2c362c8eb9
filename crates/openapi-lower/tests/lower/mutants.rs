//! Mutated documents are lowered or refused in bounded time, without a panic.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use openapi_lower::{Document, lower};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Map, Value, json};

/// The limit for one mutant. The fixture takes a fraction of it, and mutants are at most a few
/// times larger.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// A change of one node of a document.
#[derive(Clone, Copy, Debug)]
enum Mutation {
    Delete,
    Null,
    /// Swaps the node with another one.
    Swap(usize),
    /// Replaces the node by a copy of another one.
    Copy(usize),
    Deepen(u16),
    Text,
    Number,
    Empty,
    /// Replaces the node by a reference to another one.
    Refer(usize),
    /// Makes the node a member of itself, under a keyword.
    Recursive(&'static str),
}

fn mutations() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        Just(Mutation::Delete),
        Just(Mutation::Null),
        any::<usize>().prop_map(Mutation::Swap),
        any::<usize>().prop_map(Mutation::Copy),
        (1..400u16).prop_map(Mutation::Deepen),
        Just(Mutation::Text),
        Just(Mutation::Number),
        Just(Mutation::Empty),
        any::<usize>().prop_map(Mutation::Refer),
        prop_oneof![Just("allOf"), Just("oneOf"), Just("anyOf"), Just("items"), Just("not")]
            .prop_map(Mutation::Recursive),
    ]
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(map) => map.values().map(count).sum(),
        _ => 0,
    }
}

/// The pointer to the node with an index, in document order.
fn pointer(value: &Value, index: usize) -> String {
    fn find(value: &Value, at: &str, remaining: &mut usize) -> Option<String> {
        if *remaining == 0 {
            return Some(at.to_owned());
        }
        *remaining -= 1;
        match value {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .find_map(|(index, item)| find(item, &format!("{at}/{index}"), remaining)),
            Value::Object(map) => map.iter().find_map(|(key, member)| {
                let key = key.replace('~', "~0").replace('/', "~1");
                find(member, &format!("{at}/{key}"), remaining)
            }),
            _ => None,
        }
    }
    find(value, "", &mut (index % count(value))).unwrap_or_default()
}

fn mutate(root: &mut Value, index: usize, mutation: Mutation) {
    let at = pointer(root, index);
    let other = |root: &Value, index: usize| {
        let at = pointer(root, index);
        (root.pointer(&at).cloned().unwrap_or_default(), at)
    };
    let new = match mutation {
        Mutation::Delete => {
            let (parent, key) = at.rsplit_once('/').unwrap_or_default();
            let key = key.replace("~1", "/").replace("~0", "~");
            match root.pointer_mut(parent) {
                Some(Value::Object(map)) => drop(map.shift_remove(&key)),
                Some(Value::Array(items)) => {
                    if let Ok(index) = key.parse::<usize>() {
                        items.remove(index);
                    }
                }
                _ => {}
            }
            return;
        }
        Mutation::Null => Value::Null,
        Mutation::Swap(with) | Mutation::Copy(with) => other(root, with).0,
        Mutation::Deepen(levels) => {
            let mut deep = root.pointer(&at).cloned().unwrap_or_default();
            for level in 0..levels {
                let key = ["items", "allOf", "properties"][usize::from(level) % 3];
                deep = match key {
                    "items" => json!({ "type": "array", "items": deep }),
                    "allOf" => json!({ "allOf": [deep] }),
                    _ => json!({ "type": "object", "properties": { "a": deep } }),
                };
            }
            deep
        }
        Mutation::Text => json!("text"),
        Mutation::Number => json!(-1.5),
        Mutation::Empty => Value::Object(Map::new()),
        Mutation::Refer(to) => json!({ "$ref": format!("#{}", other(root, to).1) }),
        Mutation::Recursive(key) => {
            let itself = json!({ "$ref": format!("#{at}") });
            match key {
                "items" | "not" => json!({ key: itself }),
                _ => json!({ key: [itself, root.pointer(&at).cloned().unwrap_or_default()] }),
            }
        }
    };
    if let Mutation::Swap(with) = mutation {
        let old = root.pointer(&at).cloned().unwrap_or_default();
        let there = pointer(root, with);
        // A node can't contain itself.
        if !at.starts_with(&there)
            && !there.starts_with(&at)
            && let Some(node) = root.pointer_mut(&there)
        {
            *node = old;
        }
    }
    if let Some(node) = root.pointer_mut(&at) {
        *node = new;
    }
}

/// Small documents: the cases, and the document of the wire tests.
fn small() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = paths.collect();
    paths.sort();
    let parse = |path| Document::parse(&fs::read_to_string(path).unwrap()).unwrap().root().clone();
    let mut small: Vec<_> = paths.iter().map(parse).collect();
    let wire = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/wire/wire.yaml");
    small.push(parse(&wire.into()));
    small
}

fn fixture() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/agents-1.8.7.yaml");
    Document::parse(&fs::read_to_string(path).unwrap()).unwrap().root().clone()
}

/// Mutates documents and runs `check` on each mutant.
fn mutants(bases: &[Value], cases: u32, check: impl Fn(&Value)) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    let mutations = proptest::collection::vec((any::<usize>(), mutations()), 1..4);
    let result = runner.run(&(any::<usize>(), mutations), |(base, mutations)| {
        let mut root = bases[base % bases.len()].clone();
        for (index, mutation) in mutations {
            mutate(&mut root, index, mutation);
        }
        let start = Instant::now();
        check(&root);
        prop_assert!(start.elapsed() < TIME_LIMIT, "{:?}", start.elapsed());
        Ok(())
    });
    result.unwrap();
}

#[test]
fn ten_thousand_mutants_are_lowered_or_refused() {
    let lowered = |root: &Value| {
        if let Ok(document) = Document::from_value(root.clone()) {
            let _ = lower(&document, &Default::default());
        }
    };
    mutants(&small(), 10_000, lowered);
    mutants(&[fixture()], 60, lowered);
}

#[test]
fn five_hundred_mutants_are_generated_or_refused() {
    let (config, skipping) = (crate::config(), crate::config().skip_refused(true));
    mutants(&small(), 500, |root| {
        let Ok(document) = Document::from_value(root.clone()) else { return };
        match config.generate_from(&document) {
            Ok(generated) => drop(syn::parse_file(&generated.code).unwrap()),
            Err(refusals) => assert!(refusals.iter().next().is_some()),
        }
        let _ = skipping.generate_from(&document);
    });
}

#[test]
fn expanding_input_is_refused() {
    let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
    for (one, other) in ('b'..='z').zip('a'..='y') {
        bomb += &format!(
            "{one}: &{one} [*{other}, *{other}, *{other}, *{other}, *{other}, *{other}]\n"
        );
    }
    let deep = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
    for text in [bomb, deep("[", "]"), deep("{a: ", "}"), deep("- ", ""), deep("{\"a\":", "}")] {
        let start = Instant::now();
        assert!(Document::parse(&text).is_err());
        assert!(start.elapsed() < TIME_LIMIT);
    }
}
