//! Helpers: which are available, which alternative is chosen, and what they call.

use std::fs;

use openapi_document::Document;
use openapi_lower::{AvailableHelper, Config, HelperSelection};

const HELPERS: &str = r#"
[plain]
operations.GetThing = ["id"]

[run]
operations.GetThing = []
[[run.alternatives]]
name = "new"
operations.RunNew = ["id"]
note = "Ids are other ones."
[[run.alternatives]]
name = "old"
operations.RunOld = []
[[run.alternatives]]
name = "oldest"
operations.RunOldest = []

[extra]
optional = true
operations.Missing = []
"#;

/// A document with `GetThing` and these operations, each with its further members.
fn document(operations: &[(&str, &str)]) -> Document {
    let mut text = "
openapi: 3.1.0
info: { title: T, version: '1' }
paths:
  /things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
    get: { operationId: GetThing, responses: { '204': { description: ok } } }
"
    .to_owned();
    for (id, members) in operations {
        text.push_str(&format!(
            "
  /{id}/{{id}}:
    parameters: [{{ name: id, in: path, required: true, schema: {{ type: string }} }}]
    post: {{ operationId: {id}, {members} responses: {{ '204': {{ description: ok }} }} }}
"
        ));
    }
    Document::parse(&text).unwrap()
}

fn config(helpers: &str) -> Config {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("helpers.toml");
    fs::write(&path, helpers).unwrap();
    Config::new("openapi.yaml").helpers_file(path).unwrap()
}

fn select(operations: &[(&str, &str)]) -> HelperSelection {
    config(HELPERS).helpers(&document(operations)).unwrap()
}

/// The chosen alternative of `run`; `None` if the helper isn't available.
fn run(operations: &[(&str, &str)]) -> Option<AvailableHelper> {
    select(operations).available.into_iter().find(|one| one.helper == "run")
}

const DEPRECATED: &str = "deprecated: true,";

#[test]
fn the_first_alternative_that_is_there_and_not_deprecated_is_chosen() {
    for (operations, expected) in [
        (vec![("RunOld", ""), ("RunNew", "")], "new"),
        (vec![("RunOld", ""), ("RunOldest", "")], "old"),
        (vec![("RunNew", DEPRECATED), ("RunOldest", "")], "oldest"),
        // Only where there is no other.
        (vec![("RunOldest", DEPRECATED), ("RunOld", DEPRECATED)], "old"),
    ] {
        let chosen = run(&operations).and_then(|one| one.alternative);
        assert_eq!(chosen.as_deref(), Some(expected), "{operations:?}");
    }
}

#[test]
fn an_available_helper_names_what_it_calls() {
    let helper = run(&[("RunNew", DEPRECATED)]).unwrap();
    assert_eq!(helper.alternative_operations, ["RunNew"]);
    assert_eq!(helper.operations, ["GetThing", "RunNew"]);
    assert_eq!(helper.deprecated_operations, ["RunNew"]);
    assert_eq!(helper.note.as_deref(), Some("Ids are other ones."));
}

#[test]
fn a_helper_without_any_alternative_is_unavailable() {
    let selection = select(&[]);
    let available: Vec<_> = selection.available.iter().map(|one| one.helper.as_str()).collect();
    assert_eq!(available, ["plain"]);
    let unavailable: Vec<_> =
        selection.unavailable.iter().map(|one| (one.to_string(), one.optional)).collect();
    let run = "helper `run` skipped: operation `RunNew` not found (`new`), operation `RunOld` not \
               found (`old`), operation `RunOldest` not found (`oldest`)";
    let extra = "helper `extra` skipped: operation `Missing` not found";
    assert_eq!(unavailable, [(extra.to_owned(), true), (run.to_owned(), false)]);
}

#[test]
fn the_requirements_of_a_helper_hold_for_all_its_alternatives() {
    let without = HELPERS.replace("operations.GetThing = []", "operations.GetThing = [\"page\"]");
    let selection = config(&without).helpers(&document(&[("RunNew", "")])).unwrap();
    let run = selection.unavailable.iter().find(|one| one.helper == "run").unwrap();
    assert_eq!(run.reason, "operation `GetThing` has no setter `page`");
}

#[test]
fn the_operations_of_helpers_have_functions_that_are_not_deprecated() {
    let document = document(&[("RunOld", DEPRECATED), ("RunOther", "")]);
    let code = config(HELPERS).generate_from(&document).unwrap().code;
    let file = syn::parse_file(&code).unwrap();
    let functions: Vec<_> = file
        .items
        .iter()
        .filter_map(|item| match item {
            syn::Item::Mod(module) if module.ident == "helper_operations" => Some(module),
            _ => None,
        })
        .inspect(|module| assert!(matches!(module.vis, syn::Visibility::Restricted(_))))
        .flat_map(|module| &module.content.as_ref().unwrap().1)
        .filter_map(|item| match item {
            syn::Item::Fn(function) => Some(function),
            _ => None,
        })
        .inspect(|one| assert!(!one.attrs.iter().any(|one| one.path().is_ident("deprecated"))))
        .map(|function| function.sig.ident.to_string())
        .collect();
    // Those that an available helper calls, and no others.
    assert_eq!(functions, ["get_thing", "run_old"]);
    assert!(code.contains("#[deprecated"), "the method of the client is");
    // Without helpers, there is no such module.
    let code = Config::new("openapi.yaml").generate_from(&document).unwrap().code;
    assert!(!code.contains("helper_operations"));
}

#[test]
fn names_that_no_cfg_can_tell_apart_are_errors() {
    for (helpers, reason) in [
        ("[\"a.b\"]", "`a.b`: a name has letters, digits, `_` and `-` only"),
        ("[a]\n[[a.alternatives]]\nname = \"\"", "``: a name has"),
        (
            "[a]\n[[a.alternatives]]\nname = \"x\"\n[[a.alternatives]]\nname = \"x\"",
            "`a` has two alternatives `x`",
        ),
        ("[a]\nalternative = []", "unknown field `alternative`"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("helpers.toml");
        fs::write(&path, helpers).unwrap();
        let error = Config::new("openapi.yaml").helpers_file(&path).unwrap_err().to_string();
        assert!(error.contains("helpers.toml: ") && error.contains(reason), "{error}");
    }
}
