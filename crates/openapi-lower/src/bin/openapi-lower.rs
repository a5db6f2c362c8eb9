//! `openapi-lower generate`: the client of a document, outside of a build script.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use openapi_lower::{Config, Warnings};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Exit status: 0 all is well, 1 the file differs (`--check`), 2 it could not be done.
fn main() -> ExitCode {
    let matches = command().get_matches();
    let outcome = match matches.subcommand() {
        Some((_, arguments)) => generate(arguments),
        None => Ok(ExitCode::SUCCESS),
    };
    outcome.unwrap_or_else(|error| {
        for line in error.to_string().lines() {
            eprintln!("error: {line}");
        }
        ExitCode::from(2)
    })
}

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
        .about("Write the Rust client of an OpenAPI document")
        .arg(
            Arg::new("document")
                .value_name("DOCUMENT")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help("The document: OpenAPI 3.0 or 3.1, YAML or JSON"),
        )
        .arg(file("out", "Where to write to, instead of standard output"))
        .arg(
            flag("check", "Write nothing; exit with 1 if the file of --out differs")
                .requires("out"),
        )
        .arg(path("client", "Your own client type, `crate::Client`, in place of a generated one"))
        .arg(path("runtime", "Where generated code finds openapi-lower-runtime"))
        .arg(file("names", "A TOML file of `\"Schema\" = \"RustName\"`"))
        .arg(file("pages", "A TOML file of `operationId = \"URL\"`"))
        .arg(file("secrets", "A TOML file of `\"Schema.property\" = \"why\"`"))
        .arg(flag("skip-refused", "Leave out operations that are refused, and generate the rest"))
        .arg(
            Arg::new("warnings")
                .long("warnings")
                .value_name("WHAT")
                .value_parser(["print", "deny", "ignore"])
                .default_value("print")
                .help("What becomes of warnings, which go to standard error"),
        );
    Command::new("openapi-lower")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Generates Rust clients from OpenAPI documents")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(generate)
}

fn generate(arguments: &ArgMatches) -> Result<ExitCode> {
    let config = config(arguments)?;
    let generated = config.generate()?;
    for warning in config.printed(&generated) {
        eprintln!("warning: {warning}");
    }
    let Some(out) = arguments.get_one::<PathBuf>("out") else {
        io::stdout().write_all(generated.code.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    };
    let at = |error: io::Error| format!("{}: {error}", out.display());
    if !arguments.get_flag("check") {
        replace(out, generated.code.as_bytes()).map_err(at)?;
        eprintln!("{} operations written to {}", generated.operations.len(), out.display());
        return Ok(ExitCode::SUCCESS);
    }
    let is_same = match fs::read(out) {
        Ok(code) => code == generated.code.as_bytes(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(at(error).into()),
    };
    if !is_same {
        println!("{} differs: run the same command without --check", out.display());
    }
    Ok(ExitCode::from(u8::from(!is_same)))
}

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
    if let Some(secrets) = file("secrets") {
        config = config.secrets_file(secrets)?;
    }
    Ok(config)
}

/// Replaces a file as a whole: interrupted anywhere, it is the old one or the new one. What is no
/// file, `/dev/stdout` for example, is written to.
fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        return fs::write(path, content);
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let replaced = fs::write(&beside, content).and_then(|()| fs::rename(&beside, path));
    if replaced.is_err() {
        let _ = fs::remove_file(&beside);
    }
    replaced
}
