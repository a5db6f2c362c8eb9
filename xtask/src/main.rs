//! `cargo xtask …`: the chores of this repository. This file only parses arguments.

mod corpus;
mod files;
mod generate;
mod names;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

/// Keeps the document true and shows what is made of it.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
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
        /// Compile each client with the runtime of src/runtime
        #[arg(long)]
        compile: bool,
    },
}

/// Exit status: 0 all is well, 1 there are differences, 2 it could not be done.
fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Generate { spec, out, skip_refused } => {
            generate::run(spec.as_deref(), out.as_deref(), skip_refused)
        }
        Command::Names { check } => names::run(check),
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
