//! Date-times in requests: RFC 3339 wherever they are written.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use wiremock::Request;

use crate::{document_client, multipart::parts, only_request, serve_no_content};

fn date_time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The request of a call with a date-time in each place.
async fn sent(at: DateTime<Utc>) -> Request {
    let server = serve_no_content().await;
    let call = document_client!(date_times, server.uri()).logs().since(at).x_until(at).seen(at);
    call.at([at, at]).when(at).send().await.unwrap();
    only_request(&server).await
}

#[tokio::test]
async fn date_times_are_in_rfc_3339_in_every_place() {
    let request = sent(date_time("2026-01-02T05:04:05+02:00")).await;
    let encoded = "2026-01-02T03%3A04%3A05Z";
    assert_eq!(request.url.path(), format!("/logs/{encoded}"));
    assert_eq!(request.url.query(), Some(&*format!("at={encoded},{encoded}")));
    assert_eq!(request.headers["x-until"], "2026-01-02T03:04:05Z");
    assert_eq!(request.headers["cookie"], format!("seen={encoded}"));
    assert_eq!(parts(&request)[0].1, b"2026-01-02T03:04:05Z");
}

#[tokio::test]
async fn date_times_are_in_rfc_3339_in_every_style_and_in_forms() {
    use wire::documents::date_times::types::{EventsBody, EventsRange};

    let at = date_time("2026-01-02T03:04:05Z");
    let server = serve_no_content().await;
    let call = document_client!(date_times, server.uri()).events().each([at, at]).json([at]);
    let call = call.named(HashMap::from([("until".to_owned(), at)])).spaced([at, at]);
    let call = call.range(EventsRange::new().with_from(at));
    call.body(EventsBody::new().with_at(at).with_list([at, at])).send().await.unwrap();
    let request = only_request(&server).await;
    let text = "2026-01-02T03:04:05Z";
    let mut query: Vec<(String, String)> = request.url.query_pairs().into_owned().collect();
    query.sort_unstable();
    let expected = [
        ("each", text.to_owned()),
        ("each", text.to_owned()),
        ("json", format!("[\"{text}\"]")),
        ("range[from]", text.to_owned()),
        ("spaced", format!("{text} {text}")),
        ("until", text.to_owned()),
    ];
    assert_eq!(query, expected.map(|(name, value)| (name.to_owned(), value)));
    let encoded = "2026-01-02T03%3A04%3A05Z";
    assert_eq!(
        String::from_utf8_lossy(&request.body),
        format!("at={encoded}&list={encoded}&list={encoded}")
    );
}

#[tokio::test]
async fn fractions_of_a_second_are_written() {
    let request = sent(date_time("2026-01-02T03:04:05.000123Z")).await;
    assert_eq!(request.url.path(), "/logs/2026-01-02T03%3A04%3A05.000123Z");
    assert_eq!(request.headers["x-until"], "2026-01-02T03:04:05.000123Z");
}
