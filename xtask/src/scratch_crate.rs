//! A crate in the target directory, for generated code that is compiled or run.

use std::{collections::BTreeMap, fs, path::PathBuf, process::Command};

use anyhow::{Context, Result};
use serde::Serialize;

use crate::files::Repository;

/// A crate that depends on openapi-lower-runtime, in `target/NAME`.
pub(crate) struct ScratchCrate(PathBuf);

/// A dependency: its name, version and features.
pub(crate) type Dependency = (&'static str, &'static str, &'static [&'static str]);

#[derive(Serialize)]
struct Manifest {
    package: Package,
    workspace: BTreeMap<String, String>,
    dependencies: BTreeMap<String, Source>,
}

#[derive(Serialize)]
struct Package {
    name: String,
    version: String,
    edition: String,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Source {
    Path { path: PathBuf },
    Registry { version: &'static str, features: &'static [&'static str] },
}

impl ScratchCrate {
    /// Creates the crate, with further dependencies of the versions that this repository uses.
    pub(crate) fn new(name: &str, dependencies: &[Dependency]) -> Result<Self> {
        let repository = Repository::from_manifest_dir();
        let root = repository.root();
        let dir = root.join("target").join(name);
        fs::create_dir_all(dir.join("src"))?;
        let runtime = Source::Path { path: root.join("crates").join("openapi-lower-runtime") };
        let mut sources = BTreeMap::from([("openapi-lower-runtime".to_owned(), runtime)]);
        for (name, version, features) in dependencies {
            sources.insert((*name).to_owned(), Source::Registry { version, features });
        }
        let manifest = Manifest {
            package: Package {
                name: name.to_owned(),
                version: "0.0.0".to_owned(),
                edition: "2024".to_owned(),
            },
            workspace: BTreeMap::new(),
            dependencies: sources,
        };
        fs::write(dir.join("Cargo.toml"), basic_toml::to_string(&manifest)?)?;
        fs::copy(root.join("Cargo.lock"), dir.join("Cargo.lock"))?;
        Ok(Self(dir))
    }

    /// Writes a file in `src`.
    pub(crate) fn write(&self, name: &str, content: &str) -> Result<()> {
        let path = self.0.join("src").join(name);
        fs::write(&path, content).with_context(|| path.display().to_string())
    }

    /// The command that runs Cargo in the crate.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO"));
        command.args(arguments).current_dir(&self.0);
        command
    }
}
