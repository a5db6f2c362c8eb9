//! Parsing of documents, pointers, references, templates and operations.

use openapi_document::{
    Document, MAX_LINE, OneLine, Operation, PathTemplate, Pointer, Refusal, json_type, media_type,
    operation::Location, read, reference, server, walk,
};
use serde_json::json;

const PETS: &str = "
openapi: 3.1.0
info: { title: Pets, version: '1' }
security: [{ key: [] }, {}]
paths:
  /pets/{petId}:
    parameters:
      - { $ref: '#/components/parameters/PetId' }
      - { name: fields, in: query, schema: { type: array, items: { type: string } } }
    put:
      parameters: [{ name: fields, in: query, style: pipeDelimited, schema: { type: string } }]
      requestBody: { required: true, content: { 'Application/JSON; charset=utf-8': { schema: { type: object } } } }
      responses: { '200': { $ref: '#/components/responses/Pet' }, 4XX: { description: no }, x-note: {} }
components:
  parameters: { PetId: { name: petId, in: path, schema: { type: string } } }
  responses: { Pet: { description: ok, content: { text/plain: {} } } }
";

#[test]
fn operations_inherit_the_parameters_of_their_path_item() {
    let document = Document::parse(PETS).unwrap();
    let [put] = Operation::all(&document).unwrap().try_into().unwrap();
    assert_eq!(
        (put.id.as_str(), put.pointer.as_str()),
        ("PUT /pets/{petId}", "/paths/~1pets~1{petId}/put")
    );
    let [id, fields] = put.parameters.as_slice() else { panic!("{:?}", put.parameters) };
    assert_eq!((id.location, id.required, id.style.as_str()), (Location::Path, true, "simple"));
    assert_eq!(id.schema, "/components/parameters/PetId/schema");
    // The operation's parameter overrides the path item's, with the defaults of its style.
    assert_eq!((fields.style.as_str(), fields.explode), ("pipeDelimited", false));
    let body = put.body.as_ref().unwrap();
    assert_eq!((body.required, body.content[0].media_type.as_str()), (true, "application/json"));
    let statuses: Vec<_> = put.responses.iter().map(|response| response.status.as_str()).collect();
    assert_eq!(statuses, ["200", "4XX"]);
    assert_eq!(put.response(404).unwrap().status, "4XX");
    assert!(put.response(500).is_none());
    assert_eq!(put.security, [vec!["key".to_owned()], vec![]]);
}

#[test]
fn errors_name_the_location() {
    let broken = PETS.replace("responses/Pet'", "responses/Dog'");
    let error = Document::parse(&broken).unwrap_err().to_string();
    assert!(error.starts_with("#/paths/~1pets~1{petId}/put/responses/200/$ref: "), "{error}");
    let document = Document::parse_lenient(&broken).unwrap();
    assert_eq!(document.unresolved().len(), 1);
    let error = Operation::all(&document).unwrap_err().to_string();
    assert!(error.contains("#/paths/~1pets~1{petId}/put/responses/200: "), "{error}");
    for (text, expected) in [
        ("a: 1\nb: [", "line"),
        ("{\"a\": 1, \"a\": 2}", "duplicate key `a` at line 1 column"),
        ("a: !tag 1", "no YAML tag"),
        ("a: .inf", "`.inf`"),
        ("swagger: '2.0'", "Swagger 2.0"),
        ("openapi: 3.1.0\npaths: []", "missing `paths`"),
    ] {
        let error = Document::parse(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
    // Depth and size are checked before anything recurses.
    let deep = "[".repeat(20_000) + &"]".repeat(20_000);
    assert!(read(&deep).is_err());
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let list = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{list}]\n"));
    }
    let error = read(&bomb).unwrap_err();
    assert!(error.contains("repetition limit") || error.contains("nodes"), "{error}");
}

#[test]
fn aliases_are_bounded_by_bytes() {
    // 300 KB, referred to 25,000 times: 7.5 GB.
    let (value, aliases) = ("x".repeat(300_000), "*a, ".repeat(250));
    let rows = format!("- [{aliases}]\n").repeat(100);
    let error = read(&format!("a: &a '{value}'\nb:\n{rows}")).unwrap_err();
    assert!(error.contains("134217728 bytes of strings and keys"), "{error}");
    // As keys.
    let keys = "- { *a : 1 }\n".repeat(1_000);
    let error = read(&format!("a: &a '{value}'\nb:\n{keys}")).unwrap_err();
    assert!(error.contains("134217728 bytes of strings and keys"), "{error}");
    // As a part of the pointers of many nodes.
    let items = "[1, 1, 1, 1, 1, 1, 1, 1, 1, 1], ".repeat(1_000);
    let error = read(&format!("{{ \"{value}\": [{}0] }}", items)).unwrap_err();
    assert!(error.contains("bytes of JSON pointers"), "{error}");
    // Large strings without aliases are read.
    assert!(read(&format!("a: '{}'", "x".repeat(2 << 20))).is_ok());
}

#[test]
fn text_of_a_document_is_displayed_escaped_and_bounded() {
    let hostile = "a\u{1b}]0;t\u{7}\u{9b}2J\r\nb\u{202e}\u{2066}\u{200f}\u{61c}\u{2028}é`";
    let escaped = r"a\u{1b}]0;t\u{7}\u{9b}2J\r\nb\u{202e}\u{2066}\u{200f}\u{61c}\u{2028}é`";
    assert_eq!(OneLine(hostile).to_string(), escaped);
    let long = OneLine(&"é".repeat(MAX_LINE + 1)).to_string();
    assert_eq!(long, "é".repeat(MAX_LINE) + "…");
    // Pointers stay pointers.
    let pointer = Pointer::from_segments([hostile, "a%41~/b"]);
    assert_eq!(Pointer::parse(&pointer.to_string()), Some(pointer.clone()));
    let refusal = Refusal::new(pointer, hostile, hostile).to_string();
    let is_safe = |text: &str| !text.contains(['\u{1b}', '\n', '\r', '\u{9b}', '\u{202e}']);
    assert!(is_safe(&refusal), "{refusal:?}");
    assert!(refusal.ends_with(&format!(": {escaped}: {escaped}")), "{refusal}");
    for text in [
        "{\"a\\u001b[2J\": 1, \"a\\u001b[2J\": 2}",
        "\"a\\e[2J\\n\": 1\n\"a\\e[2J\\n\": 2",
        "{\"openapi\": \"3.\\u001b[2J\\n\"}",
        "{\"openapi\": \"3.1.0\", \"paths\": {\"/\\u001b\\n\": {\"$ref\": \"#/\\u001b\\n\"}}}",
    ] {
        let error = Document::parse(text).unwrap_err().to_string();
        assert!(is_safe(&error), "{error:?}");
    }
}

#[test]
fn pointers_have_a_fragment_form_and_a_string_form() {
    let pointer = Pointer::from_segments(["paths", "/a~b", "get"]);
    assert_eq!(
        (pointer.to_string(), pointer.to_plain()),
        ("#/paths/~1a~0b/get".into(), "/paths/~1a~0b/get".into())
    );
    assert_eq!(Pointer::parse("#/paths/~1a~0b/get"), Some(pointer.clone()));
    assert_eq!(Pointer::from_plain("/paths/~1a~0b/get"), Some(pointer));
    assert_eq!(Pointer::parse("#/a%20b"), Some(Pointer::from_segments(["a b"])));
    assert_eq!(Pointer::from_plain("/a%20b"), Some(Pointer::from_segments(["a%20b"])));
    assert_eq!(
        (Pointer::parse("#name"), Pointer::from_plain("a/b"), Pointer::from_plain("#/a")),
        (None, None, None)
    );
    assert_eq!(Pointer::from_plain(""), Some(Pointer::root()));
    assert_eq!(
        Pointer::from_segments(["a", "1"]).resolve(&json!({ "a": [0, 7] })),
        Some(&json!(7))
    );
}

#[test]
fn path_templates_match_paths() {
    let template = PathTemplate::parse("/a/{id}/x-{name}.json");
    assert_eq!(template.names().collect::<Vec<_>>(), ["id", "name"]);
    assert_eq!(template.shape(), "/a/{}/x-{}.json");
    let values = template.values("/a/1%2F2/x-y.json").unwrap();
    assert_eq!(values, [("id".to_owned(), "1/2".to_owned()), ("name".to_owned(), "y".to_owned())]);
    assert!(template.values("/a//x-y.json").is_none() && template.values("/a/1").is_none());
    assert!(PathTemplate::parse("/a/b").precedence() < PathTemplate::parse("/a/{b}").precedence());
    // An unclosed brace is literal text.
    assert_eq!(PathTemplate::parse("/{a").shape(), "/{a");
}

#[test]
fn media_types_and_json_types_follow_their_specifications() {
    assert_eq!(media_type::essence(" Text/HTML ; charset=utf-8"), "text/html");
    for (name, json, text) in [
        ("application/json", true, false),
        ("Application/Problem+JSON; a=b", true, false),
        ("text/json", true, false),
        ("text/csv", false, true),
        ("application/xml", false, false),
    ] {
        assert_eq!((media_type::is_json(name), media_type::is_text(name)), (json, text), "{name}");
    }
    // 2020-12, section 6.1.1: a number without a fraction is an integer.
    for (value, name) in [
        (json!(5.0), "integer"),
        (json!(u64::MAX), "integer"),
        (json!(0.5), "number"),
        (json!(null), "null"),
    ] {
        assert_eq!(json_type::type_of(&value), name);
        assert!(json_type::has_type(&value, name));
    }
    assert!(
        json_type::has_type(&json!(1), "number") && !json_type::has_type(&json!("1"), "integer")
    );
    assert!(!json_type::has_type(&json!(1), "file"));
    let schema = json!({ "type": ["string", "null"] });
    assert_eq!(json_type::declared(schema.as_object().unwrap()), ["string", "null"]);
    let url = server::url(
        &json!({ "url": "https://{r}.x/v1", "variables": { "r": { "default": "eu" } } }),
    );
    assert_eq!(url.as_deref(), Some("https://eu.x/v1"));
}

#[test]
fn references_in_data_are_not_checked() {
    assert_eq!(reference::to_schema("A.B"), "#/components/schemas/A.B");
    assert_eq!(reference::schema_name(&reference::to_schema("a/~b%")), Some("a/~b%".to_owned()));
    assert_eq!(reference::schema_name("#/components/schemas/A/properties/b"), None);
    assert_eq!(reference::mapping_reference("Dog"), "#/components/schemas/Dog");
    let nested =
        json!({ "items": reference::reference_to("A"), "oneOf": [reference::reference_to("B")] });
    let mut targets = reference::targets(&nested);
    targets.sort();
    assert_eq!(targets, ["A", "B"]);
    let root = json!({ "openapi": "3.1.0", "paths": {}, "components": { "schemas": { "A": {
        "properties": { "items": { "type": "string" } },
        "example": { "$ref": "#/nowhere" },
        "default": { "properties": { "no": {} } },
    } } } });
    assert!(reference::check(&root).is_empty());
    let mut schemas = Vec::new();
    walk::nodes(&root, &mut |kind, _, position| {
        if kind == walk::Kind::Schema {
            schemas.push(position.pointer().to_plain());
        }
    });
    assert_eq!(schemas, ["/components/schemas/A", "/components/schemas/A/properties/items"]);
}

#[test]
fn references_to_anchors_are_pointers() {
    let text = "
openapi: 3.1.0
info: { title: T, version: '1' }
paths: {}
components:
  schemas:
    A: { $anchor: a, properties: { next: { $ref: '#a' }, b/c: { $anchor: b-c } } }
    B: { items: { $ref: '#b-c' }, $ref: '#/components/schemas/A' }
    C: { example: { $ref: '#a' } }
    D: { $id: 'https://a.example', properties: { inner: { $anchor: inner } } }
";
    let expected = json!({
        "A": { "$anchor": "a", "properties": {
            "next": { "$ref": "#/components/schemas/A" }, "b/c": { "$anchor": "b-c" },
        } },
        "B": {
            "items": { "$ref": "#/components/schemas/A/properties/b~1c" },
            "$ref": "#/components/schemas/A",
        },
        // Data isn't a reference.
        "C": { "example": { "$ref": "#a" } },
        "D": { "$id": "https://a.example", "properties": { "inner": { "$anchor": "inner" } } },
    });
    let document = Document::parse(text).unwrap();
    assert_eq!(document.root()["components"]["schemas"], expected);
    let document = Document::parse_lenient(text).unwrap();
    assert_eq!(document.root()["components"]["schemas"], expected);
    let value = serde_yaml::from_str(text).unwrap();
    assert_eq!(Document::from_value(value).unwrap(), Document::parse(text).unwrap());

    for (unclear, place) in [
        (text.replace("'#b-c'", "'#inner'"), "#/components/schemas/B/items/$ref"),
        (text.replace("'#b-c'", "'#none'"), "#/components/schemas/B/items/$ref"),
        (text.replace("b-c }", "a }"), "#/components/schemas/A/properties/next/$ref"),
    ] {
        let error = Document::parse(&unclear).unwrap_err().to_string();
        assert!(error.contains("no schema has this `$anchor`, or several have it"), "{error}");
        assert!(error.contains(place), "{error}");
    }
}

#[test]
fn documents_of_webhooks_have_no_paths() {
    let document = |version: &str, rest: &str| {
        format!("openapi: {version}\ninfo: {{ title: T, version: '1' }}\n{rest}\n")
    };
    for rest in ["webhooks: {}", "components: {}"] {
        let text = document("3.1.0", rest);
        for parsed in [Document::parse(&text), Document::parse_lenient(&text)] {
            assert_eq!(parsed.unwrap().root()["paths"], json!({}));
        }
    }
    // OpenAPI 3.0 has no webhooks, and requires paths.
    for text in [
        document("3.0.3", "components: {}"),
        document("3.1.0", "tags: []"),
        document("3.1.0", "webhooks: {}\npaths: []"),
    ] {
        let error = Document::parse(&text).unwrap_err().to_string();
        assert!(error.contains("missing `paths`"), "{error}");
    }
}

/// The component schemas of a document of these.
fn schemas(version: &str, schemas: &str) -> serde_json::Value {
    let text = format!(
        "openapi: {version}\n$self: https://a.example/v1/api.yaml\npaths: {{}}\n\
         components:\n  schemas:\n{schemas}"
    );
    let document = Document::parse(&text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(Document::from_value(read(&text).unwrap()).unwrap(), document);
    document.root()["components"]["schemas"].clone()
}

#[test]
fn percent_encoded_fragments_are_pointers() {
    let found = schemas(
        "3.1.0",
        "
    Foo Bar: { properties: { a: { $ref: '#/components/schemas/G%C3%B6' } } }
    Gö: { items: { $ref: '#/components/schemas/Foo%20Bar/properties/a' } }
    Other: { properties: { a/b: { items: { $ref: '#/components/schemas/Other/properties/a%7E1b' } } } }
",
    );
    for reference in [
        &found["Foo Bar"]["properties"]["a"]["$ref"],
        &found["Gö"]["items"]["$ref"],
        &found["Other"]["properties"]["a/b"]["items"]["$ref"],
    ] {
        let pointer = Pointer::parse(reference.as_str().unwrap()).unwrap();
        let root = json!({ "components": { "schemas": found } });
        assert!(pointer.resolve(&root).is_some(), "{reference}");
    }
    assert_eq!(reference::schema_name("#/components/schemas/G%C3%B6"), Some("Gö".to_owned()));
}

#[test]
fn dynamic_references_without_an_override_are_references() {
    let found = schemas(
        "3.1.0",
        "
    Tree: { $dynamicAnchor: node, properties: { children: { items: { $dynamicRef: '#node' } } } }
    Pointer: { items: { $dynamicRef: '#/components/schemas/Tree' } }
    Plain: { properties: { next: { properties: { again: { $recursiveRef: '#' } } } } }
    Own: { $recursiveAnchor: true, items: { $recursiveRef: '#' } }
    Resource: { items: { $id: 'https://b.example', properties: { a: { $recursiveRef: '#' } } } }
",
    );
    let at = |pointer: &str| found.pointer(pointer).unwrap();
    for (pointer, target) in [
        ("/Tree/properties/children/items", "Tree"),
        ("/Pointer/items", "Tree"),
        ("/Plain/properties/next/properties/again", "Plain"),
        ("/Own/items", "Own"),
        ("/Resource/items/properties/a", "Resource/items"),
    ] {
        assert_eq!(*at(pointer), json!({ "$ref": format!("#/components/schemas/{target}") }));
    }
    // Which schema is meant depends on the way to it.
    let found = schemas(
        "3.1.0",
        "
    Tree: { $dynamicAnchor: node, items: { $dynamicRef: '#node' } }
    Strict: { $dynamicAnchor: node, $ref: '#/components/schemas/Tree' }
    Old: { $recursiveAnchor: true, items: { $recursiveRef: '#' } }
    New: { $recursiveAnchor: true, $ref: '#/components/schemas/Old' }
    Both: { $ref: '#/components/schemas/New', $dynamicRef: '#/components/schemas/Old' }
",
    );
    assert_eq!(found["Tree"]["items"], json!({ "$dynamicRef": "#node" }));
    assert_eq!(found["Old"]["items"], json!({ "$recursiveRef": "#" }));
    assert_eq!(found["Both"]["$dynamicRef"], "#/components/schemas/Old");
}

#[test]
fn references_to_the_uri_of_the_document_are_fragments() {
    let found = schemas(
        "3.2.0",
        "
    A: { $ref: 'https://a.example/v1/api.yaml#/components/schemas/E' }
    B: { $ref: 'api.yaml#/components/schemas/E' }
    C: { $ref: './api.yaml#e' }
    D: { $ref: '/v1/api.yaml#/components/schemas/E' }
    E: { $anchor: e, discriminator: { propertyName: p, mapping: { e: 'api.yaml#e' }, defaultMapping: 'api.yaml#/components/schemas/E' } }
",
    );
    for name in ["A", "B", "C", "D"] {
        assert_eq!(found[name]["$ref"], "#/components/schemas/E", "{name}");
    }
    let discriminator = &found["E"]["discriminator"];
    assert_eq!(discriminator["defaultMapping"], "#/components/schemas/E");
    assert_eq!(discriminator["mapping"]["e"], "#/components/schemas/E");
    for other in ["https://b.example/v1/api.yaml#/a", "other.yaml#/a", "/api.yaml#/a"] {
        let text = format!(
            "openapi: 3.2.0\n$self: https://a.example/v1/api.yaml\npaths: {{}}\n\
             components: {{ schemas: {{ A: {{ $ref: '{other}' }} }} }}"
        );
        let error = Document::parse(&text).unwrap_err().to_string();
        assert!(error.contains("load the document from its path"), "{error}");
    }
}
