//! Mappings of discriminators, which Mintlify writes as objects with a `$ref`.

use serde_json::{Value, json};

use super::{
    Pages, check, document,
    generator::{fragment, page},
    run,
};

/// The operation whose page has the mapping.
const PATH: &str = "/executions/{executionId}/activities";
/// The mapping in the fragment.
const MAPPING: &str =
    "/components/schemas/Agents.Execution.ActivityPayloadUnion/discriminator/mapping";

/// A page of the operation whose mapping is edited.
fn page_with(edit: impl Fn(&mut Value)) -> Pages {
    let mut fragment = fragment(&document("1.8.7"), PATH, "get");
    edit(fragment.pointer_mut(MAPPING).unwrap());
    Pages::with("activities.md", page(&fragment, PATH, "get"))
}

#[test]
fn mappings_may_be_objects() {
    let mapping = |mapping: &mut Value| {
        assert!(mapping["file_added"]["$ref"].is_string(), "the generator writes objects");
    };
    let output = check("1.8.7", &["--from", page_with(mapping).path()]);
    assert_eq!((output.code, output.kinds()), (0, vec![]), "{output:?}");
    // Strings, as the document has them, and names.
    let mapping = |mapping: &mut Value| {
        for target in mapping.as_object_mut().unwrap().values_mut() {
            *target = target["$ref"].take();
        }
    };
    assert_eq!(check("1.8.7", &["--from", page_with(mapping).path()]).code, 0);
}

/// The values of this union are in its mapping only.
#[test]
fn a_mapping_may_be_all_that_names_the_values() {
    let member = json!({ "type": "object", "properties": { "type": { "type": "string" } } });
    let with_mapping = |target: Value| {
        json!({
            "openapi": "3.1.0",
            "info": { "title": "Events", "version": "1" },
            "paths": { "/events": { "get": { "operationId": "events", "responses": { "200": {
                "description": "ok",
                "content": { "application/json": { "schema": {
                    "oneOf": [{ "$ref": "#/components/schemas/One" }, { "$ref": "#/components/schemas/Two" }],
                    "discriminator": { "propertyName": "type", "mapping": { "error": target, "two": "Two" } },
                } } },
            } } } } },
            "components": { "schemas": { "One": member, "Two": {
                "type": "object", "properties": { "type": { "type": "string" }, "x": {} },
            } } },
        })
    };
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("events.json");
    std::fs::write(&spec, with_mapping("#/components/schemas/One".into()).to_string()).unwrap();
    let check = |target: &str| {
        let shown = with_mapping(json!({ "$ref": format!("#/components/schemas/{target}") }));
        let pages = Pages::with("events.md", page(&shown, "/events", "get"));
        let arguments = ["--spec", spec.to_str().unwrap(), "--from", pages.path()];
        run(&[&arguments[..], &["--format", "json"]].concat())
    };
    let output = check("One");
    assert_eq!((output.code, output.kinds()), (0, vec![]), "{output:?}");
    let output = check("Two");
    let findings = output.findings();
    let is_replaced = |finding: &&Value| finding["kind"] == "reference-differs";
    let finding = findings.iter().find(is_replaced).unwrap_or_else(|| panic!("{output:?}"));
    let pointer = finding["pointer"].as_str().unwrap();
    assert!(pointer.ends_with("/discriminator/mapping/error"), "{finding}");
}

#[test]
fn a_mapping_to_another_schema_is_a_finding() {
    let pages = page_with(|mapping| mapping["file_added"] = mapping["generic"].clone());
    let output = check("1.8.7", &["--from", pages.path()]);
    assert_eq!(output.kinds(), ["reference-differs"], "{output:?}");
    let finding = &output.findings()[0];
    assert_eq!(finding["pointer"], format!("#{MAPPING}/file_added"));
    assert_eq!(finding["docs_pointer"], format!("#{MAPPING}/file_added"));
    assert_eq!(
        (&finding["spec"], &finding["docs"]),
        (
            &json!("`Agents.Execution.ActivityFileAddedPayload`"),
            &json!("`Agents.Execution.ActivityGenericPayload`")
        )
    );
}

#[test]
fn a_value_that_only_the_page_has_is_a_finding() {
    let pages = page_with(|mapping| mapping["invented"] = mapping["generic"].clone());
    let output = check("1.8.7", &["--from", pages.path()]);
    assert_eq!(output.kinds(), ["union-variant-only-in-docs"], "{output:?}");
    let finding = &output.findings()[0];
    assert_eq!(finding["docs"], "invented");
    assert_eq!(finding["docs_pointer"], format!("#{MAPPING}/invented"));
}
