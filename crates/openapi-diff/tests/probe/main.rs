//! The verdict for source code, against the compiler: programs that use the whole public surface of
//! an old client, beside the generated code of a mutated document.
//!
//! `bash .ci/probe` compiles them: each compiles if and only if the verdict isn't major.

mod mutations;
mod program;

use std::{env, fs, path::Path};

use openapi_diff::Severity;
use openapi_document::Document;
use openapi_lower::Config;
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

fn fixture(version: &str) -> Document {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let path = root.join(format!("tests/fixtures/agents-{version}.yaml"));
    Document::parse(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Writes the mutations that `PROBE_DOCUMENTS` asks for, 4 by default: the program and the new
/// client in a folder of `PROBE_FOLDER` each, with the verdict and the kinds of changes.
#[test]
fn programs_of_mutated_documents_have_a_verdict() {
    let count = env::var("PROBE_DOCUMENTS").map_or(4, |count| count.parse().unwrap());
    let folder = env::var_os("PROBE_FOLDER").map(std::path::PathBuf::from);
    let mut random = Pcg64Mcg::seed_from_u64(7);
    let config = Config::new("openapi.yaml");
    let versions = ["1.8.7", "1.8.77"].map(fixture);
    let mut verdicts = Vec::new();
    while verdicts.len() < count {
        let old = &versions[verdicts.len() % versions.len()];
        let Some((mutation, root)) = mutations::mutate(old.root(), &mut random) else { continue };
        let Ok(new) = Document::parse(&root.to_string()) else { continue };
        let report = openapi_diff::diff_clients(old, &new, &config);
        if report.rust_unavailable.is_some() {
            continue;
        }
        let surface = config.surface(old).unwrap();
        let program = program::program(&surface);
        assert!(syn::parse_file(&program).is_ok(), "{mutation}: {program}");
        if let Some(folder) = &folder {
            let config = config.clone().names(surface.names.clone());
            let generated = config.generate_from(&new).unwrap();
            let folder = folder.join(verdicts.len().to_string());
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("client.rs"), generated.code).unwrap();
            fs::write(folder.join("probe.rs"), program).unwrap();
            let kinds = report.changes.iter().map(|change| change.rule.name).collect::<Vec<_>>();
            let broken = report.changes.iter().flat_map(|change| &change.items);
            let broken = broken.filter(|item| item.severity == Severity::Major);
            let broken: Vec<String> =
                broken.map(|item| format!("{}: {}", item.path, item.message)).collect();
            let verdict = format!(
                "{}\n{mutation}\n{}\n{}\n",
                report.rust(),
                kinds.join(" "),
                broken.join("\n")
            );
            fs::write(folder.join("verdict"), verdict).unwrap();
        }
        verdicts.push(report.rust());
    }
    assert!(verdicts.contains(&Severity::Major), "{verdicts:?}");
    assert!(verdicts.iter().any(|verdict| *verdict < Severity::Major), "{verdicts:?}");
}
