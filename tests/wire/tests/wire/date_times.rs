//! Date-times in requests: RFC 3339 wherever they are written.

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
async fn fractions_of_a_second_are_written() {
    let request = sent(date_time("2026-01-02T03:04:05.000123Z")).await;
    assert_eq!(request.url.path(), "/logs/2026-01-02T03%3A04%3A05.000123Z");
    assert_eq!(request.headers["x-until"], "2026-01-02T03:04:05.000123Z");
}
