//! No module of a crate imports, by way of others or not, a module that imports it.

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
fn no_modules_import_each_other_in_a_circle() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut circles = Vec::new();
    for name in CRATES {
        let graph = Graph::read(&root.join(name).join("src/lib.rs"));
        assert!(graph.modules() > 1 || name == "tests/operations", "{name}: its modules are found");
        circles.extend(graph.circles().into_iter().map(|circle| format!("{name}: {circle}")));
    }
    assert!(circles.is_empty(), "{circles:#?}");
}

/// The circles of a crate with these files.
fn circles(files: &[(&str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    Graph::read(&folder.path().join("lib.rs")).circles()
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let lib = "mod a; mod b; mod c; mod d;";
    let chain = [("lib.rs", lib), ("c.rs", "use crate::d::D;"), ("d.rs", "pub struct D;")];
    let with = |a: &'static str, b: &'static str| {
        circles(&[&chain[..], &[("a.rs", a), ("b.rs", b)]].concat())
    };
    assert_eq!(with("use crate::b::B;", "use crate::c;"), Vec::<String>::new());
    for (a, b) in [
        ("use crate::b::B; pub struct A;", "use crate::{c::C, a::A}; pub struct B;"),
        ("use super::b;", "fn f() { crate::a::g() }"),
        ("fn f(_: crate::b::B) {}", "use super::a as other;"),
        ("mod inner { use crate::b::*; } use inner::X;", "use crate::a::Y;"),
    ] {
        let found = with(a, b);
        assert_eq!(found.len(), 1, "{a} {b}: {found:?}");
        assert!(found[0].contains("crate::a") && found[0].contains("crate::b"), "{found:?}");
    }
    // What the root exports is the root's.
    assert_eq!(circles(&[("lib.rs", "mod a; pub use a::A;"), ("a.rs", "use crate::A;")]).len(), 1);
    // A module and its own part.
    let parent = ("lib.rs", "mod a;");
    let part = ("a/part.rs", "use super::Whole;");
    assert_eq!(circles(&[parent, ("a.rs", "mod part; pub use self::part::P;"), part]).len(), 1);
    assert_eq!(circles(&[parent, ("a.rs", "mod part; pub struct Whole;"), part]).len(), 0);
    // Its tests see all of it.
    let tested = "mod part; use part::P; #[cfg(test)] mod tests { use super::*; }";
    assert_eq!(circles(&[parent, ("a.rs", tested), ("a/part.rs", "")]).len(), 0);
}
