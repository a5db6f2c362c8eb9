//! Documents that are broken in any way: refusals, never a panic, in bounded time.

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

/// No mutant is larger than a few times the fixture, which takes a fraction of this.
const TOO_LONG: Duration = Duration::from_secs(30);

/// What is done to one node of a document.
#[derive(Clone, Copy, Debug)]
enum Change {
    Delete,
    Null,
    /// Takes the place of another node.
    Swap(usize),
    /// Stands in another node as well.
    Copy(usize),
    Deepen(u16),
    Text,
    Number,
    Empty,
    /// Refers to another node.
    Refer(usize),
    /// Is the same as, and one of, itself.
    Within(&'static str),
}

fn changes() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Delete),
        Just(Change::Null),
        any::<usize>().prop_map(Change::Swap),
        any::<usize>().prop_map(Change::Copy),
        (1..400u16).prop_map(Change::Deepen),
        Just(Change::Text),
        Just(Change::Number),
        Just(Change::Empty),
        any::<usize>().prop_map(Change::Refer),
        prop_oneof![Just("allOf"), Just("oneOf"), Just("anyOf"), Just("items"), Just("not")]
            .prop_map(Change::Within),
    ]
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(map) => map.values().map(count).sum(),
        _ => 0,
    }
}

/// The pointer of the node that comes `index`th.
fn pointer(value: &Value, index: usize) -> String {
    fn find(value: &Value, at: &str, left: &mut usize) -> Option<String> {
        if *left == 0 {
            return Some(at.to_owned());
        }
        *left -= 1;
        match value {
            Value::Array(items) => items
                .iter()
                .enumerate()
                .find_map(|(index, item)| find(item, &format!("{at}/{index}"), left)),
            Value::Object(map) => map.iter().find_map(|(key, member)| {
                let key = key.replace('~', "~0").replace('/', "~1");
                find(member, &format!("{at}/{key}"), left)
            }),
            _ => None,
        }
    }
    find(value, "", &mut (index % count(value))).unwrap_or_default()
}

fn mutate(root: &mut Value, place: usize, change: Change) {
    let at = pointer(root, place);
    let other = |root: &Value, index: usize| {
        let at = pointer(root, index);
        (root.pointer(&at).cloned().unwrap_or_default(), at)
    };
    let new = match change {
        Change::Delete => {
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
        Change::Null => Value::Null,
        Change::Swap(with) | Change::Copy(with) => other(root, with).0,
        Change::Deepen(levels) => {
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
        Change::Text => json!("text"),
        Change::Number => json!(-1.5),
        Change::Empty => Value::Object(Map::new()),
        Change::Refer(to) => json!({ "$ref": format!("#{}", other(root, to).1) }),
        Change::Within(key) => {
            let itself = json!({ "$ref": format!("#{at}") });
            match key {
                "items" | "not" => json!({ key: itself }),
                _ => json!({ key: [itself, root.pointer(&at).cloned().unwrap_or_default()] }),
            }
        }
    };
    if let Change::Swap(with) = change {
        let old = root.pointer(&at).cloned().unwrap_or_default();
        let there = pointer(root, with);
        // A node can't stand within itself.
        if !at.starts_with(&there)
            && !there.starts_with(&at)
            && let Some(place) = root.pointer_mut(&there)
        {
            *place = old;
        }
    }
    if let Some(place) = root.pointer_mut(&at) {
        *place = new;
    }
}

/// Small documents: the cases, and one with what they lack.
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
    let changes = proptest::collection::vec((any::<usize>(), changes()), 1..4);
    let outcome = runner.run(&(any::<usize>(), changes), |(base, changes)| {
        let mut root = bases[base % bases.len()].clone();
        for (place, change) in changes {
            mutate(&mut root, place, change);
        }
        let begun = Instant::now();
        check(&root);
        prop_assert!(begun.elapsed() < TOO_LONG, "{:?}", begun.elapsed());
        Ok(())
    });
    outcome.unwrap();
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
fn texts_that_explode_are_refused() {
    let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x, x]\n");
    for (one, other) in ('b'..='z').zip('a'..='y') {
        bomb += &format!(
            "{one}: &{one} [*{other}, *{other}, *{other}, *{other}, *{other}, *{other}]\n"
        );
    }
    let deep = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
    for text in [bomb, deep("[", "]"), deep("{a: ", "}"), deep("- ", ""), deep("{\"a\":", "}")] {
        let begun = Instant::now();
        assert!(Document::parse(&text).is_err());
        assert!(begun.elapsed() < TOO_LONG);
    }
}
