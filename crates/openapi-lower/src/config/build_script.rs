//! Generation in a build script, and the instructions for Cargo.

use std::{
    collections::BTreeSet,
    env,
    error::Error,
    fs,
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use openapi_document::OneLine;

use super::{Config, ConfigError};
use crate::{
    features::{ALL_OPERATIONS, DEPRECATED, is_enabled_by_cargo},
    generate::Generated,
};

impl Config {
    /// Generates the client and writes it to the output file, for use in a build script.
    ///
    /// Prints instructions for Cargo: to run the script again when the document or a configuration
    /// file changes, and an error or warning for each refusal, warning and skipped operation.
    ///
    /// # Errors
    ///
    /// The errors of [`generate`](Self::generate); if the file can't be written.
    pub fn compile(&self) -> Result<(), Box<dyn Error>> {
        self.compile_with(|_| ())
    }

    /// As [`compile`](Self::compile), and passes the result to `then`: for build scripts that
    /// depend on the operations of the client.
    ///
    /// # Errors
    ///
    /// The errors of [`compile`](Self::compile).
    pub fn compile_with(&self, then: impl FnOnce(&Generated)) -> Result<(), Box<dyn Error>> {
        for path in [&self.document].into_iter().chain(&self.input_files) {
            println!("cargo::rerun-if-changed={}", path.display());
        }
        let enabled = self.features_of_cargo();
        let enabled = enabled.as_ref().or(self.options.enabled_features.as_ref());
        let result = self.generate_features(enabled).and_then(|generated| {
            self.write(&generated)?;
            Ok(generated)
        });
        match result {
            Ok(generated) => {
                for path in generated.files().skip(1) {
                    println!("cargo::rerun-if-changed={}", path.display());
                }
                for warning in self.diagnostics(&generated) {
                    println!("cargo::warning={}", OneLine(&warning));
                }
                self.print_helpers(&generated);
                then(&generated);
                Ok(())
            }
            Err(error) => {
                let text = error.to_string();
                for line in text.lines() {
                    println!("cargo::error={}", OneLine(line));
                }
                // Cargo prints the errors above, so they aren't repeated here.
                let path = self.document.display();
                Err(match text.lines().count() {
                    1 => format!("{path}: no client generated due to 1 previous error").into(),
                    n => format!("{path}: no client generated due to {n} previous errors").into(),
                })
            }
        }
    }

    /// The features that Cargo builds the crate with; `None` if they choose no operations.
    fn features_of_cargo(&self) -> Option<BTreeSet<String>> {
        let mut names = self.options.features.names();
        if self.options.enabled_features.is_some() || names.is_empty() {
            return None;
        }
        names.extend([ALL_OPERATIONS, DEPRECATED]);
        let mut enabled = BTreeSet::new();
        for name in names {
            if is_enabled_by_cargo(name) {
                enabled.insert(name.to_owned());
            }
        }
        Some(enabled)
    }

    /// Prints a `cfg` for each available helper and its alternative, and a warning for each
    /// unavailable one that isn't optional.
    fn print_helpers(&self, generated: &Generated) {
        for (name, helper) in &self.options.helpers {
            for value in helper.cfg_values(name) {
                println!("cargo::rustc-check-cfg=cfg(helper, values({value:?}))");
            }
        }
        for helper in &generated.available_helpers {
            println!("cargo::rustc-cfg=helper={:?}", helper.helper);
            if let Some(alternative) = &helper.alternative {
                println!("cargo::rustc-cfg=helper=\"{}.{alternative}\"", helper.helper);
            }
        }
        for unavailable in generated.unavailable_helpers.iter().filter(|one| !one.optional) {
            let warning = format!("{}: {unavailable}", self.document.display());
            println!("cargo::warning={}", OneLine(&warning));
        }
    }

    /// Writes the code to the output file.
    fn write(&self, generated: &Generated) -> Result<(), ConfigError> {
        let folder = match &self.out_dir {
            Some(folder) => folder.clone(),
            None => env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| {
                ConfigError("`OUT_DIR` is only set in build scripts: call `Config::out_dir`".into())
            })?,
        };
        let path = folder.join(&self.file_name);
        // A build script may generate several clients.
        static WRITTEN: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
        let mut written = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner);
        if written.contains(&path) {
            let reason = "already written by another client: set a different `Config::file_name`";
            return Err(ConfigError::with_path(&path.display(), &reason));
        }
        written.push(path.clone());
        fs::write(&path, &generated.code)
            .map_err(|error| ConfigError::with_path(&path.display(), &error))
    }
}
