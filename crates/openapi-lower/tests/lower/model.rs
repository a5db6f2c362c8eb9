//! Models of operations.

use openapi_lower::ir::{
    Auth, BodyContent, ContentKind, Expansion, Operation, OperationServer, ParameterEncoding,
    ParameterStyle, Status, StreamFormat,
};
use serde_json::json;

use crate::{document, lower, with_operations};

#[test]
fn responses_of_every_status_are_modeled() {
    let document = with_operations(
        "
get:
  responses:
    '200': { description: A, content: { application/json: { schema: { type: string } } } }
    '202': { description: B, content: { text/plain: {}, application/vnd.x+json: { schema: { type: integer } } } }
    '204': { description: C }
    '303': { description: D }
    4XX: { description: E, content: { application/octet-stream: {} } }
    default: { description: F, content: { text/event-stream: {} } }",
    );
    let lowered = lower(&document).unwrap();
    let operation = &lowered.model.operations[0];
    let ContentKind::Stream(items) = &operation.responses[5].contents[0].kind else { panic!() };
    assert_eq!((items.format, &items.schema), (StreamFormat::TextEvent, &None));
    let events = ContentKind::Stream(items.clone());
    let responses: Vec<_> = operation
        .responses
        .iter()
        .map(|response| {
            let kinds: Vec<_> =
                response.contents.iter().map(|content| content.kind.clone()).collect();
            (response.status, response.description.as_str(), kinds)
        })
        .collect();
    assert_eq!(
        responses,
        [
            (Status::Code(200), "A", vec![ContentKind::Json(json!({ "type": "string" }))]),
            (
                Status::Code(202),
                "B",
                vec![ContentKind::Json(json!({ "type": "integer" })), ContentKind::Text]
            ),
            (Status::Code(204), "C", vec![]),
            (Status::Code(303), "D", vec![]),
            (Status::Class(4), "E", vec![ContentKind::Bytes]),
            (Status::Default, "F", vec![events]),
        ]
    );
    let core = serde_json::to_value(&lowered.openapi).unwrap();
    let responses = core["paths"]["/thing"]["get"]["responses"].as_object().unwrap();
    assert_eq!(responses.keys().collect::<Vec<_>>(), ["default"]);
}

#[test]
fn operations_without_an_id_are_named_after_method_and_path() {
    let document = document(
        "
paths:
  /agents/{agentId}/files:
    parameters: [{ name: agentId, in: path, required: true, schema: { type: string } }]
    get: { responses: { '200': { description: ok } } }
    new: {}
  /new:
    get: { operationId: new, responses: { '200': { description: ok } } }
    put: { operationId: same-id, responses: { '200': { description: ok } } }
    post: { operationId: sameId, responses: { '200': { description: ok } } }
",
    );
    let lowered = lower(&document).unwrap();
    let names: Vec<_> = lowered
        .model
        .operations
        .iter()
        .map(|one| (one.id.as_str(), one.function.as_str()))
        .collect();
    assert_eq!(
        names,
        [
            ("get_agents_by_agent_id_files", "get_agents_by_agent_id_files"),
            ("new", "new2"),
            ("same-id", "same_id"),
            ("sameId", "same_id2"),
        ]
    );
    assert_eq!(lowered.warnings.len(), 2);
}

#[test]
fn parameters_have_an_encoding() {
    let document = with_operations(
        "
parameters: [{ name: shared, in: query, schema: { type: string } }, { name: own, in: query, schema: { type: string } }]
get:
  parameters:
    - { name: own, in: query, required: true, description: Mine, schema: { type: integer, minimum: 1 } }
    - { name: joined, in: query, explode: false, schema: { type: array, items: { type: string } } }
    - { name: scalar, in: query, explode: false, schema: { anyOf: [{ type: string }, { type: integer }] } }
    - { name: send, in: header, deprecated: true, schema: { type: [boolean, 'null'], default: true } }
    - { name: Authorization, in: header, schema: { type: string } }
  responses: { '200': { description: ok } }",
    );
    let lowered = lower(&document).unwrap();
    let parameters = &lowered.model.operations[0].parameters;
    let shown: Vec<_> = parameters
        .iter()
        .map(|one| {
            (
                one.name.as_str(),
                one.rust_name.as_str(),
                one.encoding,
                one.required,
                one.schema["type"].as_str().unwrap_or("a type"),
            )
        })
        .collect();
    let joined = ParameterEncoding::QueryExpansion(Expansion::new(ParameterStyle::Form, false));
    assert_eq!(
        shown,
        [
            ("own", "own", ParameterEncoding::Query, true, "integer"),
            ("joined", "joined", joined, false, "array"),
            ("scalar", "scalar", ParameterEncoding::Query, false, "a type"),
            ("send", "send_", ParameterEncoding::Header, false, "boolean"),
            ("shared", "shared", ParameterEncoding::Query, false, "string"),
        ]
    );
    assert_eq!(parameters[0].description.as_deref(), Some("Mine\n\nConstraints: at least 1."));
    assert!(parameters[3].deprecated);
}

/// The request body with this content: whether it is required, and how it is written.
fn body_of(content: &str) -> (bool, BodyContent) {
    let document = with_operations(&format!(
        "post:\n  requestBody: {{ {content} }}\n  responses: {{ '200': {{ description: ok }} }}"
    ));
    let body = lower(&document).unwrap().model.operations.remove(0).body.unwrap();
    (body.required, body.representations.into_iter().next().unwrap().content)
}

#[test]
fn only_required_json_bodies_are_written_by_the_core() {
    let schema = json!({ "type": "integer" });
    let json_body = "content: { application/json: { schema: { type: integer } } }";
    assert_eq!(
        body_of(&format!("required: true, {json_body}")),
        (true, BodyContent::Core(schema.clone()))
    );
    let several = "content: { text/plain: {}, application/json: { schema: { type: integer } } }";
    assert_eq!(
        body_of(&format!("required: true, {several}")),
        (true, BodyContent::Json(schema.clone()))
    );
    assert_eq!(body_of(json_body), (false, BodyContent::Json(schema.clone())));
    let nullable =
        "required: true, content: { application/json: { schema: { type: [integer, 'null'] } } }";
    assert_eq!(body_of(nullable), (true, BodyContent::Core(schema.clone())));
    let patch =
        "required: true, content: { application/merge-patch+json: { schema: { type: integer } } }";
    assert_eq!(body_of(patch), (true, BodyContent::Json(schema)));
    assert_eq!(body_of("required: true, content: { text/csv: {} }"), (true, BodyContent::Text));
    assert_eq!(body_of("required: true, content: { image/png: {} }"), (true, BodyContent::Bytes));
}

#[test]
fn security_schemes_determine_the_credential() {
    let auth = |scheme: &str| {
        let document = document(&format!(
            "paths: {{}}\nsecurity: [{{ S: [] }}]\ncomponents: {{ securitySchemes: {{ S: {{ {scheme} }} }} }}"
        ));
        lower(&document).unwrap().model.auth
    };
    assert_eq!(auth("type: apiKey, in: header, name: X-Key"), Auth::Header("X-Key".to_owned()));
    assert_eq!(auth("type: apiKey, in: query, name: key"), Auth::Query("key".to_owned()));
    assert_eq!(auth("type: apiKey, in: cookie, name: key"), Auth::Cookie("key".to_owned()));
    assert_eq!(auth("type: http, scheme: Bearer"), Auth::Bearer);
    assert_eq!(auth("type: http, scheme: basic"), Auth::Basic);
    assert_eq!(auth("type: oauth2, flows: {}"), Auth::Bearer);
}

#[test]
fn operation_security_overrides_the_default() {
    let document = document(
        "
security: [{ Digest: [] }, { Key: [] }]
paths:
  /a:
    get: { responses: { '200': { description: ok } } }
    put: { security: [], responses: { '200': { description: ok } } }
    post: { security: [{ Token: [] }], responses: { '200': { description: ok } } }
components:
  securitySchemes:
    Digest: { type: http, scheme: digest }
    Key: { type: apiKey, in: header, name: k }
    Token: { type: http, scheme: bearer }
",
    );
    let model = lower(&document).unwrap().model;
    let auth = |operation: &Operation| {
        let schemes = operation.security.iter().flatten();
        schemes.map(|scheme| scheme.auth.clone()).collect::<Vec<_>>()
    };
    let auth: Vec<_> = model.operations.iter().map(auth).collect();
    assert_eq!(auth, [vec![Auth::Header("k".to_owned())], vec![], vec![Auth::Bearer]]);
}

#[test]
fn server_variables_have_their_defaults() {
    let document = document(
        "servers: [{ url: 'https://{region}.x.example/{v}', variables: { region: { default: eu }, v: { default: v2 } } }]\npaths: {}",
    );
    assert_eq!(lower(&document).unwrap().model.server.as_deref(), Some("https://eu.x.example/v2"));
}

#[test]
fn servers_of_operations_are_compared_with_that_of_the_document() {
    let servers = |document_server: &str, servers: &str| {
        let document = document(&format!(
            "{document_server}\npaths: {{ /a: {{ get: {{ operationId: a, servers: {servers}, responses: {{}} }} }} }}"
        ));
        let lowered = lower(&document).unwrap();
        let warnings: Vec<_> = lowered.warnings.iter().map(|one| one.pointer.to_string()).collect();
        (lowered.model.operations[0].server.clone(), warnings)
    };
    let api = "servers: [{ url: 'https://api.example/v1' }]";
    let named = |name: &str, url: &str| OperationServer::Named {
        name: name.to_owned(),
        url: url.to_owned(),
    };
    let path = |path: &str| OperationServer::Path(path.to_owned());
    for (list, expected) in [
        ("[]", OperationServer::Base),
        ("[{ url: 'https://api.example/v1/' }]", OperationServer::Base),
        // One of several is that of the document.
        (
            "[{ url: 'https://a.example' }, { url: 'https://api.example/v1' }]",
            OperationServer::Base,
        ),
        ("[{ url: 'https://API.example/v2/' }, { url: 'https://a.example' }]", path("/v2")),
        ("[{ url: 'https://api.example' }]", path("")),
        ("[{ url: 'https://A.example:81/x' }]", named("a.example:81", "https://A.example:81/x")),
        // Another scheme is another origin (RFC 6454, section 4).
        ("[{ url: 'http://api.example/v1' }]", named("api.example", "http://api.example/v1")),
    ] {
        assert_eq!(servers(api, list), (expected, Vec::new()), "{list}");
    }
    let at = vec!["#/paths/~1a/get/servers".to_owned()];
    assert_eq!(servers(api, "[{ url: /v2 }]"), (path("/v2"), at.clone()));
    assert_eq!(servers(api, "[{ url: ./v2/ }]"), (path("/v2"), at));
    // Without a server of its own, the document's is its own host.
    assert_eq!(servers("", "[{ url: / }]").0, OperationServer::Base);
    assert_eq!(
        servers("", "[{ url: 'https://a.example' }]").0,
        named("a.example", "https://a.example")
    );
}

/// Of two inline schemas with one preferred name, the same one always gets it.
#[test]
fn names_do_not_depend_on_the_order_of_keys() {
    let schema = |property: &str| {
        format!("schema: {{ type: object, properties: {{ {property}: {{ type: string }} }} }}")
    };
    let json = format!("application/json: {{ {} }}", schema("a"));
    let hal = format!("application/hal+json: {{ {} }}", schema("b"));
    let names = |first: &str, second: &str| {
        let document = with_operations(&format!(
            "get:\n  operationId: thing\n  responses:\n    '404': {{ description: no, content: {{ {first}, {second} }} }}\n    '200': {{ description: ok }}"
        ));
        let types = openapi_lower::lower(&document, &Default::default()).unwrap().model.types;
        let mut names: Vec<_> =
            types.into_iter().map(|one| (one.rust, one.pointer.to_string())).collect();
        names.sort();
        names
    };
    let one = names(&json, &hal);
    assert_eq!(one, names(&hal, &json));
    assert_eq!(one[0].0, "ThingResponse404");
    assert!(one[0].1.contains("/content/application~1json/"), "{one:?}");
}
