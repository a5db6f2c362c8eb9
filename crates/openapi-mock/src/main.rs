//! Serves a document for curl: `cargo run -p openapi-mock -- spec/openapi.yaml --port 8080`.

use std::{fs, path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;
use openapi_mock::{Api, Exchange, Fill, MockApi};

/// Serves an OpenAPI 3.1 document on loopback: checks requests, answers with instances.
#[derive(Debug, Parser)]
struct Arguments {
    /// The document, YAML or JSON.
    document: PathBuf,
    /// The port; 0 is any free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The seed of the answers.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Answers hold only what is required.
    #[arg(long)]
    minimal: bool,
    /// How many items a list with pages has.
    #[arg(long, default_value_t = 25)]
    items: usize,
}

fn main() -> ExitCode {
    match serve(&Arguments::parse()) {
        Ok(never) => match never {},
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn serve(arguments: &Arguments) -> Result<std::convert::Infallible, Box<dyn std::error::Error>> {
    let path = arguments.document.display();
    let text = fs::read_to_string(&arguments.document).map_err(|e| format!("{path}: {e}"))?;
    let api = Api::parse(&text).map_err(|error| format!("{path}: {error}"))?;
    let mock = MockApi::start_on(api, arguments.port)
        .map_err(|error| format!("port {}: {error}", arguments.port))?;
    mock.seed(arguments.seed);
    mock.fill(if arguments.minimal { Fill::Minimal } else { Fill::Full });
    mock.all_pages(arguments.items)?;
    mock.observe(|exchange| println!("{}", line(exchange)));
    println!("{} operations of {path} at {}", mock.api().operations().len(), mock.url());
    loop {
        // They were printed; kept, they would add up.
        std::thread::sleep(Duration::from_secs(1));
        mock.take_exchanges();
    }
}

/// One line for a request: what was asked, by which operation it was answered, and why not.
fn line(exchange: &Exchange) -> String {
    let query = if exchange.query.is_empty() { "" } else { "?" };
    let status = exchange.answer.as_ref().map_or("---".to_owned(), |sent| sent.status.to_string());
    let operation = exchange.operation.as_deref().unwrap_or("no operation");
    let mut line = format!(
        "{status} {} {}{query}{} [{operation}]",
        exchange.method, exchange.path, exchange.query
    );
    let violations = exchange.violations.iter().map(ToString::to_string);
    let why: Vec<_> = violations.chain(exchange.fault.clone()).collect();
    if !why.is_empty() {
        line.push_str(" — ");
        line.push_str(&why.join("; "));
    }
    line
}
