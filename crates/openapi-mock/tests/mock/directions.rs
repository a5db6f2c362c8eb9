//! Properties that only one direction has.

use openapi_mock::{Api, Direction, MockServer};
use serde_json::{Value, json};

use crate::request::{client, execute};

const DOCUMENT: &str = "
openapi: 3.1.0
info: { title: Directions, version: '1' }
paths:
  /users:
    post:
      operationId: create
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/User' } } } }
      responses:
        '200':
          description: the user
          content:
            application/json:
              schema: { $ref: '#/components/schemas/User' }
              examples:
                read: { value: { name: a, id: '1', at: t } }
                sent: { value: { name: a, secret: s } }
components:
  schemas:
    User:
      type: object
      required: [id, secret, name, at]
      properties:
        id: { type: string, readOnly: true }
        secret: { type: string, writeOnly: true }
        name: { type: string }
        at: { $ref: '#/components/schemas/At' }
    At: { type: string, readOnly: true }
";

/// Sends a body, and returns the status and the keywords of the violations.
async fn send(mock: &MockServer, body: Value) -> (u16, Vec<String>) {
    let request = client().post(format!("{}/users", mock.url()));
    let request = request.header("content-type", "application/json").body(body.to_string());
    let response = execute(mock, request).await;
    let keywords = response.keywords().into_iter().map(str::to_owned).collect();
    (response.status, keywords)
}

#[tokio::test]
async fn requests_may_omit_read_only_properties() {
    let mock = MockServer::start(Api::parse(DOCUMENT).unwrap()).unwrap();
    let required = || vec!["required".to_owned()];
    assert_eq!(send(&mock, json!({ "name": "a", "secret": "s" })).await, (200, vec![]));
    assert_eq!(send(&mock, json!({ "name": "a", "secret": "s", "id": "1" })).await, (200, vec![]));
    assert_eq!(send(&mock, json!({ "name": "a" })).await, (400, required()));
    assert_eq!(send(&mock, json!({ "secret": "s" })).await, (400, required()));
}

#[tokio::test]
async fn responses_may_omit_write_only_properties() {
    let mock = MockServer::start(Api::parse(DOCUMENT).unwrap()).unwrap();
    let status = async |example: &str| {
        let request = client().post(format!("{}/users", mock.url()));
        let request = request.header("prefer", format!("example={example}"));
        let request = request.header("content-type", "application/json");
        execute(&mock, request.body(json!({ "name": "a", "secret": "s" }).to_string())).await.status
    };
    assert_eq!(status("read").await, 200);
    assert_eq!(status("sent").await, 500, "the example has no `id`");
}

#[test]
fn the_schema_itself_requires_all_properties() {
    let api = Api::parse(DOCUMENT).unwrap();
    let request = json!({ "name": "a", "secret": "s" });
    let response = json!({ "name": "a", "id": "1", "at": "t" });
    let accepts = |validator: &openapi_mock::Validator, value: &Value| {
        validator.accepts("/components/schemas/User", value).unwrap()
    };
    assert!(!accepts(api.validator(), &request) && !accepts(api.validator(), &response));
    let requests = api.validator_of(Direction::Request);
    assert!(accepts(requests, &request) && !accepts(requests, &response));
    let responses = api.validator_of(Direction::Response);
    assert!(accepts(responses, &response) && !accepts(responses, &request));
}
