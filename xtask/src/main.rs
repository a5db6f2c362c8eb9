//! `cargo xtask …`: the maintenance commands of this repository. This file only parses arguments.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};
use openapi_diff::cli::Format;
use openapi_document::{Lines, OneLine};
use xtask::{
    Repository,
    check_docs::{self, FetchPolicy, ReportFormat, Site},
    corpus, diff_spec, features, generate, names, programs,
    sync_spec::{self, SpecSource},
};

/// Maintenance of the OpenAPI document and the generated client
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 100)]
struct Arguments {
    /// Root of another working copy
    #[arg(long, global = true, hide = true)]
    root: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Update the vendored documents from upstream and report the changes
    ///
    /// Writes spec/openapi.yaml byte for byte as served, spec/source.toml, spec/names.toml, and the
    /// features of new tags in spec/features.toml and Cargo.toml; then the other documents of
    /// spec/source.toml, each with its names. If one fails, the others are updated, and the exit
    /// status is 2.
    ///
    /// JSON of several: {"documents": {name: the object of the document, or {"error"}}}.
    SyncSpec {
        /// Name of the document, `api` or one of spec/source.toml [default: `api` with `--from`,
        /// else all]
        #[arg(long, value_name = "NAME")]
        document: Option<String>,
        /// Source of the document; `-` is standard input [default: `url` in spec/source.toml]
        #[arg(long, value_name = "URL|FILE|-")]
        from: Option<SpecSource>,
        /// Write nothing; exit with 1 if there are differences
        #[arg(long)]
        check: bool,
        /// Compile the crate with the document before any file is replaced
        #[arg(long)]
        verify: bool,
        /// Accept a document with another title
        #[arg(long)]
        accept_title: bool,
        /// Count the documentation pages that differ, at the URL of an index or in a folder
        #[arg(long, value_name = "DIR|URL")]
        docs: Option<Site>,
        /// Format of the report
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        /// Timeout of fetching the document, in seconds
        #[arg(long, value_name = "SECONDS", default_value_t = 30)]
        timeout: u64,
    },
    /// Compare the documentation site with the document
    ///
    /// Each operation that a page shows as OpenAPI (in blocks of Mintlify, ReadMe or GitBook) is
    /// compared by its meaning: parameters, bodies, responses, schemas, security, server. Pages
    /// that only name an operation cover it.
    ///
    /// Not compared are the names of schemas, tags, extensions, webhooks, the text around the
    /// blocks and, unless requested, prose and examples; of samples only the first call of curl,
    /// without its body.
    ///
    /// Text and Markdown have each fact once, with its pages; JSON and SARIF have all findings. No
    /// page of the document at all is an error.
    ///
    /// JSON: {"pages", "matching", "other_documents", "undocumented", "findings": [{"page",
    /// "operation", "pointer", "kind", "spec", "docs", "message", "docs_pointer", "line"}]}.
    CheckDocs {
        /// Location of the pages: the URL of an index, or a folder [default: `docs` in
        /// spec/source.toml]
        #[arg(long, value_name = "URL|DIR")]
        from: Option<Site>,
        /// Document to compare with [default: spec/openapi.yaml]
        #[arg(long, value_name = "FILE")]
        spec: Option<PathBuf>,
        /// Document: `api`, or another one of spec/source.toml. Any other name is that of the
        /// document on its pages, a URL, path or id, if they name several [default: `api`]
        #[arg(long, value_name = "NAME")]
        document: Option<String>,
        /// Save the fetched pages to a folder, for `--from DIR`
        #[arg(long, value_name = "DIR")]
        save: Option<PathBuf>,
        /// Report operations without a page as findings
        #[arg(long)]
        complete: bool,
        /// Compare summaries and descriptions too
        #[arg(long)]
        prose: bool,
        /// Validate examples, of pages and document, against the document's schemas, and compare
        /// the curl samples of pages
        #[arg(long)]
        examples: bool,
        /// Write spec/pages.toml, the links from operations to their pages
        #[arg(long)]
        record: bool,
        /// Format of the report
        #[arg(long, value_enum, default_value_t)]
        format: ReportFormat,
        /// Timeout of fetching a page, in seconds
        #[arg(long, value_name = "SECONDS", default_value_t = 30)]
        timeout: u64,
        /// Delay before the first retry of a page, in milliseconds
        #[arg(long, default_value_t = 500, hide = true)]
        pause: u64,
    },
    /// Compare two documents and classify the changes
    ///
    /// `wire` is the severity of a change for deployed programs, `rust` for source code that uses
    /// this crate; each is none, patch, minor or major.
    ///
    /// JSON: {"wire", "rust", "changes": [{"pointer", "operation", "kind", "wire", "rust",
    /// "message", "operations", "was", "is"}]}. `operation` is null if several are affected; see
    /// `operations`.
    DiffSpec(openapi_diff::cli::Arguments),
    /// Write the Rust code that build.rs generates; warnings and errors go to stderr
    Generate {
        /// Document to generate from [default: spec/openapi.yaml]
        #[arg(long, value_name = "FILE")]
        spec: Option<PathBuf>,
        /// Output file [default: stdout]
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Skip refused operations, with a warning for each, and generate the others
        #[arg(long)]
        skip_refused: bool,
    },
    /// Add the Rust names of new types to spec/names.toml
    ///
    /// Published names don't change.
    Names {
        /// Write nothing; exit with 1 if names are missing
        #[arg(long)]
        check: bool,
    },
    /// Add the Cargo features of new tags to spec/features.toml and Cargo.toml
    ///
    /// Published features stay.
    Features {
        /// Write nothing; exit with 1 if features are missing
        #[arg(long)]
        check: bool,
    },
    /// Generate a client for each document in a folder and print a table of the results
    Corpus {
        /// Folder of OpenAPI documents, YAML or JSON
        dir: PathBuf,
        /// Compile each client with openapi-lower-runtime
        #[arg(long)]
        compile: bool,
        /// Instead, run the programs of xtask/programs with the clients of their documents, against
        /// openapi-mock
        #[arg(long, conflicts_with = "compile")]
        programs: bool,
    },
}

/// Runs a command. Exit status: 0 success, 1 differences found, 2 error.
fn main() -> ExitCode {
    let Arguments { root, command } = Arguments::parse();
    let repository = root.map_or_else(Repository::from_manifest_dir, Repository::new);
    if let Some(warning) = xtask::hash_mismatch(&repository) {
        eprintln!("warning: {}", OneLine(&warning));
    }
    let outcome = match command {
        Command::SyncSpec {
            document,
            from,
            check,
            verify,
            accept_title,
            docs,
            format,
            timeout,
        } => {
            let timeout = Duration::from_secs(timeout);
            let options = sync_spec::Options {
                document,
                from,
                check,
                verify,
                accept_title,
                docs,
                format,
                timeout,
            };
            sync_spec::run(&repository, &options)
        }
        Command::CheckDocs {
            from,
            spec,
            document,
            save,
            complete,
            prose,
            examples,
            record,
            format,
            timeout,
            pause,
        } => {
            let policy = FetchPolicy {
                timeout: Duration::from_secs(timeout),
                retry_delay: Duration::from_millis(pause),
            };
            let options = check_docs::Options {
                from,
                spec,
                document,
                save,
                complete,
                prose,
                examples,
                record,
                format,
                policy,
            };
            check_docs::run(&repository, &options)
        }
        Command::DiffSpec(arguments) => diff_spec::run(&repository, &arguments),
        Command::Generate { spec, out, skip_refused } => {
            generate::run(&repository, spec, out.as_deref(), skip_refused)
        }
        Command::Names { check } => names::run(&repository, check),
        Command::Features { check } => features::run(&repository, check),
        Command::Corpus { dir, programs: true, .. } => programs::run(&dir),
        Command::Corpus { dir, compile, .. } => corpus::run(&dir, compile),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {}", Lines(&format!("{error:#}")));
            ExitCode::from(2)
        }
    }
}
