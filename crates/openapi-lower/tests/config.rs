//! `Config` as a build script uses it: what it tells Cargo, and what it writes.

use std::{
    env, fs,
    path::Path,
    process::{Command, Output},
};

use openapi_lower::{Config, Warnings};

const CHILD: &str = "OPENAPI_LOWER_TEST_CHILD";

const GOOD: &str = "
openapi: 3.1.0
info: { title: T, version: '1' }
paths:
  /things/{id}:
    get:
      operationId: getThing
      responses: { '200': { description: ok } }
";

/// A build script, in a process of its own, since it talks to Cargo by what it prints.
#[test]
#[ignore = "the other tests run it"]
fn build_script() {
    let mode = env::var(CHILD).unwrap();
    let outcome = match mode.as_str() {
        "plain" => Config::new("openapi.yaml").compile(),
        "deny" => Config::new("openapi.yaml").warnings(Warnings::Deny).compile(),
        "ignore" => Config::new("openapi.yaml").warnings(Warnings::Ignore).compile(),
        "files" => Config::new("openapi.yaml")
            .names_file("names.toml")
            .and_then(|config| config.pages_file("pages.toml"))
            .and_then(|config| config.secrets_file("secrets.toml"))
            .map_err(Into::into)
            .and_then(|config| {
                config.file_name("other.rs").compile_with(|generated| {
                    println!("operations: {}", generated.operations.join(","));
                })
            }),
        "twice" => Config::new("openapi.yaml")
            .compile()
            .and_then(|()| Config::new("openapi.yaml").compile()),
        other => panic!("no mode {other}"),
    };
    if let Err(error) = outcome {
        println!("failed: {error:?}");
    }
}

/// Runs the build script in a folder with this document.
fn run(folder: &Path, document: &str, mode: &str) -> String {
    fs::write(folder.join("openapi.yaml"), document).unwrap();
    let Output { stdout, stderr, .. } = Command::new(env::current_exe().unwrap())
        .args(["--exact", "build_script", "--nocapture", "--ignored"])
        .current_dir(folder)
        .env(CHILD, mode)
        .env("OUT_DIR", folder)
        .output()
        .unwrap();
    String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap()
}

#[test]
fn cargo_is_told_when_to_run_it_again_and_what_to_warn_of() {
    let folder = tempfile::tempdir().unwrap();
    let told = run(folder.path(), GOOD, "plain");
    assert!(told.contains("\ncargo::rerun-if-changed=openapi.yaml\n"), "{told}");
    let warning = "\ncargo::warning=openapi.yaml: #/paths/~1things~1{id}/get: `{id}` in the path isn't declared";
    assert!(told.contains(warning), "{told}");
    let code = fs::read_to_string(folder.path().join("client.rs")).unwrap();
    assert!(code.contains("fn get_thing(&self)"), "{code}");
    let told = run(folder.path(), GOOD, "ignore");
    assert!(!told.contains("cargo::warning"), "{told}");
}

#[test]
fn warnings_that_are_denied_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let told = run(folder.path(), GOOD, "deny");
    assert!(told.contains("\ncargo::error=openapi.yaml: #/paths/~1things~1{id}/get: "), "{told}");
    assert!(
        told.contains("\nfailed: \"openapi.yaml: no client, because of the error above"),
        "{told}"
    );
    assert!(!folder.path().join("client.rs").exists());
}

#[test]
fn two_clients_have_files_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let told = run(folder.path(), GOOD, "twice");
    assert!(told.contains("cargo::error=") && told.contains("give one of them a `file_name`"));
}

#[test]
fn what_is_left_out_is_denied_and_never_dropped_in_silence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.yaml");
    fs::write(&path, GOOD.replace("    get:", "    trace: { responses: {} }\n    get:")).unwrap();
    let config = Config::new(&path).skip_refused(true);
    let ignoring = config.clone().warnings(Warnings::Ignore);
    let printed = ignoring.printed(&ignoring.generate().unwrap());
    assert!(matches!(printed.as_slice(), [one] if one.contains("TRACE /things/{id} is left out")));
    let error = config.warnings(Warnings::Deny).generate().unwrap_err().to_string();
    assert!(error.contains("TRACE /things/{id} is left out"), "{error}");
}

#[test]
fn a_published_name_is_one_that_rust_can_have() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.yaml");
    fs::write(&path, GOOD).unwrap();
    let names = [("My.Thing".to_owned(), "my type".to_owned())];
    let error = Config::new(&path).names(names).generate().unwrap_err().to_string();
    assert!(error.contains("`My.Thing`: `my type` is no name that Rust can have"), "{error}");
}

#[test]
fn each_refusal_is_an_error_of_cargo_s() {
    let folder = tempfile::tempdir().unwrap();
    let both = "responses: { '200': { description: ok } }";
    let document = GOOD.replace(
        "    get:",
        &format!("    options: {{ {both} }}\n    trace: {{ {both} }}\n    get:"),
    );
    let told = run(folder.path(), &document, "plain");
    for method in ["options", "trace"] {
        let error = format!("\ncargo::error=openapi.yaml: #/paths/~1things~1{{id}}/{method}: ");
        assert!(told.contains(&error), "{error}: {told}");
    }
    let told = run(folder.path(), "openapi: 3.1.0\n\tpaths: {}", "plain");
    assert!(told.contains("\ncargo::error=openapi.yaml: ") && told.contains("line 2"), "{told}");
}

#[test]
fn files_beside_the_document_are_read_and_watched() {
    let folder = tempfile::tempdir().unwrap();
    let document = "
openapi: 3.1.0
info: { title: T, version: '1' }
paths:
  /thing:
    get:
      operationId: getThing
      responses:
        '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/My.Thing' } } } }
components:
  schemas: { My.Thing: { type: object, properties: { pin: { type: string } } } }
";
    fs::write(folder.path().join("names.toml"), "\"My.Thing\" = \"Published\"\n").unwrap();
    fs::write(folder.path().join("pages.toml"), "getThing = \"https://docs.example/t\"\n").unwrap();
    let told = run(folder.path(), document, "files");
    assert!(told.contains("failed: secrets.toml: "), "{told}");
    fs::write(folder.path().join("secrets.toml"), "\"My.Thing.pin\" = \"a secret\"\n").unwrap();
    let told = run(folder.path(), document, "files");
    for name in ["openapi.yaml", "names.toml", "pages.toml", "secrets.toml"] {
        assert!(told.contains(&format!("\ncargo::rerun-if-changed={name}\n")), "{name}: {told}");
    }
    assert!(told.contains("\noperations: getThing\n"), "{told}");
    let code = fs::read_to_string(folder.path().join("other.rs")).unwrap();
    for part in ["pub struct Published", "https://docs.example/t", "runtime::redacted_debug!"] {
        assert!(code.contains(part), "{part}: {code}");
    }
}

#[test]
fn the_operations_can_be_given_to_another_type() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.yaml");
    fs::write(&path, GOOD).unwrap();
    let config = Config::new(&path).out_dir(folder.path());
    let own = config.generate().unwrap().code;
    assert!(own.contains("pub struct Client(runtime::Client);"), "{own}");
    assert!(own.starts_with("::openapi_lower_runtime::__compatible!(1);\n"), "{own}");
    let users = config.clone().client("crate::My").runtime("crate::rt").generate().unwrap().code;
    assert!(!users.contains("pub struct Client(runtime::Client);"), "{users}");
    assert!(users.contains("impl crate::My {"), "{users}");
    assert!(users.starts_with("crate::rt::__compatible!(1);\n"), "{users}");
}
