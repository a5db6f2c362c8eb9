//! Absence of dependency cycles between the modules of a crate.

mod graph;

use std::{fs, path::Path};

use graph::Graph;

/// All crates of the workspace.
const CRATES: [&str; 9] = [
    ".",
    "crates/openapi-diff",
    "crates/openapi-document",
    "crates/openapi-lower",
    "crates/openapi-lower-runtime",
    "crates/openapi-mock",
    "tests/operations",
    "tests/wire",
    "xtask",
];

#[test]
fn modules_have_no_dependency_cycles() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut cycles = Vec::new();
    for name in CRATES {
        let graph = Graph::read(&root.join(name).join("src/lib.rs"));
        assert!(graph.modules() > 1 || name == "tests/operations", "{name}: no modules found");
        cycles.extend(graph.cycles().into_iter().map(|cycle| format!("{name}: {cycle}")));
    }
    assert!(cycles.is_empty(), "{cycles:#?}");
}

/// The cycles of a crate with the given files.
fn cycles(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    Graph::read(&folder.path().join("lib.rs")).cycles()
}

#[test]
fn cycles_are_detected_in_all_forms_of_paths() {
    let lib = "mod a; mod b; mod c; mod d;";
    let chain = [("lib.rs", lib), ("c.rs", "use crate::d::D;"), ("d.rs", "pub struct D;")];
    let with = |a: &'static str, b: &'static str| {
        cycles(&[&chain[..], &[("a.rs", a), ("b.rs", b)]].concat())
    };
    assert_eq!(with("use crate::b::B;", "use crate::c;"), Vec::<String>::new());
    for (a, b) in [
        ("use crate::b::B; pub struct A;", "use crate::{c::C, a::A}; pub struct B;"),
        ("use super::b;", "fn f() { crate::a::g() }"),
        ("fn f(_: crate::b::B) {}", "use super::a as other;"),
        ("mod inner { use crate::b::*; } use inner::X;", "use crate::a::Y;"),
    ] {
        let cycles = with(a, b);
        assert_eq!(cycles.len(), 1, "{a} {b}: {cycles:?}");
        assert!(cycles[0].contains("crate::a") && cycles[0].contains("crate::b"), "{cycles:?}");
    }
    // Exports of the root belong to the root.
    assert_eq!(cycles(&[("lib.rs", "mod a; pub use a::A;"), ("a.rs", "use crate::A;")]).len(), 1);
    // A module and its child.
    let parent = ("lib.rs", "mod a;");
    let part = ("a/part.rs", "use super::Whole;");
    assert_eq!(cycles(&[parent, ("a.rs", "mod part; pub use self::part::P;"), part]).len(), 1);
    assert_eq!(cycles(&[parent, ("a.rs", "mod part; pub struct Whole;"), part]).len(), 0);
    // Test modules are ignored.
    let tested = "mod part; use part::P; #[cfg(test)] mod tests { use super::*; }";
    assert_eq!(cycles(&[parent, ("a.rs", tested), ("a/part.rs", "")]).len(), 0);
}
