//! Credentials: alternatives, combinations, and where they are sent.

use openapi_mock::{Api, MockServer};

use crate::request::{client, execute};

const DOCUMENT: &str = "
openapi: 3.1.0
info: { title: t, version: '1' }
security: [{ Key: [], Bearer: [] }, { Cookie: [] }, { Basic: [] }]
paths:
  /a: { get: { operationId: a, responses: { '204': { description: ok } } } }
components:
  securitySchemes:
    Key: { type: apiKey, in: header, name: X-Key }
    Bearer: { type: http, scheme: bearer }
    Cookie: { type: apiKey, in: cookie, name: session }
    Basic: { type: http, scheme: basic }
";

#[tokio::test]
async fn one_alternative_is_met_by_all_of_its_schemes() {
    let mock = MockServer::start(Api::parse(DOCUMENT).expect("a document")).expect("a server");
    let (key, bearer) = (("x-key", "k"), ("authorization", "Bearer t"));
    for (headers, status) in [
        (&[key, bearer][..], 204),
        (&[key], 401),
        (&[bearer], 401),
        (&[("x-key", ""), bearer], 401),
        (&[("cookie", "session=s")], 204),
        (&[("cookie", "other=o"), ("cookie", "session=s")], 204),
        (&[("cookie", "session=")], 401),
        (&[("cookie", "sessions=s")], 401),
        (&[("authorization", "basic dTpw")], 204),
        (&[], 401),
    ] {
        let mut request = client().get(format!("{}/a", mock.url()));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = execute(&mock, request).await;
        assert_eq!(response.status, status, "{headers:?}");
        let expected: &[&str] = if status == 401 { &["security"] } else { &[] };
        assert_eq!(response.keywords(), expected, "{headers:?}");
    }
}
