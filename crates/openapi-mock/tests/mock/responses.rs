//! What is answered: routes, refusals, preferences, scripts and stories.

use openapi_mock::{Api, Fill, MockApi, MockResponse};
use serde_json::{Value, json};

use crate::{
    instances::fixture,
    request::{Said, client, hear, send, valid},
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
    delete: { operationId: remove, responses: { '204': { description: gone }, default: { description: no, content: { text/plain: { schema: { type: string } } } } } }
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

fn mock() -> MockApi {
    MockApi::start(Api::parse(DOCUMENT).expect("a document")).expect("a server")
}

fn get(url: String) -> reqwest::RequestBuilder {
    client().get(url)
}

#[tokio::test]
async fn the_base_path_is_that_of_the_server_and_concrete_paths_win() {
    let mock = mock();
    assert!(mock.url().ends_with("/v1/api"));
    let special = hear(&mock, get(format!("{}/things/special", mock.url()))).await;
    assert_eq!((special.status, special.exchange.operation.as_deref()), (204, Some("special")));
    let thing = hear(&mock, get(format!("{}/things/other?key=k", mock.url()))).await;
    assert_eq!((thing.status, thing.exchange.operation.as_deref()), (200, Some("thing")));
    // Another method of the concrete path is the templated one's.
    let removed =
        hear(&mock, client().delete(format!("{}/things/special?key=k", mock.url()))).await;
    assert_eq!(removed.exchange.operation.as_deref(), Some("remove"));
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused_as_the_document_says_so() {
    let mock = mock();
    for url in [format!("{}/nothing", mock.url()), format!("{}/things/a", mock.origin())] {
        let heard = hear(&mock, get(url)).await;
        let body: Value = serde_json::from_str(&heard.body).expect("the documented body");
        assert_eq!(heard.status, 404);
        assert!(body["message"].as_str().expect("a message").contains("no operation for GET"));
        assert_eq!(heard.exchange.violations[0].keyword, "path");
    }
    let heard = hear(&mock, client().post(format!("{}/things/a?key=k", mock.url()))).await;
    assert_eq!(heard.status, 405);
    assert_eq!(heard.exchange.answer.expect("sent").header("allow"), Some("GET, PUT, DELETE"));
}

#[tokio::test]
async fn a_request_without_credentials_is_refused() {
    let mock = mock();
    let heard = hear(&mock, get(format!("{}/things/a", mock.url()))).await;
    assert_eq!(heard.status, 401);
    assert!(heard.said().contains("the query parameter `key` is missing"), "{}", heard.body);
    let schemes = |kind: &str| {
        let text = DOCUMENT.replace("{ type: apiKey, in: query, name: key }", kind);
        MockApi::start(Api::parse(&text).expect("a document")).expect("a server")
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
        assert_eq!(hear(&mock, get(url.clone())).await.status, 401, "{kind}");
        assert_eq!(hear(&mock, get(url).header(name, value)).await.status, 200, "{kind}");
    }
}

#[tokio::test]
async fn what_breaks_the_document_gets_the_documented_status_and_is_kept() {
    let mock = mock();
    let heard = hear(&mock, get(format!("{}/things/A1?key=k&more=1", mock.url()))).await;
    assert_eq!(heard.status, 422, "400 isn't documented, 422 is");
    assert!(heard.said().contains("path parameter `id`"), "{}", heard.body);
    assert!(heard.said().contains("query parameter `more`"), "{}", heard.body);
    assert_eq!(heard.exchange.violations.len(), 2);
    let heard = hear(&mock, get(format!("{}/things/a?key=k", mock.url())).body("x")).await;
    assert_eq!(heard.exchange.violations[0].keyword, "undeclared");
}

#[tokio::test]
async fn bodies_are_read_by_their_content_type() {
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
    for (request, broken) in cases {
        let heard = hear(&mock, request).await;
        let keywords: Vec<_> =
            heard.exchange.violations.iter().map(|violation| violation.keyword.as_str()).collect();
        assert_eq!(keywords, broken.into_iter().collect::<Vec<_>>());
        assert_eq!(heard.status, if broken.is_some() { 400 } else { 303 });
    }
}

#[tokio::test]
async fn parts_are_checked_by_name_number_and_type() {
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
    for (form, broken) in cases {
        let heard = hear(&mock, put(form)).await;
        let keywords: Vec<_> =
            heard.exchange.violations.iter().map(|violation| violation.keyword.as_str()).collect();
        assert_eq!(keywords, broken.into_iter().collect::<Vec<_>>());
    }
    let heard = hear(&mock, put(Form::new().part("file", file()))).await;
    assert_eq!(heard.exchange.uploads[0].file_name.as_deref(), Some("a.txt"));
    assert_eq!(heard.exchange.uploads[0].content, "content");
}

#[tokio::test]
async fn a_request_says_what_it_prefers() {
    let mock = mock();
    let asking = |prefer: &'static str| {
        get(format!("{}/things/a?key=k", mock.url())).header("prefer", prefer)
    };
    assert_eq!(hear(&mock, asking("code=404")).await.status, 404);
    let body = |text: &str| -> Value { serde_json::from_str(text).expect("JSON") };
    let example = hear(&mock, asking("dynamic=false")).await;
    assert_eq!(body(&example.body), json!({ "id": "an example" }));
    let example = hear(&mock, asking("example=second")).await;
    assert_eq!(body(&example.body), json!({ "id": "another" }));
    let minimal = body(&hear(&mock, asking("fill=minimal")).await.body);
    assert!(minimal.get("n").is_none());
    let (one, other) = (hear(&mock, asking("seed=1")).await, hear(&mock, asking("seed=2")).await);
    assert_ne!(one.body, other.body);
    assert_eq!(one.body, hear(&mock, asking("seed=1")).await.body);
    let count = one.exchange.answer.expect("sent").header("x-count").map(str::to_owned);
    assert!(matches!(count.expect("a header").parse(), Ok(1..=9)));
}

#[tokio::test]
async fn a_script_answers_once_and_in_order() {
    let mock = mock();
    let url = || get(format!("{}/things/a?key=k", mock.url()));
    mock.next(
        "thing",
        MockResponse::status(503).header("retry-after", "1").body("busy", "text/plain"),
    );
    mock.next("thing", MockResponse::new().with("/id", "patched").with("/deep/er", 1));
    let heard = hear(&mock, url()).await;
    assert_eq!((heard.status, heard.body.as_str()), (503, "busy"));
    assert_eq!(heard.exchange.answer.expect("sent").header("retry-after"), Some("1"));
    let heard: Value = serde_json::from_str(&hear(&mock, url()).await.body).expect("JSON");
    assert_eq!((&heard["id"], &heard["deep"]["er"]), (&json!("patched"), &json!(1)));
    assert_eq!(hear(&mock, url()).await.status, 200);

    mock.next("thing", MockResponse::broken());
    assert!(url().send().await.is_err());
    assert!(mock.take_exchanges()[0].answer.is_none());
    mock.next("thing", MockResponse::new().broken_after(5));
    let response = url().send().await.expect("the head of an answer");
    assert!(response.bytes().await.is_err());
    mock.next("thing", MockResponse::new().delay(std::time::Duration::from_millis(30)));
    let begun = std::time::Instant::now();
    url().send().await.expect("an answer");
    assert!(begun.elapsed().as_millis() >= 30);
}

#[tokio::test]
async fn a_redirect_leads_to_a_file() {
    let mock = mock();
    let location = mock.file("report", "content", "text/csv");
    assert_eq!(get(location).send().await.expect("a file").text().await.expect("text"), "content");
    let put = client().put(format!("{}/things/a?key=k", mock.url()));
    let heard = hear(&mock, put.header("content-type", "text/plain").body("abc")).await;
    let sent = heard.exchange.answer.expect("sent");
    let location = sent.header("location").expect("a location").to_owned();
    assert!(get(location).send().await.expect("a file").status().is_success());
}

#[tokio::test]
async fn pages_are_those_of_one_list() {
    let mock = MockApi::start(fixture("1.8.7")).expect("a server");
    let paged = mock.all_pages(25).expect("pages");
    assert!(paged.contains(&"ExecutionsList".to_owned()), "{paged:?}");
    let operation = mock.api().operation("AgentProfilePoolsList").expect("an operation").clone();
    let mut ids = Vec::new();
    for page in 1..=3 {
        let mut said = Said::default();
        for (name, value) in [("page", page), ("pageSize", 10)] {
            let key = (openapi_mock::Location::Query, name.to_owned());
            said.parameters.insert(key, json!(value));
        }
        let body = send(&mock, &operation, &said).await.body;
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
async fn an_execution_advances_and_gains_activities() {
    let mock = MockApi::start(fixture("1.8.7")).expect("a server");
    mock.steps("ExecutionGet", "/status", ["running", "running", "completed"]);
    let all = mock.growing("ExecutionActivitiesGet", 2, 5).expect("a list");
    let asked = async |id: &str, query: &[(&str, Value)]| -> Value {
        let operation = mock.api().operation(id).expect("an operation").clone();
        let mut said = valid(mock.api(), &operation, 0);
        said.parameters.retain(|(location, _), _| *location != openapi_mock::Location::Query);
        for (name, value) in query {
            let key = (openapi_mock::Location::Query, (*name).to_owned());
            said.parameters.insert(key, value.clone());
        }
        serde_json::from_str(&send(&mock, &operation, &said).await.body).expect("JSON")
    };
    let ask = async |id: &str| asked(id, &[]).await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(ask("ExecutionGet").await["status"].clone());
    }
    assert_eq!(statuses, ["running", "running", "completed", "completed"]);
    for there in [2, 4, 5, 5] {
        assert_eq!(ask("ExecutionActivitiesGet").await, json!(all[..there]));
    }
    let newest = [("order", json!("desc")), ("limit", json!(2))];
    assert_eq!(asked("ExecutionActivitiesGet", &newest).await, json!([all[4], all[3]]));
}

#[tokio::test]
async fn files_come_back_as_they_were_uploaded() {
    use reqwest::multipart::{Form, Part};
    let mock = MockApi::start(fixture("1.8.7")).expect("a server");
    mock.files(
        "ExecutionContextFilesUpload",
        "ExecutionContextFilesGet",
        "ExecutionContextFileDownloadRedirect",
    )
    .expect("files");
    mock.fill(Fill::Full);
    let execution = format!("{}/executions/6f1b6a52-6f0e-4a3b-8f57-0f2b1d9c3a01", mock.url());
    let key = |request: reqwest::RequestBuilder| request.header("X-Asteroid-Agents-Api-Key", "k");
    let form = Form::new().part("files", Part::bytes(b"\x00\xff".to_vec()).file_name("raw.bin"));
    let heard =
        hear(&mock, key(client().post(format!("{execution}/context-files"))).multipart(form)).await;
    assert_eq!(heard.status, 200, "{}", heard.body);
    let listed = hear(&mock, key(get(format!("{execution}/context-files")))).await.body;
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    assert_eq!((&listed[0]["fileName"], &listed[0]["fileSize"]), (&json!("raw.bin"), &json!(2)));
    let id = listed[0]["id"].as_str().expect("an id");
    let heard = hear(&mock, key(get(format!("{execution}/context-files/{id}/download")))).await;
    let location = heard.exchange.answer.expect("sent").header("location").map(str::to_owned);
    let file = get(location.expect("a location")).send().await.expect("a file");
    assert_eq!(&file.bytes().await.expect("bytes")[..], b"\x00\xff");
}
