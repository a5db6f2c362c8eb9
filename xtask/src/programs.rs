//! `corpus --programs`: programs that stream and upload with the clients of public documents,
//! against openapi-mock. The documents aren't in this repository.

use std::{
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use openapi_lower::Config;
use openapi_mock::{Api, Exchange, MockServer};
use serde_json::json;

use crate::scratch_crate::{Dependency, ScratchCrate};

/// A program, the document of its client, and what the mock responds.
struct Program {
    /// The file name of the document in the corpus.
    document: &'static str,
    source: &'static str,
    prepare: fn(&MockServer),
}

const PROGRAMS: [Program; 3] = [
    Program {
        document: "ollama__ollama__docs-openapi.yaml",
        source: include_str!("../programs/ollama.rs"),
        prepare: |mock| {
            let words = ["The", " sky", " is", " blue", "."];
            let events = words.map(|word| json!({ "response": word, "done": word == "." }));
            mock.events("generate", events).interval(Duration::from_millis(20)).times(1);
        },
    },
    Program {
        document: "togethercomputer__openapi__openapi.yaml",
        source: include_str!("../programs/togethercomputer.rs"),
        prepare: |mock| {
            let words = ["The", " sky", " is", " blue", "."];
            let delta = |word| json!({ "data": { "choices": [{ "delta": { "content": word } }] } });
            let end = json!({ "data": "[DONE]" });
            let events = words.into_iter().map(delta).chain([end]);
            mock.events("chat-completions", events).interval(Duration::from_millis(20));
        },
    },
    Program {
        document: "resend__resend-openapi__resend.yaml",
        source: include_str!("../programs/resend.rs"),
        prepare: |mock| {
            mock.fail("emails/send", 503).times(1);
        },
    },
];

/// The dependencies of the programs beside the runtime.
const DEPENDENCIES: [Dependency; 2] =
    [("futures", "0.3", &[]), ("tokio", "1", &["macros", "rt-multi-thread"])];

/// Runs the programs and prints what they and the mock report; exits with 1 if one fails, or sends
/// a request that its document doesn't allow.
pub fn run(dir: &Path) -> Result<ExitCode> {
    let scratch = ScratchCrate::new("programs", &DEPENDENCIES)?;
    let mut failed = 0;
    for program in &PROGRAMS {
        failed += usize::from(!program.run(dir, &scratch)?);
    }
    println!("{} of {} programs succeeded", PROGRAMS.len() - failed, PROGRAMS.len());
    Ok(ExitCode::from(u8::from(failed > 0)))
}

impl Program {
    /// Runs the program; whether it succeeded, with valid requests only.
    fn run(&self, dir: &Path, scratch: &ScratchCrate) -> Result<bool> {
        let path = dir.join(self.document);
        println!("{}", self.document);
        let generated = Config::new(&path).skip_refused(true).generate()?;
        println!("  {} operations generated", generated.operations.len());
        scratch.write("client.rs", &generated.code)?;
        scratch.write("main.rs", self.source)?;
        let built = scratch.cargo(&["build", "--quiet"]).status().context("cargo build")?;
        if !built.success() {
            println!("  the program doesn't compile");
            return Ok(false);
        }

        let mock = MockServer::start(Api::load(&path)?)?;
        (self.prepare)(&mock);
        let started = Instant::now();
        let output =
            scratch.cargo(&["run", "--quiet", "--", &mock.url()]).output().context("cargo run")?;
        for line in String::from_utf8_lossy(&output.stdout).lines() {
            println!("  {line}");
        }
        for line in String::from_utf8_lossy(&output.stderr).lines() {
            println!("  error: {line}");
        }
        let exchanges = mock.exchanges();
        for exchange in &exchanges {
            println!("  mock: {}", describe(exchange));
        }
        println!("  {} ms", started.elapsed().as_millis());
        let valid = exchanges.iter().all(|sent| {
            sent.operation.is_some() && sent.violations.is_empty() && sent.mock_error.is_none()
        });
        Ok(output.status.success() && valid && !exchanges.is_empty())
    }
}

/// The line of an exchange: status, request, parts, violations.
fn describe(exchange: &Exchange) -> String {
    let status = exchange.response.as_ref().map_or(0, |response| response.status);
    let mut line = format!("{status} {} {}", exchange.method, exchange.path);
    for upload in &exchange.uploads {
        line.push_str(&format!(", {}", upload.name));
        if let (Some(file_name), Some(content_type)) = (&upload.file_name, &upload.content_type) {
            line.push_str(&format!(" = {file_name} ({content_type})"));
        }
        line.push_str(&format!(", {} bytes", upload.content.len()));
    }
    let violations = exchange.violations.iter().map(ToString::to_string);
    for problem in violations.chain(exchange.mock_error.clone()) {
        line.push_str(&format!("; {problem}"));
    }
    line
}
