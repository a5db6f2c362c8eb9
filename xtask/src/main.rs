//! `cargo xtask …`: the chores of this repository. This file only parses arguments.

mod generate;

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
    },
}

/// Exit status: 0 all is well, 1 there are differences, 2 it could not be done.
fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Generate { spec, out } => generate::run(spec.as_deref(), out.as_deref()),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
