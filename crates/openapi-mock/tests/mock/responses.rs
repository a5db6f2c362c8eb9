//! Routing, request validation, preferences, set responses and scenarios.

use openapi_mock::{Api, Fill, Location, MockResponse, MockServer};
use serde_json::{Value, json};

use crate::{
    instances::fixture,
    request::{RequestValues, client, execute, send, valid},
};

const DOCUMENT: &str = r##"
openapi: 3.1.0
info: { title: Files, version: '1' }
servers: [{ url: 'https://example.com/{stage}/api/', variables: { stage: { default: v1 } } }]
security: [{ key: [] }]
paths:
  /things/special:
    get: { operationId: special, security: [], responses: { '204': { description: none } } }
  /things/{id}:
    parameters: [{ name: id, in: path, required: true, schema: { type: string, pattern: '^[a-z]+$' } }]
    get:
      operationId: thing
      responses:
        '200':
          description: one
          headers: { X-Count: { required: true, schema: { type: integer, minimum: 1, maximum: 9 } } }
          content:
            application/json:
              schema: { type: object, required: [id], properties: { id: { type: string }, n: { type: integer } } }
              examples: { first: { value: { id: 'an example' } }, second: { value: { id: 'another' } } }
        '404': { description: none, content: { application/json: { schema: { $ref: '#/components/schemas/Error' } } } }
        '401': { description: who, content: { application/json: { schema: { $ref: '#/components/schemas/Error' } } } }
        '422': { description: bad, content: { application/json: { schema: { $ref: '#/components/schemas/Error' } } } }
    delete: { operationId: remove, responses: { '204': { description: removed }, default: { description: no, content: { text/plain: { schema: { type: string } } } } } }
    put:
      operationId: put
      requestBody:
        required: true
        content:
          application/json: { schema: { type: object, required: [a], properties: { a: { type: integer } } } }
          application/x-www-form-urlencoded: { schema: { type: object, properties: { n: { type: integer }, tags: { type: array, items: { type: string } } } } }
          multipart/form-data:
            schema: { type: object, required: [file], properties: { file: { type: string, format: binary }, meta: { type: object, properties: { a: { type: integer } } }, note: { type: string } } }
            encoding: { file: { contentType: 'text/plain, image/*' } }
          text/plain: { schema: { type: string, maxLength: 3 } }
          application/octet-stream: {}
      responses: { '303': { description: see } }
components:
  securitySchemes: { key: { type: apiKey, in: query, name: key } }
  schemas: { Error: { type: object, required: [code, message], properties: { code: { type: integer }, message: { type: string } } } }
"##;

fn mock() -> MockServer {
    MockServer::start(Api::parse(DOCUMENT).expect("a document")).expect("a server")
}

fn get(url: String) -> reqwest::RequestBuilder {
    client().get(url)
}

#[tokio::test]
async fn the_base_path_is_that_of_the_server_url_and_concrete_paths_match_first() {
    let mock = mock();
    assert!(mock.url().ends_with("/v1/api"));
    let special = execute(&mock, get(format!("{}/things/special", mock.url()))).await;
    assert_eq!((special.status, special.exchange.operation.as_deref()), (204, Some("special")));
    let thing = execute(&mock, get(format!("{}/things/other?key=k", mock.url()))).await;
    assert_eq!((thing.status, thing.exchange.operation.as_deref()), (200, Some("thing")));
    // The concrete path has no DELETE, the templated one has.
    let removed =
        execute(&mock, client().delete(format!("{}/things/special?key=k", mock.url()))).await;
    assert_eq!(removed.exchange.operation.as_deref(), Some("remove"));
}

#[tokio::test]
async fn unknown_paths_and_methods_get_documented_errors() {
    let mock = mock();
    for url in [format!("{}/nothing", mock.url()), format!("{}/things/a", mock.origin())] {
        let response = execute(&mock, get(url)).await;
        let body: Value = serde_json::from_str(&response.body).expect("JSON");
        assert_eq!(response.status, 404);
        assert!(body["message"].as_str().expect("a message").contains("no operation for GET"));
        assert_eq!(response.exchange.violations[0].keyword, "path");
    }
    let response = execute(&mock, client().post(format!("{}/things/a?key=k", mock.url()))).await;
    assert_eq!(response.status, 405);
    assert_eq!(
        response.exchange.response.expect("a response").header("allow"),
        Some("GET, PUT, DELETE")
    );
}

#[tokio::test]
async fn a_request_without_credentials_is_unauthorized() {
    let mock = mock();
    let response = execute(&mock, get(format!("{}/things/a", mock.url()))).await;
    assert_eq!(response.status, 401);
    assert!(
        response.message().contains("missing credential: query parameter `key`"),
        "{}",
        response.body
    );
    let schemes = |kind: &str| {
        let text = DOCUMENT.replace("{ type: apiKey, in: query, name: key }", kind);
        MockServer::start(Api::parse(&text).expect("a document")).expect("a server")
    };
    for (kind, name, value) in [
        ("{ type: apiKey, in: header, name: X-Key }", "x-key", "k"),
        ("{ type: apiKey, in: cookie, name: sid }", "cookie", "a=b; sid=k"),
        ("{ type: http, scheme: bearer }", "authorization", "Bearer k"),
        ("{ type: http, scheme: basic }", "authorization", "Basic k"),
        ("{ type: oauth2, flows: {} }", "authorization", "Bearer k"),
    ] {
        let mock = schemes(kind);
        let url = format!("{}/things/a", mock.url());
        assert_eq!(execute(&mock, get(url.clone())).await.status, 401, "{kind}");
        assert_eq!(execute(&mock, get(url).header(name, value)).await.status, 200, "{kind}");
    }
}

#[tokio::test]
async fn an_invalid_request_gets_the_documented_status_and_is_recorded() {
    let mock = mock();
    let response = execute(&mock, get(format!("{}/things/A1?key=k&more=1", mock.url()))).await;
    assert_eq!(response.status, 422, "422 is documented, 400 is not");
    assert!(response.message().contains("path parameter `id`"), "{}", response.body);
    assert!(response.message().contains("query parameter `more`"), "{}", response.body);
    assert_eq!(response.exchange.violations.len(), 2);
    let response = execute(&mock, get(format!("{}/things/a?key=k", mock.url())).body("x")).await;
    assert_eq!(response.exchange.violations[0].keyword, "undeclared");
}

#[tokio::test]
async fn bodies_are_decoded_by_their_media_type() {
    let mock = mock();
    let put = || client().put(format!("{}/things/a?key=k", mock.url()));
    let typed =
        |kind: &'static str, body: &'static str| put().header("content-type", kind).body(body);
    let cases = [
        (typed("application/json", r#"{"a":1}"#), None),
        (typed("application/json", r#"{"a":"x"}"#), Some("type")),
        (typed("application/json", "{"), Some("json")),
        (typed("application/merge-patch+json", "{}"), Some("content-type")),
        (typed("application/x-www-form-urlencoded", "n=4&tags=a&tags=b%26"), None),
        (typed("application/x-www-form-urlencoded", "n=x"), Some("type")),
        (typed("text/plain; charset=utf-8", "abc"), None),
        (typed("text/plain", "abcd"), Some("maxLength")),
        (typed("application/octet-stream", "anything"), None),
        (typed("multipart/form-data", "no boundary"), Some("multipart")),
        (put(), Some("required")),
        (put().body("x"), Some("content-type")),
    ];
    for (request, keyword) in cases {
        let response = execute(&mock, request).await;
        assert_eq!(response.keywords(), keyword.into_iter().collect::<Vec<_>>());
        assert_eq!(response.status, if keyword.is_some() { 400 } else { 303 });
    }
}

#[tokio::test]
async fn parts_are_validated_by_name_number_and_media_type() {
    use reqwest::multipart::{Form, Part};
    let mock = mock();
    let put = |form: Form| client().put(format!("{}/things/a?key=k", mock.url())).multipart(form);
    let file = || Part::text("content").file_name("a.txt").mime_str("text/plain").expect("a type");
    let wrong = Part::bytes(vec![1]).mime_str("application/pdf").expect("a type");
    let cases = [
        (Form::new().part("file", file()).text("note", "n").text("meta", r#"{"a":1}"#), None),
        (Form::new().text("note", "n"), Some("required")),
        (Form::new().part("file", file()).part("file", file()), Some("number")),
        (Form::new().part("file", file()).text("other", "x"), Some("unknown")),
        (Form::new().part("file", wrong), Some("content-type")),
        (Form::new().part("file", file()).text("meta", "no json"), Some("json")),
        (Form::new().part("file", file()).text("meta", r#"{"a":"x"}"#), Some("type")),
    ];
    for (form, keyword) in cases {
        let response = execute(&mock, put(form)).await;
        assert_eq!(response.keywords(), keyword.into_iter().collect::<Vec<_>>());
    }
    let response = execute(&mock, put(Form::new().part("file", file()))).await;
    assert_eq!(response.exchange.uploads[0].file_name.as_deref(), Some("a.txt"));
    assert_eq!(response.exchange.uploads[0].content, "content");
}

#[tokio::test]
async fn the_prefer_header_selects_the_response() {
    let mock = mock();
    let preferring = |prefer: &'static str| {
        get(format!("{}/things/a?key=k", mock.url())).header("prefer", prefer)
    };
    assert_eq!(execute(&mock, preferring("code=404")).await.status, 404);
    let body = |text: &str| -> Value { serde_json::from_str(text).expect("JSON") };
    let example = execute(&mock, preferring("dynamic=false")).await;
    assert_eq!(body(&example.body), json!({ "id": "an example" }));
    let example = execute(&mock, preferring("example=second")).await;
    assert_eq!(body(&example.body), json!({ "id": "another" }));
    let minimal = body(&execute(&mock, preferring("fill=minimal")).await.body);
    assert!(minimal.get("n").is_none());
    let (one, other) =
        (execute(&mock, preferring("seed=1")).await, execute(&mock, preferring("seed=2")).await);
    assert_ne!(one.body, other.body);
    assert_eq!(one.body, execute(&mock, preferring("seed=1")).await.body);
    let count = one.exchange.response.expect("a response").header("x-count").map(str::to_owned);
    assert!(matches!(count.expect("a header").parse(), Ok(1..=9)));
}

#[tokio::test]
async fn queued_responses_are_sent_once_and_in_order() {
    let mock = mock();
    let url = || get(format!("{}/things/a?key=k", mock.url()));
    mock.respond_once(
        "thing",
        MockResponse::status(503).header("retry-after", "1").body("busy", "text/plain"),
    );
    mock.respond_once(
        "thing",
        MockResponse::new().with_value("/id", "patched").with_value("/nested/n", 1),
    );
    let response = execute(&mock, url()).await;
    assert_eq!((response.status, response.body.as_str()), (503, "busy"));
    assert_eq!(response.exchange.response.expect("a response").header("retry-after"), Some("1"));
    let response: Value = serde_json::from_str(&execute(&mock, url()).await.body).expect("JSON");
    assert_eq!((&response["id"], &response["nested"]["n"]), (&json!("patched"), &json!(1)));
    assert_eq!(execute(&mock, url()).await.status, 200);

    mock.respond_once("thing", MockResponse::disconnect());
    assert!(url().send().await.is_err());
    assert!(mock.take_exchanges()[0].response.is_none());
    mock.respond_once("thing", MockResponse::new().disconnect_after(5));
    let response = url().send().await.expect("a response head");
    assert!(response.bytes().await.is_err());
    mock.respond_once("thing", MockResponse::new().delay(std::time::Duration::from_millis(30)));
    let started = std::time::Instant::now();
    url().send().await.expect("a response");
    assert!(started.elapsed().as_millis() >= 30);
}

#[tokio::test]
async fn a_redirect_points_to_a_file() {
    let mock = mock();
    let location = mock.serve_file("report", "content", "text/csv");
    assert_eq!(get(location).send().await.expect("a file").text().await.expect("text"), "content");
    let put = client().put(format!("{}/things/a?key=k", mock.url()));
    let response = execute(&mock, put.header("content-type", "text/plain").body("abc")).await;
    let sent = response.exchange.response.expect("a response");
    let location = sent.header("location").expect("a location").to_owned();
    assert!(get(location).send().await.expect("a file").status().is_success());
}

#[tokio::test]
async fn pages_are_slices_of_one_list() {
    let mock = MockServer::start(fixture("1.8.7")).expect("a server");
    let paginated = mock.all_pages(25).expect("pages");
    assert!(paginated.contains(&"ExecutionsList".to_owned()), "{paginated:?}");
    let operation = mock.api().operation("AgentProfilePoolsList").expect("an operation").clone();
    let mut ids = Vec::new();
    for page in 1..=3 {
        let mut values = RequestValues::default();
        for (name, value) in [("page", page), ("pageSize", 10)] {
            let key = (Location::Query, name.to_owned());
            values.parameters.insert(key, json!(value));
        }
        let body = send(&mock, &operation, &values).await.body;
        let body: Value = serde_json::from_str(&body).expect("JSON");
        assert_eq!((&body["total"], &body["page"]), (&json!(25), &json!(page)));
        let items = body["items"].as_array().expect("a list").clone();
        ids.extend(items.into_iter().map(|item| item["id"].to_string()));
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 25);
}

#[tokio::test]
async fn sequences_advance_and_growing_lists_grow() {
    let mock = MockServer::start(fixture("1.8.7")).expect("a server");
    mock.sequence("ExecutionGet", "/status", ["running", "running", "completed"]);
    let all = mock.growing_list("ExecutionActivitiesGet", 2, 5).expect("a list");
    let request = async |id: &str, query: &[(&str, Value)]| -> Value {
        let operation = mock.api().operation(id).expect("an operation").clone();
        let mut values = valid(mock.api(), &operation, 0);
        values.parameters.retain(|(location, _), _| *location != Location::Query);
        for (name, value) in query {
            let key = (Location::Query, (*name).to_owned());
            values.parameters.insert(key, value.clone());
        }
        serde_json::from_str(&send(&mock, &operation, &values).await.body).expect("JSON")
    };
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(request("ExecutionGet", &[]).await["status"].clone());
    }
    assert_eq!(statuses, ["running", "running", "completed", "completed"]);
    for length in [2, 4, 5, 5] {
        assert_eq!(request("ExecutionActivitiesGet", &[]).await, json!(all[..length]));
    }
    let newest = [("order", json!("desc")), ("limit", json!(2))];
    assert_eq!(request("ExecutionActivitiesGet", &newest).await, json!([all[4], all[3]]));
}

#[tokio::test]
async fn uploaded_files_are_listed_and_downloaded() {
    use reqwest::multipart::{Form, Part};
    let mock = MockServer::start(fixture("1.8.7")).expect("a server");
    mock.files(
        "ExecutionContextFilesUpload",
        "ExecutionContextFilesGet",
        "ExecutionContextFileDownloadRedirect",
    )
    .expect("files");
    mock.set_fill(Fill::Full);
    let execution = format!("{}/executions/6f1b6a52-6f0e-4a3b-8f57-0f2b1d9c3a01", mock.url());
    let with_key =
        |request: reqwest::RequestBuilder| request.header("X-Asteroid-Agents-Api-Key", "k");
    let form = Form::new().part("files", Part::bytes(b"\x00\xff".to_vec()).file_name("raw.bin"));
    let response = execute(
        &mock,
        with_key(client().post(format!("{execution}/context-files"))).multipart(form),
    )
    .await;
    assert_eq!(response.status, 200, "{}", response.body);
    let listed = execute(&mock, with_key(get(format!("{execution}/context-files")))).await.body;
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    assert_eq!((&listed[0]["fileName"], &listed[0]["fileSize"]), (&json!("raw.bin"), &json!(2)));
    let id = listed[0]["id"].as_str().expect("an id");
    let response =
        execute(&mock, with_key(get(format!("{execution}/context-files/{id}/download")))).await;
    let location =
        response.exchange.response.expect("a response").header("location").map(str::to_owned);
    let file = get(location.expect("a location")).send().await.expect("a file");
    assert_eq!(&file.bytes().await.expect("bytes")[..], b"\x00\xff");
}

#[test]
fn documents_of_several_files_are_read() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("several-files");
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("openapi.yaml");
    let document = "openapi: 3.1.0\npaths: { /a: { $ref: a.yaml } }\n";
    std::fs::write(&path, document).expect("a file");
    std::fs::write(folder.join("a.yaml"), "get: { operationId: a }").expect("a file");
    let api = Api::load(&path).expect("a document");
    assert!(api.operation("a").is_some());
    std::fs::write(&path, document.replace("a.yaml", "../b.yaml")).expect("a file");
    let error = Api::load(&path).expect_err("a file elsewhere").to_string();
    assert!(error.contains("openapi.yaml") && error.contains("outside of the folder"), "{error}");
    std::fs::remove_dir_all(&folder).expect("a folder");
}
