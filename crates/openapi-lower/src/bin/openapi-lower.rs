//! The command line: `openapi-lower generate` generates a client outside of a build script.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use openapi_document::OneLine;
use openapi_lower::{Config, Warnings};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Exits with 0 on success, 1 if the file differs (`--check`), 2 on errors.
fn main() -> ExitCode {
    let matches = command().get_matches();
    let result = match matches.subcommand() {
        Some((_, arguments)) => generate(arguments),
        None => Ok(ExitCode::SUCCESS),
    };
    result.unwrap_or_else(|error| {
        for line in error.to_string().lines() {
            eprintln!("error: {}", OneLine(line));
        }
        ExitCode::from(2)
    })
}

/// The definition of the arguments.
fn command() -> Command {
    let file = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("FILE").value_parser(value_parser!(PathBuf)).help(help)
    };
    let path = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name("PATH").help(help)
    };
    let flag = |name: &'static str, help: &'static str| {
        Arg::new(name).long(name).action(ArgAction::SetTrue).help(help)
    };
    let generate = Command::new("generate")
        .about("Generates the Rust client of an OpenAPI document")
        .arg(
            Arg::new("document")
                .value_name("DOCUMENT")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help("The OpenAPI 3.0 or 3.1 document, YAML or JSON"),
        )
        .arg(file("out", "Write the code to this file instead of standard output"))
        .arg(
            flag("check", "Write nothing; exit with status 1 if the file of --out differs")
                .requires("out"),
        )
        .arg(path(
            "client",
            "The path of your own client type, such as `crate::Client`, instead of a generated one",
        ))
        .arg(path("runtime", "The path of openapi-lower-runtime in the generated code"))
        .arg(file("names", "A TOML file with Rust names of types: `\"Schema\" = \"RustName\"`"))
        .arg(file(
            "pages",
            "A TOML file with documentation pages of operations: `operationId = \"URL\"`",
        ))
        .arg(file("paging", "A TOML file with the paging of operations that no rule recognizes"))
        .arg(file(
            "secrets",
            "A TOML file with secret properties: `\"Schema.property\" = \"reason\"`",
        ))
        .arg(
            Arg::new("received")
                .long("received")
                .value_name("OPERATION")
                .action(ArgAction::Append)
                .help("The id of an operation that the API sends to you: it is a webhook"),
        )
        .arg(flag("skip-refused", "Skip refused operations and generate the others"))
        .arg(
            Arg::new("warnings")
                .long("warnings")
                .value_name("ACTION")
                .value_parser(["print", "deny", "ignore"])
                .default_value("print")
                .help("Print warnings to standard error, fail on them, or ignore them"),
        );
    Command::new("openapi-lower")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Generates Rust clients from OpenAPI documents")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(generate)
}

/// Runs `openapi-lower generate`.
fn generate(arguments: &ArgMatches) -> Result<ExitCode> {
    let config = config(arguments)?;
    let generated = config.generate()?;
    for warning in config.diagnostics(&generated) {
        eprintln!("warning: {}", OneLine(&warning));
    }
    let Some(out) = arguments.get_one::<PathBuf>("out") else {
        io::stdout().write_all(generated.code.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    };
    let with_path = |error: io::Error| format!("{}: {error}", out.display());
    if !arguments.get_flag("check") {
        replace(out, generated.code.as_bytes()).map_err(with_path)?;
        eprintln!("wrote {} operations to {}", generated.operations.len(), out.display());
        return Ok(ExitCode::SUCCESS);
    }
    let is_same = match fs::read(out) {
        Ok(code) => code == generated.code.as_bytes(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(with_path(error).into()),
    };
    if !is_same {
        println!("{} is out of date: run the same command without `--check`", out.display());
    }
    Ok(ExitCode::from(u8::from(!is_same)))
}

/// The configuration from the arguments.
fn config(arguments: &ArgMatches) -> Result<Config> {
    let file = |name: &str| arguments.get_one::<PathBuf>(name);
    let text = |name: &str| arguments.get_one::<String>(name);
    let document = file("document").cloned().unwrap_or_default();
    let warnings = match text("warnings").map(String::as_str) {
        Some("deny") => Warnings::Deny,
        Some("ignore") => Warnings::Ignore,
        _ => Warnings::Print,
    };
    let mut config =
        Config::new(document).skip_refused(arguments.get_flag("skip-refused")).warnings(warnings);
    config = config.received(arguments.get_many::<String>("received").into_iter().flatten());
    if let Some(path) = text("client") {
        config = config.client(path);
    }
    if let Some(path) = text("runtime") {
        config = config.runtime(path);
    }
    if let Some(names) = file("names") {
        config = config.names_file(names)?;
    }
    if let Some(pages) = file("pages") {
        config = config.pages_file(pages)?;
    }
    if let Some(paging) = file("paging") {
        config = config.paging_file(paging)?;
    }
    if let Some(secrets) = file("secrets") {
        config = config.secrets_file(secrets)?;
    }
    Ok(config)
}

/// Replaces a file atomically, by writing a temporary file and renaming it. Writes directly to
/// paths that aren't regular files, such as `/dev/stdout`.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return fs::write(path, content);
    }
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(".new");
    let replaced = fs::write(&temporary, content).and_then(|()| fs::rename(&temporary, path));
    if replaced.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    replaced
}
