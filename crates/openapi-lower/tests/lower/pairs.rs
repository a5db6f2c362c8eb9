//! One API, written by TypeSpec's emitter in 3.0 and in 3.1: lowered, both mean the same.
//!
//! The documents are others' and not in this repository: they are read where they are at hand.

use std::{fs, path::Path};

use openapi_lower::{Document, to_openapi_30};
use serde_json::Value;

/// Where two documents differ.
fn differences(left: &Value, right: &Value, at: &str, found: &mut Vec<String>) {
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            let keys = left.keys().chain(right.keys().filter(|key| !left.contains_key(*key)));
            for key in keys {
                let (left, right) = (left.get(key), right.get(key));
                let null = Value::Null;
                let at = format!("{at}/{key}");
                differences(left.unwrap_or(&null), right.unwrap_or(&null), &at, found);
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                differences(left, right, &format!("{at}/{index}"), found);
            }
        }
        _ if left == right => {}
        _ => found.push(format!("{at}: 3.1 {left}, 3.0 {right}")),
    }
}

#[test]
fn typespec_s_3_1_means_what_its_3_0_does() {
    let pairs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus/typespec-pairs");
    let Ok(entries) = fs::read_dir(&pairs) else {
        println!("the pairs aren't here: nothing was compared");
        return;
    };
    let mut found = Vec::new();
    let mut compared = 0;
    for path in entries.map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some(base) = name.strip_suffix(".3.1.0.yaml") else { continue };
        let lowered = |path: &Path| {
            let document = Document::parse(&fs::read_to_string(path).unwrap()).unwrap();
            to_openapi_30(&document).unwrap()
        };
        let newer = lowered(&path);
        let older = lowered(&pairs.join(format!("{base}.3.0.0.yaml")));
        differences(&newer, &older, base, &mut found);
        compared += 1;
    }
    assert_eq!(compared, 6);
    let unexplained: Vec<_> = found
        .iter()
        .filter(|difference| !EXPLAINED.iter().any(|(part, _)| difference.contains(part)))
        .collect();
    assert!(unexplained.is_empty(), "{unexplained:#?}");
    for (part, reason) in EXPLAINED {
        assert!(found.iter().any(|difference| difference.contains(part)), "{reason}");
    }
}

/// What is written differently, and why it means the same.
const EXPLAINED: [(&str, &str); 4] = [
    ("/format: 3.1 \"byte\", 3.0 \"base64", "`contentEncoding` is said as `byte` in 3.0"),
    ("/format: 3.1 null, 3.0 \"binary\"", "a part without a type is bytes in 3.1"),
    ("/type: 3.1 null, 3.0 \"string\"", "bytes of a part are a `string` in 3.0; and see below"),
    ("/color/", "`allOf` of a type and a pattern is a type with a pattern"),
];
