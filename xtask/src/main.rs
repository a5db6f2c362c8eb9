//! `cargo xtask …`: the chores of this repository. This file only parses arguments.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};
use openapi_diff::cli::Format;
use xtask::{
    Repository,
    check_docs::{self, FetchPolicy, Site},
    corpus, diff_spec, generate, names,
    sync_spec::{self, SpecSource},
};

/// Keeps the document true and shows what is made of it.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 100)]
struct Arguments {
    /// The root of another working copy
    #[arg(long, global = true, hide = true)]
    root: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Take upstream's document, say what changed, and write what belongs to it
    ///
    /// Writes spec/openapi.yaml as it was served, spec/source.toml and spec/names.toml.
    SyncSpec {
        /// Where from: a URL, a file, or `-` for standard input [default: `url` in spec/source.toml]
        #[arg(long, value_name = "URL|FILE|-")]
        from: Option<SpecSource>,
        /// Write nothing; exit with 1 if there are differences
        #[arg(long)]
        check: bool,
        /// Compile the client of the document before anything is replaced
        #[arg(long)]
        verify: bool,
        /// Take a document with another title
        #[arg(long)]
        accept_title: bool,
        /// Say how many pages of the documentation would disagree: the URL of an index, or a folder
        #[arg(long, value_name = "DIR|URL")]
        docs: Option<Site>,
        /// How to print the report
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        /// How long fetching may take, in seconds
        #[arg(long, value_name = "SECONDS", default_value_t = 30)]
        timeout: u64,
    },
    /// Compare the documentation site with the document
    ///
    /// JSON: {"pages", "matching", "other_documents", "undocumented", "findings": [{"page",
    /// "operation", "pointer", "kind", "spec", "docs", "message", "docs_pointer", "line"}]}.
    CheckDocs {
        /// Where the pages are: the URL of an index, or a folder [default: `docs` in
        /// spec/source.toml]
        #[arg(long, value_name = "URL|DIR")]
        from: Option<Site>,
        /// The document, instead of the vendored one
        #[arg(long, value_name = "FILE")]
        spec: Option<PathBuf>,
        /// Keep what is fetched, so that `--from DIR` can read it again
        #[arg(long, value_name = "DIR")]
        save: Option<PathBuf>,
        /// Operations without a page are findings
        #[arg(long)]
        complete: bool,
        /// Compare summaries and descriptions too
        #[arg(long)]
        prose: bool,
        /// Write spec/pages.toml, from which operations are linked to their pages
        #[arg(long)]
        record: bool,
        /// How to print the report
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        /// How long one page may take, in seconds
        #[arg(long, value_name = "SECONDS", default_value_t = 30)]
        timeout: u64,
        /// The pause before a page is asked for again, in milliseconds
        #[arg(long, default_value_t = 500, hide = true)]
        pause: u64,
    },
    /// Compare two documents and say what the changes mean for callers
    ///
    /// `wire` is what a change means for programs that are deployed already, `rust` for source code
    /// that uses this crate; each is none, patch, minor or major.
    ///
    /// JSON: {"wire", "rust", "changes": [{"pointer", "operation", "kind", "wire", "rust",
    /// "message", "operations", "was", "is"}]}. `operation` is null where several are reached, which
    /// `operations` lists.
    DiffSpec(openapi_diff::cli::Arguments),
    /// Write the Rust that build.rs would write; warnings and refusals go to stderr
    Generate {
        /// The document to read, instead of the vendored one
        #[arg(long, value_name = "FILE")]
        spec: Option<PathBuf>,
        /// Where to write to, instead of stdout
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Leave out operations that are refused, by name, and generate the rest
        #[arg(long)]
        skip_refused: bool,
    },
    /// Add the Rust names of new types to spec/names.toml, where published names stay
    Names {
        /// Write nothing; exit with 1 if names are missing
        #[arg(long)]
        check: bool,
    },
    /// Generate clients of all documents in a folder and print what came of each
    Corpus {
        /// The folder with OpenAPI documents, YAML or JSON
        dir: PathBuf,
        /// Compile each client with openapi-lower-runtime
        #[arg(long)]
        compile: bool,
    },
}

/// Exit status: 0 all is well, 1 there are differences, 2 it could not be done.
fn main() -> ExitCode {
    let Arguments { root, command } = Arguments::parse();
    let repository = root.map_or_else(Repository::of_this_crate, Repository::at);
    if let Some(mismatch) = xtask::mismatch(&repository) {
        eprintln!("warning: {mismatch}");
    }
    let outcome = match command {
        Command::SyncSpec { from, check, verify, accept_title, docs, format, timeout } => {
            let timeout = Duration::from_secs(timeout);
            let options =
                sync_spec::Options { from, check, verify, accept_title, docs, format, timeout };
            sync_spec::run(&repository, &options)
        }
        Command::CheckDocs {
            from,
            spec,
            save,
            complete,
            prose,
            record,
            format,
            timeout,
            pause,
        } => {
            let policy = FetchPolicy {
                timeout: Duration::from_secs(timeout),
                pause: Duration::from_millis(pause),
            };
            let options =
                check_docs::Options { from, spec, save, complete, prose, record, format, policy };
            check_docs::run(&repository, &options)
        }
        Command::DiffSpec(arguments) => diff_spec::run(&repository, &arguments),
        Command::Generate { spec, out, skip_refused } => {
            generate::run(&repository, spec, out.as_deref(), skip_refused)
        }
        Command::Names { check } => names::run(&repository, check),
        Command::Corpus { dir, compile } => corpus::run(&dir, compile),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
