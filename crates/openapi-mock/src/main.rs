//! Command-line mock server: `cargo run -p openapi-mock -- spec/openapi.yaml --port 8080`.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;
use openapi_document::{Lines, OneLine};
use openapi_mock::{Api, Exchange, Fill, MockServer};

/// Serves an OpenAPI 3.1 or 3.2 document on loopback: validates requests, and responds with
/// generated data.
#[derive(Debug, Parser)]
struct Cli {
    /// The OpenAPI document, YAML or JSON.
    document: PathBuf,
    /// The port to listen on; 0 picks a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The seed of the generated responses.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Generate required properties only.
    #[arg(long)]
    minimal: bool,
    /// The number of items in each paginated list.
    #[arg(long, default_value_t = 25)]
    items: usize,
}

fn main() -> ExitCode {
    match serve(&Cli::parse()) {
        Ok(never) => match never {},
        Err(error) => {
            eprintln!("error: {}", Lines(&error.to_string()));
            ExitCode::from(2)
        }
    }
}

/// Serves the document until the process is killed.
fn serve(cli: &Cli) -> Result<std::convert::Infallible, Box<dyn std::error::Error>> {
    let path = cli.document.display();
    let api = Api::load(&cli.document)?;
    let mock = MockServer::start_on(api, cli.port)
        .map_err(|error| format!("port {}: {error}", cli.port))?;
    mock.set_seed(cli.seed);
    mock.set_fill(if cli.minimal { Fill::Minimal } else { Fill::Full });
    mock.all_pages(cli.items)?;
    mock.observe(|exchange| println!("{}", OneLine(&log_line(exchange))));
    println!("{} operations of {path} at {}", mock.api().operations().len(), mock.url());
    loop {
        // Exchanges have been printed; discard them so that memory doesn't grow.
        std::thread::sleep(Duration::from_secs(1));
        mock.take_exchanges();
    }
}

/// The log line of an exchange: status, request, operation and violations.
fn log_line(exchange: &Exchange) -> String {
    let query = if exchange.query.is_empty() { "" } else { "?" };
    let status =
        exchange.response.as_ref().map_or("---".to_owned(), |sent| sent.status.to_string());
    let operation = exchange.operation.as_deref().unwrap_or("no operation");
    let mut line = format!(
        "{status} {} {}{query}{} [{operation}]",
        exchange.method, exchange.path, exchange.query
    );
    let violations = exchange.violations.iter().map(ToString::to_string);
    let problems: Vec<_> = violations.chain(exchange.mock_error.clone()).collect();
    if !problems.is_empty() {
        line.push_str(" — ");
        line.push_str(&problems.join("; "));
    }
    line
}
