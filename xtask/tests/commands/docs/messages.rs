//! The messages of findings: for authors, with both values and the exact line.

use serde_json::{Value, json};

use super::{
    PAGE, Pages, check, document,
    drift::{remove, set, small_site},
    generator::{fragment, mintlify_site, page},
};

const PATH: &str = "/agent-profile-pools";

/// The findings on a page of an operation whose fragment is edited.
fn findings_of(version: &str, path: &str, method: &str, edit: impl Fn(&mut Value)) -> Vec<Value> {
    let mut fragment = fragment(&document(version), path, method);
    edit(&mut fragment);
    let pages = Pages::with("page.md", page(&fragment, path, method));
    check(version, &["--from", pages.path()]).findings()
}

/// The finding on a page that differs once, and the text at its line.
fn finding_of(path: &str, method: &str, edit: impl Fn(&mut Value)) -> (Value, String) {
    let findings = findings_of("1.8.7", path, method, &edit);
    let [finding] = findings.as_slice() else { panic!("{findings:#?}") };
    let mut fragment = fragment(&document("1.8.7"), path, method);
    edit(&mut fragment);
    let line = finding["line"].as_u64().unwrap() as usize;
    let text = page(&fragment, path, method).lines().nth(line - 1).unwrap().trim().to_owned();
    (finding.clone(), text)
}

#[test]
fn responses_without_content_are_named() {
    let path = "/executions/{executionId}/recording";
    let (finding, line) = finding_of(path, "get", |fragment| {
        remove(fragment, "/paths/~1executions~1{executionId}~1recording/get/responses/307");
    });
    assert_eq!(finding["message"], "the document has response 307, the page hasn't");
    assert_eq!(line, "responses:");
    let (finding, line) = finding_of(PATH, "get", |fragment| {
        set(
            fragment,
            "/paths/~1agent-profile-pools/get/responses/418",
            json!({ "description": "x" }),
        );
    });
    assert_eq!(finding["message"], "the page has response 418, the document hasn't");
    assert_eq!((&finding["docs"], line.as_str()), (&json!("418"), "'418':"));
    let (finding, _) = finding_of(PATH, "get", |fragment| {
        remove(fragment, "/paths/~1agent-profile-pools/get/responses/404");
    });
    assert_eq!(
        finding["message"],
        "the document has response 404 (application/json), the page hasn't"
    );
}

#[test]
fn prose_shows_the_words_around_the_first_difference() {
    let description = "/paths/~1agent-profile-pools/get/description";
    let long = "Lists all agent profile pools of an organization, sorted by name or by date. ";
    let document = |end: &str| format!("{}{end}", long.repeat(4));
    let spec = tempfile::tempdir().unwrap();
    let file = spec.path().join("openapi.json");
    let mut changed = super::document("1.8.7");
    set(&mut changed, description, document("The default is ascending.").into());
    std::fs::write(&file, changed.to_string()).unwrap();
    let check = |text: String| {
        let mut fragment = fragment(&changed, PATH, "get");
        set(&mut fragment, description, text.into());
        let pages = Pages::with("page.md", page(&fragment, PATH, "get"));
        let arguments = ["--spec", file.to_str().unwrap(), "--from", pages.path(), "--prose"];
        super::run(&[&arguments[..], &["--format", "json"]].concat()).findings()
    };
    assert!(check(document("The default is ascending.")).is_empty());
    let findings = check(document("The default is descending."));
    assert_eq!(
        findings[0]["message"],
        "`description` of the operation: the document has …date. The default is ascending., the \
         page has …date. The default is descending."
    );
    // White space makes a difference, too.
    let findings = check(document("The default is  ascending."));
    let message = findings[0]["message"].as_str().unwrap();
    assert!(message.ends_with("the page has …date. The default is  ascending."), "{message}");
}

#[test]
fn both_sides_differ_in_print() {
    // Two unions of four schemas.
    let union = |types: [&str; 4]| json!({ "anyOf": types.map(|format| json!({ "type": "string", "format": format })) });
    let schema = "/components/schemas/Common.SortDirection";
    let spec = tempfile::tempdir().unwrap();
    let file = spec.path().join("openapi.json");
    let mut changed = document("1.8.7");
    set(&mut changed, schema, union(["date", "uuid", "email", "ipv4"]));
    std::fs::write(&file, changed.to_string()).unwrap();
    let mut fragment = fragment(&changed, PATH, "get");
    set(&mut fragment, schema, union(["uri", "time", "ipv6", "binary"]));
    let pages = Pages::with("page.md", page(&fragment, PATH, "get"));
    let arguments = ["--spec", file.to_str().unwrap(), "--from", pages.path()];
    let findings = super::run(&[&arguments[..], &["--format", "json"]].concat()).findings();
    let [finding] = findings.as_slice() else { panic!("{findings:#?}") };
    assert_eq!(
        finding["message"],
        "schema `Common.SortDirection`: the document has union of string date, string uuid, string \
         email, string ipv4, the page has union of string uri, string time, string ipv6, string binary"
    );
    let (finding, line) = finding_of(PATH, "get", |fragment| {
        let headers = "/paths/~1agent-profile-pools/get/responses/200/headers";
        set(fragment, headers, json!({ "X-Total": { "schema": { "type": "integer" } } }));
    });
    assert_eq!(
        finding["message"],
        "response 200: headers: the page has x-total, the document hasn't"
    );
    assert_eq!(line, "headers:");
    // A component that is of another type.
    let (finding, _) = finding_of(PATH, "get", |fragment| {
        let schema = "/components/schemas/Agents.Profile.AgentProfilePool";
        set(fragment, schema, json!({ "type": "array", "items": { "type": "string" } }));
    });
    let message = finding["message"].as_str().unwrap();
    assert!(
        message.ends_with("the document has object, the page has array of string"),
        "{message}"
    );
}

/// The pages of an old version compared with new ones.
#[test]
fn no_message_of_real_differences_shows_equal_values_or_rust() {
    let pages = Pages::new();
    for (name, text) in mintlify_site(&document("1.8.7")) {
        pages.write(&name, text);
    }
    for version in ["1.8.201", "1.9.167"] {
        let findings = check(version, &["--prose", "--from", pages.path()]).findings();
        assert!(findings.len() > 1_000);
        for finding in findings {
            let message = finding["message"].as_str().unwrap();
            assert_ne!(finding["spec"], finding["docs"], "{finding}");
            if let Some((_, rest)) = message.split_once(": the document has ")
                && let Some((spec, docs)) = rest.split_once(", the page has ")
            {
                assert_ne!(spec, docs, "{finding}");
            }
            for rust in
                ["i32", "i64", "f64", "Uuid", "DateTime", "String", "types::", "Rust", "crate"]
            {
                let words = |text: &str| {
                    text.split(|c: char| !c.is_alphanumeric() && c != ':').any(|word| word == rust)
                };
                assert!(!words(message), "{rust}: {finding}");
            }
        }
    }
}

#[test]
fn a_replaced_reference_is_reported_where_it_is() {
    let (finding, line) = finding_of(PATH, "get", |fragment| {
        let schema =
            "/components/schemas/Agents.Profile.AgentProfilePool/properties/selectionStrategy";
        set(fragment, schema, json!({ "$ref": "#/components/schemas/Common.SortDirection" }));
        remove(fragment, "/components/schemas/Agents.Profile.SelectionStrategy");
    });
    let property =
        "#/components/schemas/Agents.Profile.AgentProfilePool/properties/selectionStrategy";
    assert_eq!(
        (&finding["kind"], &finding["pointer"]),
        (&json!("reference-differs"), &json!(property))
    );
    assert_eq!(line, "selectionStrategy:");
    assert_eq!(
        finding["message"],
        "property `Agents.Profile.AgentProfilePool.selectionStrategy`: the document has \
         `Agents.Profile.SelectionStrategy`, the page has `Common.SortDirection`"
    );
}

#[test]
fn lines_are_those_of_the_keywords() {
    let request = "/components/schemas/Agents.Profile.CreateAgentProfileRequest";
    let profile = |edit: &dyn Fn(&mut Value)| finding_of("/agent-profiles", "post", edit).1;
    let scheme = "/components/securitySchemes/ApiKeyAuth/name";
    assert_eq!(profile(&|fragment| set(fragment, scheme, "X-Key".into())), "name: X-Key");
    let name = format!("{request}/properties/name");
    assert_eq!(
        profile(&|fragment| set(fragment, &format!("{name}/maxLength"), 7.into())),
        "maxLength: 7"
    );
    let required = format!("{request}/required");
    let with_description = json!(["name", "description", "organizationId", "proxyCC"]);
    assert_eq!(
        profile(&|fragment| set(fragment, &required, with_description.clone())),
        "- proxyCC"
    );
    // What is missing belongs into a list.
    assert_eq!(
        profile(&|fragment| set(fragment, &required, json!(["name", "description"]))),
        "required:"
    );
    assert_eq!(profile(&|fragment| drop(remove(fragment, &name))), "properties:");
    let pools = |edit: &dyn Fn(&mut Value)| finding_of(PATH, "get", edit).1;
    let default = "/components/parameters/Common.Pagination.pageSize/schema/default";
    assert_eq!(pools(&|fragment| set(fragment, default, 20.into())), "default: 20");
    let strategy = "/components/schemas/Agents.Profile.SelectionStrategy/enum";
    assert_eq!(pools(&|fragment| drop(remove(fragment, &format!("{strategy}/1")))), "enum:");
    let parameter = "/paths/~1agent-profile-pools/get/parameters/3";
    assert_eq!(pools(&|fragment| drop(remove(fragment, parameter))), "parameters:");
}

#[test]
fn a_dangling_reference_is_one_finding() {
    // A schema that several responses refer to.
    let findings = findings_of("1.8.201", "/agents/v2/agent-profiles", "post", |fragment| {
        remove(fragment, "/components/schemas/Common.FieldError");
        remove(fragment, "/components/schemas/Agents.Profile.AgentProfile");
    });
    let messages: Vec<&str> =
        findings.iter().map(|finding| finding["message"].as_str().unwrap()).collect();
    assert_eq!(messages.len(), 2, "{messages:#?}");
    assert!(
        findings.iter().all(|finding| finding["kind"] == "reference-unresolved"),
        "{findings:#?}"
    );
    let pointers: Vec<&Value> = findings.iter().map(|finding| &finding["pointer"]).collect();
    assert!(pointers.contains(&&json!("#/components/schemas/Common.FieldError")), "{pointers:?}");
    let (finding, line) = finding_of(PATH, "get", |fragment| {
        remove(fragment, "/components/schemas/Common.uuid");
    });
    assert_eq!(
        finding["message"],
        "schema `Common.uuid`: not on the page, which has 3 references to it; the document has it"
    );
    assert_eq!(line, "$ref: '#/components/schemas/Common.uuid'");
    // Parameters and what nobody has.
    let (finding, _) = finding_of(PATH, "get", |fragment| {
        remove(fragment, "/components/parameters/Common.Pagination.page");
    });
    assert_eq!(finding["kind"], "reference-unresolved");
    let (finding, _) = finding_of(PATH, "get", |fragment| {
        let schema = "/components/schemas/Agents.Profile.AgentProfilePool/properties/id";
        set(fragment, schema, json!({ "$ref": "#/components/schemas/Nobody" }));
    });
    let message = finding["message"].as_str().unwrap();
    assert!(message.ends_with("nor is it in the document"), "{message}");
    assert_eq!(finding["pointer"], "#/components/schemas");
}

#[test]
fn a_page_that_is_cut_off_is_one_finding() {
    // Without the last components, and within one.
    for end in ["    Common.InternalServerErrorBody:", "            - 404", "      summary:"] {
        let cut = &PAGE[..PAGE.find(end).unwrap() + end.len()];
        let pages = Pages::with("page.md", cut);
        let output = check("1.8.7", &["--from", pages.path()]);
        assert_eq!(output.kinds(), ["page-unreadable"], "{end}: {output:?}");
        let finding = &output.findings()[0];
        assert!(finding["message"].as_str().unwrap().contains("never closes"), "{finding}");
        assert_eq!(finding["line"], 13, "{finding}");
    }
}

#[test]
fn a_message_has_one_line_number() {
    let broken = PAGE.replace("  version: v1\n", "  version: [v1\n");
    let pages = Pages::with("page.md", broken);
    let finding = check("1.8.7", &["--from", pages.path()]).findings()[0].clone();
    let message = finding["message"].as_str().unwrap();
    assert!(message.starts_with("invalid OpenAPI: ") && !message.contains("line"), "{message}");
    assert!(finding["line"].as_u64().unwrap() > 13);
    let pages = Pages::with("page.md", [PAGE.as_bytes(), b"\n\xe9\n"].concat());
    let finding = check("1.8.7", &["--from", pages.path()]).findings()[0].clone();
    assert_eq!(finding["message"], "invalid UTF-8");
    assert_eq!(finding["line"], PAGE.lines().count() + 1);
}

#[test]
fn a_fact_of_one_schema_is_found_on_each_page() {
    let document = document("1.8.7");
    let pages = small_site(&document, |_, fragment| {
        if fragment.pointer("/components/schemas/Common.NotFoundErrorBody").is_some() {
            let schema = "/components/schemas/Common.NotFoundErrorBody/properties/details";
            set(fragment, schema, json!({ "type": "string" }));
        }
    });
    let kinds = check("1.8.7", &["--from", pages.path()]).kinds();
    assert_eq!(kinds, vec!["property-only-in-docs"; 3]);
}
