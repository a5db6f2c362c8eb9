//! The manifests of the published crates.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use toml_edit::{DocumentMut, Item};

/// The published crates and their folders, in the order of publication.
const CRATES: [(&str, &str); 6] = [
    ("openapi-document", "crates/openapi-document"),
    ("openapi-mock", "crates/openapi-mock"),
    ("openapi-lower-runtime", "crates/openapi-lower-runtime"),
    ("openapi-lower", "crates/openapi-lower"),
    ("openapi-diff", "crates/openapi-diff"),
    ("asteroid-agents", "."),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn manifest(folder: &str) -> DocumentMut {
    let path = root().join(folder).join("Cargo.toml");
    fs::read_to_string(path).unwrap().parse().unwrap()
}

fn names(manifest: &DocumentMut, table: &str) -> Vec<String> {
    let table = manifest.get(table).and_then(Item::as_table_like);
    table.into_iter().flat_map(|table| table.iter()).map(|(key, _)| key.to_owned()).collect()
}

#[test]
fn no_crate_depends_on_a_later_one() {
    for (index, (name, folder)) in CRATES.iter().enumerate() {
        let manifest = manifest(folder);
        assert_eq!(manifest["package"]["name"].as_str(), Some(*name));
        for table in ["dependencies", "build-dependencies", "dev-dependencies"] {
            for dependency in names(&manifest, table) {
                let later = CRATES[index..].iter().any(|(later, _)| *later == dependency);
                assert!(!later, "{name}: {dependency} in [{table}] is published later");
            }
        }
    }
}

#[test]
fn scripts_have_the_same_order() {
    let script = fs::read_to_string(root().join(".ci/crates")).unwrap();
    let line = script.lines().find_map(|line| line.strip_prefix("echo ")).unwrap();
    let names = CRATES.map(|(name, _)| name);
    assert_eq!(line.split(' ').collect::<Vec<_>>(), names);
}

/// The crates of the workspace that each crate may depend on, for its code, its build script and
/// its tests; ARCHITECTURE.md has the reasons.
const DEPENDENCIES: [(&str, [&[&str]; 3]); 7] = [
    ("crates/openapi-document", [&[], &[], &[]]),
    ("crates/openapi-mock", [&["openapi-document"], &[], &[]]),
    ("crates/openapi-lower-runtime", [&[], &[], &[]]),
    ("crates/openapi-lower", [&["openapi-document"], &[], &[]]),
    ("crates/openapi-diff", [&["openapi-document", "openapi-lower"], &[], &[]]),
    (".", [&["openapi-lower-runtime"], &["openapi-lower"], &["openapi-mock"]]),
    ("xtask", [&["openapi-diff", "openapi-document", "openapi-lower", "openapi-mock"], &[], &[]]),
];

#[test]
fn crates_depend_on_those_that_the_architecture_allows() {
    for (folder, allowed) in DEPENDENCIES {
        let manifest = manifest(folder);
        let tables = ["dependencies", "build-dependencies", "dev-dependencies"];
        for (table, allowed) in tables.into_iter().zip(allowed) {
            let mut own = names(&manifest, table);
            own.retain(|name| CRATES.iter().any(|(one, _)| one == name));
            own.sort();
            assert_eq!(own, allowed, "{folder}: [{table}]");
        }
    }
}

#[test]
fn packages_have_an_msrv_a_changelog_and_docs_of_all_features() {
    for (name, folder) in CRATES {
        let manifest = manifest(folder);
        let package = &manifest["package"];
        let inherits = |key: &str| package[key]["workspace"].as_bool() == Some(true);
        assert!(inherits("rust-version") && inherits("license"), "{name}");
        let docs = &package["metadata"]["docs"]["rs"]["all-features"];
        assert_eq!(docs.as_bool(), Some(true), "{name}");
        let include = package["include"].as_array().unwrap();
        let has = |file: &str| include.iter().any(|pattern| pattern.as_str() == Some(file));
        assert!(has("/CHANGELOG.md") && has("/README.md") && has("/LICENSE-*"), "{name}");
        let changelog = fs::read_to_string(root().join(folder).join("CHANGELOG.md")).unwrap();
        let version = package["version"].as_str().unwrap();
        assert!(changelog.contains(&format!("\n## {version}")), "{name}: {version}");
        assert!(package.get("publish").is_none(), "{name}");
    }
}

/// build.rs reads them; new files in `spec/` need no entry of their own.
#[test]
fn the_package_includes_all_files_in_spec() {
    let manifest = manifest(".");
    let include = manifest["package"]["include"].as_array().unwrap();
    let patterns: Vec<&str> = include.iter().filter_map(|pattern| pattern.as_str()).collect();
    for entry in fs::read_dir(root().join("spec")).unwrap() {
        let path = entry.unwrap().path();
        let extension = path.extension().unwrap().to_str().unwrap().to_owned();
        let is_included = patterns.contains(&format!("/spec/*.{extension}").as_str());
        assert!(is_included, "{}", path.display());
    }
}

/// The crates that asteroid-agents is built from, by `cargo tree` with these arguments.
fn tree(arguments: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--package", "asteroid-agents", "--edges", "normal,build"])
        .args(["--prefix", "none", "--format", "{p}"])
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split(" (").next()).map(str::to_owned).collect()
}

#[test]
fn webhooks_are_off_by_default_and_add_no_crate() {
    let direct: Vec<String> = tree(&["--depth", "1"])
        .iter()
        .filter_map(|package| Some(package.split_once(' ')?.0.to_owned()))
        .collect();
    let expected = [
        "asteroid-agents",
        "futures-core",
        "futures-util",
        "openapi-lower",
        "openapi-lower-runtime",
    ];
    assert_eq!(direct, expected);
    let default = tree(&[]);
    assert!(default.len() > 50, "{default:?}");
    assert_eq!(tree(&["--features", "webhooks-testing"]), default);
    // Without rustls, ring comes with the feature alone.
    let has_ring = |features: &str| {
        let arguments = ["--no-default-features", "--features", features];
        tree(&arguments).iter().any(|package| package.starts_with("ring "))
    };
    assert!(!has_ring("tracing") && has_ring("tracing,webhooks"));
}

#[test]
fn all_items_of_webhooks_need_the_feature() {
    let code = |path: &Path| {
        let text = fs::read_to_string(path).unwrap();
        let is_documentation =
            |line: &&str| line.starts_with("//") || line.starts_with("#[cfg_attr(docsrs,");
        let lines = text.lines().map(str::trim).filter(|line| !is_documentation(line));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let src = root().join("src");
    let lib = code(&src.join("lib.rs"));
    let item = lib.iter().position(|line| line == "pub mod webhooks;").unwrap();
    assert_eq!(lib[item - 1], "#[cfg(feature = \"webhooks\")]");
    assert_eq!(lib.iter().filter(|line| line.contains("webhook")).count(), 2);
    let mut folders = vec![src.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path == src.join("webhooks") || path.ends_with("webhooks.rs") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("lib.rs") {
                let mentions = code(&path).iter().any(|line| line.contains("webhook"));
                assert!(!mentions, "{}", path.display());
            }
        }
    }
    // Without the feature, the second document isn't even read.
    let build = code(&root().join("build.rs")).join("\n");
    let (api, webhooks) = build.split_once("\"CARGO_FEATURE_WEBHOOKS\"").unwrap();
    assert!(!api.contains("webhooks.yaml") && webhooks.contains("spec/webhooks.yaml"));
}
