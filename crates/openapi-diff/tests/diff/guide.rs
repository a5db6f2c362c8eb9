//! The page for those who move a program to the client of another document.

use openapi_diff::guide;
use openapi_document::Document;
use openapi_lower::Config;

const OLD: &str = "
openapi: 3.1.0
info: { title: T, version: '1' }
servers: [{ url: 'https://api.example/v1' }]
security: [{ Key: [] }]
paths:
  /agents/{agentId}/run:
    post:
      operationId: runAgent
      parameters:
        - { in: path, name: agentId, required: true, schema: { type: string } }
        - { in: query, name: limit, schema: { type: integer, format: int32 } }
        - { in: query, name: trace, schema: { type: boolean } }
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/AgentRun' } } } }
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Run' } } } } }
  /agents/{agentId}:
    delete:
      operationId: deleteAgent
      parameters: [{ in: path, name: agentId, required: true, schema: { type: string } }]
      responses: { '204': { description: ok } }
  /tools: { get: { operationId: listTools, responses: { '204': { description: ok } } } }
  /runs: { get: { operationId: listRuns, parameters: [{ in: query, name: page, schema: { type: integer, format: int32 } }], responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Run' } } } } } } }
components:
  securitySchemes: { Key: { type: apiKey, in: header, name: X-Old } }
  schemas:
    AgentRun: { type: object, required: [agent, input], properties: { agent: { type: string }, input: { type: string }, note: { type: string } } }
    Run: { type: object, required: [id, cost], properties: { id: { type: string }, cost: { type: integer, format: int32 }, secret: { type: string } } }
";

const NEW: &str = "
openapi: 3.1.0
info: { title: T, version: '2' }
servers: [{ url: 'https://api.example' }]
security: [{ Key: [] }]
paths:
  /v1/agents/{agentId}/run:
    post:
      operationId: runAgent
      deprecated: true
      parameters: [{ in: path, name: agentId, required: true, schema: { type: string } }]
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/FlowRun' } } } }
      responses: { '204': { description: ok } }
  /v1/flows/{flowId}/run:
    post:
      operationId: runFlow
      parameters:
        - { in: path, name: flowId, required: true, schema: { type: string } }
        - { in: query, name: limit, schema: { type: integer } }
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/FlowRun' } } } }
      responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Execution' } } } } }
  /v1/tools: { get: { operationId: listTools, deprecated: true, responses: { '204': { description: ok } } } }
  /v1/runs: { get: { operationId: listRuns, parameters: [{ in: query, name: page, schema: { type: integer } }], responses: { '200': { description: ok, content: { application/json: { schema: { $ref: '#/components/schemas/Run' } } } } } } }
components:
  securitySchemes: { Key: { type: apiKey, in: header, name: X-New } }
  schemas:
    FlowRun: { type: object, required: [input], properties: { input: { type: string }, note: { type: integer } } }
    Execution: { type: object, required: [id, started], properties: { id: { type: string }, started: { type: string } } }
    Run: { type: object, required: [id, cost], properties: { id: { type: string }, cost: { type: number } } }
";

#[test]
fn the_guide_has_each_call_to_replace() {
    let [old, new] = [OLD, NEW].map(|text| Document::parse(text).unwrap());
    let successor = ("runAgent".to_owned(), "runFlow".to_owned());
    let config = Config::new("openapi.yaml").successors([successor]);
    insta::assert_snapshot!(guide::render((&old, "1"), (&new, "2"), &config).unwrap());
}

#[test]
fn documents_without_a_client_have_no_guide() {
    let new = NEW.replace("in: path, name: flowId", "in: nowhere, name: flowId");
    let [old, new] = [OLD, &new].map(|text| Document::parse_lenient(text).unwrap());
    let error = guide::render((&old, "1"), (&new, "2"), &Config::new("openapi.yaml")).unwrap_err();
    assert!(error.starts_with("the new document can't be generated: "), "{error}");
}

/// Documents with one operation each.
fn documents(old: &str, new: &str) -> [Document; 2] {
    [old, new].map(|paths| {
        let text = format!("openapi: 3.1.0\ninfo: {{ title: T, version: '1' }}\npaths: {paths}\n");
        Document::parse(&text).unwrap()
    })
}

fn rendered([old, new]: &[Document; 2], successors: &[(&str, &str)]) -> String {
    let pairs = successors.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned()));
    let config = Config::new("openapi.yaml").successors(pairs);
    guide::render((old, "1"), (new, "2"), &config).unwrap()
}

#[test]
fn a_renamed_operation_is_a_call_to_replace() {
    let documents = documents(
        "{ /a: { get: { operationId: getA, responses: {} } } }",
        "{ /a: { get: { operationId: fetchA, responses: {} } } }",
    );
    let guide = rendered(&documents, &[]);
    assert!(guide.contains("| `client.get_a()` | `client.fetch_a()` |"), "{guide}");
    assert!(!guide.contains("without a successor"), "{guide}");
}

#[test]
fn values_are_those_of_the_same_names() {
    let parameter = |name: &str| {
        format!("{{ in: path, name: {name}, required: true, schema: {{ type: string }} }}")
    };
    let parameters = [parameter("user"), parameter("org")].join(", ");
    let documents = documents(
        &format!(
            "{{ '/users/{{user}}/orgs/{{org}}': {{ get: {{ operationId: before, parameters: [{parameters}], responses: {{}} }} }} }}"
        ),
        &format!(
            "{{ '/orgs/{{org}}/users/{{user}}': {{ get: {{ operationId: after, parameters: [{parameters}, {{ in: query, name: tenant, required: true, schema: {{ type: string }} }}], responses: {{ '200': {{ description: ok, content: {{ application/json: {{ schema: {{ type: integer }} }} }} }} }} }} }} }}"
        ),
    );
    let guide = rendered(&documents, &[("before", "after")]);
    let row = "| `client.before().user(user).org(org)` | `client.after().org(org).user(user)` | `tenant` is required; returns `i64` instead of `()` |";
    assert!(guide.contains(row), "{guide}");
}

#[test]
fn what_compiles_and_may_fail_is_listed() {
    let documents = documents(
        "{ /a: { get: { operationId: getA, responses: {} } } }",
        "{ /a: { get: { operationId: getA, parameters: [{ in: query, name: tenant, required: true, schema: { type: string } }], responses: {} } } }",
    );
    let guide = rendered(&documents, &[]);
    let line = "- Query parameter `tenant` added (required) (`getA`)";
    assert!(guide.contains(line), "{guide}");
}
