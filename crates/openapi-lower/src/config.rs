//! How a client is generated: the one place where that is set up.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    error::Error,
    fmt, fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use openapi_document::{Document, Refusals};
use serde::de::DeserializeOwned;

use crate::{
    generate::{Generated, generate},
    lower::Warning,
    options::Options,
    skip::SkippedOperation,
};

/// How a client is generated: from which document, into which file, and for which client type.
///
/// A build script needs one line:
///
/// ```no_run
/// // build.rs
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     openapi_lower::Config::new("openapi.yaml").compile()
/// }
/// ```
///
/// and the crate another one, in `src/lib.rs` or any module:
///
/// ```ignore
/// include!(concat!(env!("OUT_DIR"), "/client.rs")); // has `Client`, `types`, `operations`
/// ```
///
/// with `openapi-lower` as the build-dependency and `openapi-lower-runtime` as the dependency.
/// Several clients in one crate have a [`file_name`](Self::file_name) and a module each.
#[derive(Clone, Debug)]
#[must_use = "a configuration does nothing until it is compiled"]
pub struct Config {
    document: PathBuf,
    out_dir: Option<PathBuf>,
    file_name: PathBuf,
    options: Options,
    warnings: Warnings,
    /// The files that were read beside the document.
    read: Vec<PathBuf>,
}

/// What becomes of warnings: readings that the document's author may not have meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warnings {
    /// They are printed, as Cargo prints those of build scripts: of crates in the workspace only.
    #[default]
    Print,
    /// They are errors, and so are operations that are left out.
    Deny,
    /// They are dropped; operations that are left out are named even so.
    Ignore,
}

impl Config {
    /// Generates a client of this document, YAML or JSON, with a `Client` of its own, into
    /// `client.rs`. Relative paths start where the build script runs: at the manifest.
    pub fn new(document: impl Into<PathBuf>) -> Self {
        Self {
            document: document.into(),
            out_dir: None,
            file_name: "client.rs".into(),
            options: Options {
                runtime: "::openapi_lower_runtime".to_owned(),
                ..Options::default()
            },
            warnings: Warnings::default(),
            read: Vec::new(),
        }
    }

    /// Gives the operations to a type of yours, by its path from anywhere in your crate:
    /// `crate::Client`. Without it, the generated code defines `Client`.
    ///
    /// The type is a newtype around the runtime's client. Generated code makes it by
    /// `from_runtime` and gets at what it wraps by `runtime`; both may be `pub(crate)`:
    ///
    /// ```ignore
    /// #[derive(Clone, Debug)]
    /// pub struct Client(openapi_lower_runtime::Client);
    ///
    /// impl Client {
    ///     pub fn builder() -> openapi_lower_runtime::ClientBuilder<Self> {
    ///         let user_agent = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    ///         openapi_lower_runtime::ClientBuilder::new(
    ///             generated::SERVER,
    ///             generated::AUTH,
    ///             user_agent,
    ///         )
    ///     }
    ///
    ///     pub(crate) fn from_runtime(client: openapi_lower_runtime::Client) -> Self {
    ///         Self(client)
    ///     }
    ///
    ///     pub(crate) fn runtime(&self) -> &openapi_lower_runtime::Client {
    ///         &self.0
    ///     }
    /// }
    ///
    /// mod generated {
    ///     include!(concat!(env!("OUT_DIR"), "/client.rs"));
    /// }
    /// pub use generated::{operations, types};
    /// ```
    ///
    /// What else the generated `Client` has (`new`, `base_url`, `with_options`, `request`,
    /// `download`) is yours to give or not: the runtime's client has a method for each. A method of
    /// yours with the name of an operation's doesn't compile; the compiler says which.
    pub fn client(mut self, path: impl Into<String>) -> Self {
        self.options.client = Some(path.into());
        self
    }

    /// Where generated code finds `openapi-lower-runtime`, if not as a dependency of its own crate:
    /// `crate::runtime` for one that is re-exported there.
    pub fn runtime(mut self, path: impl Into<String>) -> Self {
        self.options.runtime = path.into();
        self
    }

    /// Names that stay as they are: the schema's name in the document, and its Rust type's.
    pub fn names(mut self, names: impl IntoIterator<Item = (String, String)>) -> Self {
        self.options.names.extend(names);
        self
    }

    /// Takes [`names`](Self::names) from a TOML file of `"Schema" = "RustName"`.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or isn't such a table.
    pub fn names_file(mut self, path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let names = self.table(path.as_ref())?;
        Ok(self.names(names))
    }

    /// The URLs of pages about operations, by operationId, for those without `externalDocs`.
    pub fn pages(mut self, pages: impl IntoIterator<Item = (String, String)>) -> Self {
        self.options.pages.extend(pages);
        self
    }

    /// Takes [`pages`](Self::pages) from a TOML file of `operationId = "URL"`.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or isn't such a table.
    pub fn pages_file(mut self, path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let pages = self.table(path.as_ref())?;
        Ok(self.pages(pages))
    }

    /// Properties whose values are secrets though neither the document nor their names say so, as
    /// `Schema.property`: `Debug` doesn't show them. What the document doesn't have is passed over.
    pub fn secrets(mut self, secrets: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.options.secrets.extend(secrets.into_iter().map(Into::into));
        self
    }

    /// Takes [`secrets`](Self::secrets) from a TOML file of `"Schema.property" = "why"`.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or isn't such a table.
    pub fn secrets_file(mut self, path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let secrets: BTreeMap<String, String> = self.table(path.as_ref())?;
        Ok(self.secrets(secrets.into_keys()))
    }

    /// Takes from a TOML file what helpers beside the generated code need of it: operations with
    /// their setters, and types with their fields or variants.
    ///
    /// ```toml
    /// [messages]
    /// operations.UserMessagesAdd = ["execution_id", "body"]
    /// types.AddText = []
    /// ```
    ///
    /// Build scripts tell the compiler which can be had, by `cfg(helper = "messages")`, and warn of
    /// those that can't.
    ///
    /// # Errors
    ///
    /// If the file can't be read, or isn't such a table.
    pub fn helpers_file(mut self, path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        self.options.helpers = self.table(path.as_ref())?;
        Ok(self)
    }

    /// Whether operations that are refused are left out by name, and the rest generated.
    pub fn skip_refused(mut self, skip: bool) -> Self {
        self.options.skip_refused = skip;
        self
    }

    /// What becomes of warnings; they are printed by default.
    pub fn warnings(mut self, warnings: Warnings) -> Self {
        self.warnings = warnings;
        self
    }

    /// The name of the file that is written, `client.rs` by default.
    pub fn file_name(mut self, name: impl Into<PathBuf>) -> Self {
        self.file_name = name.into();
        self
    }

    /// The folder that the file is written to, instead of Cargo's `OUT_DIR`.
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(folder.into());
        self
    }

    /// Generates the client and writes it, as a build script: it runs again when the document or
    /// another file changes, and all refusals are errors of Cargo's.
    ///
    /// # Errors
    ///
    /// Those of [`generate`](Self::generate); if the file can't be written.
    pub fn compile(&self) -> Result<(), Box<dyn Error>> {
        self.compile_with(|_| ())
    }

    /// As [`compile`](Self::compile), and hands what was generated to `then`: for build scripts
    /// that depend on which operations there are.
    ///
    /// # Errors
    ///
    /// As for [`compile`](Self::compile).
    pub fn compile_with(&self, then: impl FnOnce(&Generated)) -> Result<(), Box<dyn Error>> {
        for path in [&self.document].into_iter().chain(&self.read) {
            println!("cargo::rerun-if-changed={}", path.display());
        }
        let result = self.generate().and_then(|generated| {
            self.write(&generated)?;
            Ok(generated)
        });
        match result {
            Ok(generated) => {
                for warning in self.printed(&generated) {
                    println!("cargo::warning={warning}");
                }
                self.choose_helpers(&generated);
                then(&generated);
                Ok(())
            }
            Err(error) => {
                let text = error.to_string();
                for line in text.lines() {
                    println!("cargo::error={line}");
                }
                // Cargo has printed them: they needn't be told once more.
                let path = self.document.display();
                Err(match text.lines().count() {
                    1 => format!("{path}: no client, because of the error above").into(),
                    n => format!("{path}: no client, because of the {n} errors above").into(),
                })
            }
        }
    }

    /// Generates the client of the document.
    ///
    /// # Errors
    ///
    /// If the document can't be read or parsed; all that is refused of it, each with its JSON
    /// pointer; with [`Warnings::Deny`], its warnings.
    pub fn generate(&self) -> Result<Generated, ConfigError> {
        let path = self.document.display();
        let failed = |error: &dyn fmt::Display| ConfigError::at(&path, error);
        let text = fs::read_to_string(&self.document).map_err(|error| failed(&error))?;
        // What is skipped may be a reference that leads nowhere.
        let parse =
            if self.options.skip_refused { Document::parse_lenient } else { Document::parse };
        let document = parse(&text).map_err(|error| failed(&error))?;
        let generated = self.generate_from(&document).map_err(|error| failed(&error))?;
        if self.warnings == Warnings::Deny {
            let left_out = generated.left_out.iter().map(SkippedOperation::to_string);
            let warnings = left_out.chain(generated.warnings.iter().map(Warning::to_string));
            let warnings = warnings.collect::<Vec<_>>();
            if !warnings.is_empty() {
                return Err(failed(&warnings.join("\n")));
            }
        }
        Ok(generated)
    }

    /// Generates the client of a document that was read already.
    ///
    /// # Errors
    ///
    /// All that can't be lowered without losing what it means, each with its JSON pointer. Never a
    /// panic: those of the generator become refusals.
    pub fn generate_from(&self, document: &Document) -> Result<Generated, Refusals> {
        generate(document, &self.options)
    }

    /// Lines about operations that are left out and, unless they are to be dropped, about readings
    /// that may not be meant.
    pub fn printed(&self, generated: &Generated) -> Vec<String> {
        let path = self.document.display();
        let left_out = generated.left_out.iter().map(|one| format!("{path}: {one}"));
        let warnings = generated.warnings.iter().filter(|_| self.warnings != Warnings::Ignore);
        left_out.chain(warnings.map(|one| format!("{path}: {one}"))).collect()
    }

    /// Tells the compiler which helpers can be had, and the user which can't.
    fn choose_helpers(&self, generated: &Generated) {
        for helper in self.options.helpers.keys() {
            println!("cargo::rustc-check-cfg=cfg(helper, values({helper:?}))");
            match generated.lacking.iter().find(|one| one.helper == *helper) {
                None => println!("cargo::rustc-cfg=helper={helper:?}"),
                Some(lacking) => {
                    println!("cargo::warning={}: {lacking}", self.document.display());
                }
            }
        }
    }

    fn write(&self, generated: &Generated) -> Result<(), ConfigError> {
        let folder = match &self.out_dir {
            Some(folder) => folder.clone(),
            None => env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| {
                ConfigError("OUT_DIR isn't set, as it is in build scripts: set `out_dir`".into())
            })?,
        };
        let path = folder.join(&self.file_name);
        // Of this process: a build script with several clients.
        static WRITTEN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
        let is_new = WRITTEN.lock().unwrap_or_else(PoisonError::into_inner).insert(path.clone());
        if !is_new {
            let reason = "another client was written there: give one of them a `file_name`";
            return Err(ConfigError::at(&path.display(), &reason));
        }
        fs::write(&path, &generated.code).map_err(|error| ConfigError::at(&path.display(), &error))
    }

    /// Reads a table.
    fn table<T: DeserializeOwned>(
        &mut self,
        path: &Path,
    ) -> Result<BTreeMap<String, T>, ConfigError> {
        let failed = |error: &dyn fmt::Display| ConfigError::at(&path.display(), error);
        let text = fs::read_to_string(path).map_err(|error| failed(&error))?;
        let table = basic_toml::from_str(&text).map_err(|error| failed(&error))?;
        self.read.push(path.to_owned());
        Ok(table)
    }
}

/// Why a client can't be generated: each line names the file and, in a document, the place.
pub struct ConfigError(String);

impl ConfigError {
    fn at(path: &dyn fmt::Display, error: &dyn fmt::Display) -> Self {
        let lines = error.to_string();
        let lines = lines.lines().map(|line| format!("{path}: {line}")).collect::<Vec<_>>();
        Self(lines.join("\n"))
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// As `Display`: a build script that returns the error shows this.
impl fmt::Debug for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for ConfigError {}
