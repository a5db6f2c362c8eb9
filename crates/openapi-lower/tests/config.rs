//! `Config` in build scripts: the instructions for Cargo, and the generated files.

mod lines;

use std::{
    env, fs,
    path::Path,
    process::{Command, Output},
};

use openapi_lower::{Config, Warnings};

use self::lines::without_lines;

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

/// A build script. It runs in a process of its own, since it prints its instructions for Cargo.
#[test]
#[ignore = "run by the other tests"]
fn build_script() {
    let mode = env::var(CHILD).unwrap();
    let result = match mode.as_str() {
        "plain" => Config::new("openapi.yaml").compile(),
        "deny" => Config::new("openapi.yaml").warnings(Warnings::Deny).compile(),
        "ignore" => Config::new("openapi.yaml").warnings(Warnings::Ignore).compile(),
        "files" => Config::new("openapi.yaml")
            .names_file("names.toml")
            .and_then(|config| config.pages_file("pages.toml"))
            .and_then(|config| config.paging_file("paging.toml"))
            .and_then(|config| config.secrets_file("secrets.toml"))
            .map_err(Into::into)
            .and_then(|config| {
                config.file_name("other.rs").compile_with(|generated| {
                    println!("operations: {}", generated.operations.join(","));
                })
            }),
        "helpers" => Config::new("openapi.yaml")
            .helpers_file("helpers.toml")
            .and_then(|config| config.helpers_file("more.toml"))
            .map_err(Into::into)
            .and_then(|config| config.compile()),
        "twice" => Config::new("openapi.yaml")
            .compile()
            .and_then(|()| Config::new("openapi.yaml").compile()),
        other => panic!("no mode {other}"),
    };
    if let Err(error) = result {
        println!("failed: {error:?}");
    }
}

/// Runs the build script in a folder with a document; returns what it prints.
fn run(folder: &Path, document: &str, mode: &str) -> String {
    fs::write(folder.join("openapi.yaml"), document).unwrap();
    let Output { stdout, stderr, .. } = Command::new(env::current_exe().unwrap())
        .args(["--exact", "build_script", "--nocapture", "--ignored"])
        .current_dir(folder)
        .env(CHILD, mode)
        .env("OUT_DIR", folder)
        .output()
        .unwrap();
    without_lines(&(String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap()))
}

#[test]
fn rerun_instructions_and_warnings_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), GOOD, "plain");
    assert!(output.contains("\ncargo::rerun-if-changed=openapi.yaml\n"), "{output}");
    let warning = "\ncargo::warning=openapi.yaml: #/paths/~1things~1{id}/get: path parameter `id` is not declared";
    assert!(output.contains(warning), "{output}");
    let code = fs::read_to_string(folder.path().join("client.rs")).unwrap();
    assert!(code.contains("fn get_thing(&self)"), "{code}");
    let output = run(folder.path(), GOOD, "ignore");
    assert!(!output.contains("cargo::warning"), "{output}");
}

#[test]
fn denied_warnings_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), GOOD, "deny");
    assert!(
        output.contains("\ncargo::error=openapi.yaml: #/paths/~1things~1{id}/get: "),
        "{output}"
    );
    assert!(
        output.contains("\nfailed: \"openapi.yaml: no client generated due to 1 previous error"),
        "{output}"
    );
    assert!(!folder.path().join("client.rs").exists());
}

#[test]
fn two_clients_need_different_files() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), GOOD, "twice");
    assert!(
        output.contains("cargo::error=") && output.contains("set a different `Config::file_name`")
    );
}

#[test]
fn skipped_operations_are_always_reported() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.yaml");
    fs::write(&path, GOOD.replace("    get:", "    put: { responses: { '101': {} } }\n    get:"))
        .unwrap();
    let config = Config::new(&path).skip_refused(true);
    let ignoring = config.clone().warnings(Warnings::Ignore);
    let diagnostics = ignoring.diagnostics(&ignoring.generate().unwrap());
    assert!(matches!(diagnostics.as_slice(), [one] if one.contains("PUT /things/{id} skipped")));
    let error = config.warnings(Warnings::Deny).generate().unwrap_err().to_string();
    assert!(error.contains("PUT /things/{id} skipped"), "{error}");
}

#[test]
fn published_names_must_be_rust_identifiers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("openapi.yaml");
    fs::write(&path, GOOD).unwrap();
    let names = [("My.Thing".to_owned(), "my type".to_owned())];
    let error = Config::new(&path).names(names).generate().unwrap_err().to_string();
    assert!(error.contains("`My.Thing`: `my type` is not a Rust identifier"), "{error}");
}

#[test]
fn each_refusal_is_a_cargo_error() {
    let folder = tempfile::tempdir().unwrap();
    let responses = "responses: { '101': { description: no } }";
    let document = GOOD.replace(
        "    get:",
        &format!("    put: {{ {responses} }}\n    post: {{ {responses} }}\n    get:"),
    );
    let output = run(folder.path(), &document, "plain");
    for method in ["put", "post"] {
        let error = format!("\ncargo::error=openapi.yaml: #/paths/~1things~1{{id}}/{method}/");
        assert!(output.contains(&error), "{error}: {output}");
    }
    let output = run(folder.path(), "openapi: 3.1.0\n\tpaths: {}", "plain");
    assert!(
        output.contains("\ncargo::error=openapi.yaml: ") && output.contains("line 2"),
        "{output}"
    );
}

#[test]
fn a_document_of_several_files_is_one_client() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("schemas")).unwrap();
    let pet = "type: object\nrequired: [name]\nproperties: { name: { type: string }, x: { $ref: './Owner.yaml' } }";
    fs::write(folder.path().join("schemas/Pet.yaml"), pet).unwrap();
    fs::write(
        folder.path().join("schemas/Owner.yaml"),
        "type: object\nproperties: { id: { type: integer } }",
    )
    .unwrap();
    let document = "
openapi: 3.1.0
info: { title: T, version: '1' }
paths:
  /pets:
    get:
      operationId: listPets
      responses: { '200': { description: ok, content: { application/json: { schema: { type: array, items: { $ref: schemas/Pet.yaml } } } } } }
";
    let output = run(folder.path(), document, "plain");
    for file in ["openapi.yaml", "schemas/Pet.yaml", "schemas/Owner.yaml"] {
        assert!(output.contains(&format!("\ncargo::rerun-if-changed={file}\n")), "{output}");
    }
    let code = fs::read_to_string(folder.path().join("client.rs")).unwrap();
    assert!(code.contains("pub struct Pet {") && code.contains("pub struct Owner {"), "{code}");

    // A refusal and a warning name the file that has the construct.
    fs::write(folder.path().join("schemas/Owner.yaml"), "$dynamicRef: '#nowhere'").unwrap();
    let output = run(folder.path(), document, "plain");
    assert!(output.contains("\ncargo::error=schemas/Owner.yaml: #/$dynamicRef: "), "{output}");
    fs::write(folder.path().join("schemas/Owner.yaml"), "type: integer\ndefault: text").unwrap();
    let output = run(folder.path(), document, "plain");
    assert!(output.contains("\ncargo::warning=schemas/Pet.yaml: #/properties/x: "), "{output}");

    let outside = document.replace("schemas/Pet.yaml", "../Pet.yaml");
    let output = run(folder.path(), &outside, "plain");
    assert!(output.contains("\ncargo::error=openapi.yaml: #/paths/~1pets/get/"), "{output}");
}

#[test]
fn configuration_files_are_watched() {
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
  schemas: { My.Thing: { type: object, properties: { pin: { type: string }, all: { type: array, items: { type: string } } } } }
";
    fs::write(folder.path().join("names.toml"), "\"My.Thing\" = \"Published\"\n").unwrap();
    fs::write(folder.path().join("pages.toml"), "getThing = \"https://docs.example/t\"\n").unwrap();
    let paging = folder.path().join("paging.toml");
    fs::write(&paging, "[getThing]\nitem = \"all\"\nlink_header = true\n").unwrap();
    let output = run(folder.path(), document, "files");
    assert!(output.contains("failed: paging.toml: unknown field `item`"), "{output}");
    fs::write(&paging, "[getThing]\nitems = \"all\"\nlink_header = true\n").unwrap();
    let output = run(folder.path(), document, "files");
    assert!(output.contains("failed: secrets.toml: "), "{output}");
    fs::write(folder.path().join("secrets.toml"), "\"My.Thing.pin\" = \"a secret\"\n").unwrap();
    let output = run(folder.path(), document, "files");
    for name in ["openapi.yaml", "names.toml", "pages.toml", "paging.toml", "secrets.toml"] {
        assert!(
            output.contains(&format!("\ncargo::rerun-if-changed={name}\n")),
            "{name}: {output}"
        );
    }
    assert!(output.contains("\noperations: getThing\n"), "{output}");
    let code = fs::read_to_string(folder.path().join("other.rs")).unwrap();
    let parts =
        ["pub struct Published", "https://docs.example/t", "runtime::redacted(", "fn pages(self)"];
    for part in parts {
        assert!(code.contains(part), "{part}: {code}");
    }
}

#[test]
fn helpers_and_their_alternatives_are_cfgs() {
    let folder = tempfile::tempdir().unwrap();
    let helpers = r#"
[get]
[[get.alternatives]]
name = "other"
operations.getOther = []
[[get.alternatives]]
name = "thing"
operations.getThing = ["id"]

[lost]
operations.getOther = []
"#;
    fs::write(folder.path().join("helpers.toml"), helpers).unwrap();
    let more = "[extra]\noptional = true\noperations.getExtra = []\n";
    fs::write(folder.path().join("more.toml"), more).unwrap();
    let output = run(folder.path(), GOOD, "helpers");
    for line in [
        "cargo::rustc-cfg=helper=\"get\"",
        "cargo::rustc-cfg=helper=\"get.thing\"",
        "cargo::rustc-check-cfg=cfg(helper, values(\"get.other\"))",
        "cargo::rustc-check-cfg=cfg(helper, values(\"lost\"))",
        "cargo::rustc-check-cfg=cfg(helper, values(\"extra\"))",
        "cargo::warning=openapi.yaml: helper `lost` skipped: operation `getOther` not found",
        "cargo::rerun-if-changed=more.toml",
    ] {
        assert!(output.contains(&format!("\n{line}\n")), "{line}: {output}");
    }
    assert_eq!(output.matches("cargo::rustc-cfg=").count(), 2, "{output}");
    // An optional helper is no reason for a warning.
    assert!(!output.contains("`extra`"), "{output}");
}

#[test]
fn client_type_and_runtime_path_are_configurable() {
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
