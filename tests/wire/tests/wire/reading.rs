//! Responses as servers send them, beside what the document says.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use wire::{
    Error, ErrorKind, Response,
    documents::reading::{Client, types},
};
use wiremock::{MockServer, ResponseTemplate};

use crate::{document_client, multipart::parts, only_request, serve, serve_no_content};

fn client(server: &MockServer) -> Client {
    document_client!(reading, server.uri())
}

/// Starts a server of this body.
async fn serve_body(media_type: &str, body: impl Into<Vec<u8>>) -> MockServer {
    serve(ResponseTemplate::new(200).set_body_raw(body, media_type)).await
}

async fn numbers(json: &str) -> Result<types::Numbers, Error> {
    let server = serve_body("application/json", json).await;
    client(&server).numbers_get().send().await.map(Response::into_inner)
}

/// JSON Schema 2020-12, Validation, section 6.1.1: a number without a fraction is an integer.
#[tokio::test]
async fn integral_numbers_are_integers() {
    let json = r#"{"count": 5.0, "small": -1.2e1, "unsigned": 18446744073709551615.0, "maybe": 7.00,
        "list": [1.0, 2, 3e0], "byName": {"1.0": 4.0}, "ratio": 1.0, "text": "5.0", "either": 6.0,
        "member": {"size": 8.0}, "tagged": {"n": 9.0, "kind": "a"}}"#;
    let numbers = numbers(json).await.unwrap();
    assert_eq!((numbers.count, numbers.small, numbers.unsigned), (5, Some(-12), Some(u64::MAX)));
    assert_eq!((numbers.maybe, &numbers.list), (Some(Some(7)), &Some(vec![1, 2, 3])));
    assert_eq!(numbers.by_name.unwrap()["1.0"], 4);
    assert_eq!((numbers.ratio, numbers.text.as_deref()), (Some(1.0), Some("5.0")));
    for (value, expected) in [
        (serde_json::to_value(numbers.either).unwrap(), json!(6)),
        (serde_json::to_value(numbers.member).unwrap(), json!({ "size": 8 })),
        (serde_json::to_value(numbers.tagged).unwrap(), json!({ "kind": "a", "n": 9 })),
    ] {
        assert_eq!(value, expected);
    }
    let server = serve_body("application/json", "[1.0, 2.0]").await;
    assert_eq!(*client(&server).counts_list().send().await.unwrap(), [1, 2]);
}

/// A union decides by itself what fits, without an error around it.
#[tokio::test]
async fn an_integral_number_in_a_union_is_an_integer() {
    let json = r#"{"count": 1, "either": 6.0, "member": {"size": 8.0}}"#;
    let numbers = numbers(json).await.unwrap();
    assert!(matches!(numbers.member, Some(types::NumbersMember::Sized(sized)) if sized.size == 8));
    assert_eq!(serde_json::to_value(numbers.either).unwrap(), json!(6));
}

#[tokio::test]
async fn a_number_that_is_not_integral_is_an_error_that_names_the_field() {
    for (json, expected) in [
        (
            r#"{"count": 5.5}"#,
            "count: invalid type: floating point, expected i64 at line 1 column 14",
        ),
        (r#"{"count": 1.0, "small": 128.0}"#, "small: invalid value: integer, expected i8"),
        (
            r#"{"count": 1e20}"#,
            "count: invalid type: floating point, expected i64 at line 1 column 15",
        ),
        (
            r#"{"count": 1, "list": [1.0, 0.5]}"#,
            "list[1]: invalid type: floating point, expected i64",
        ),
        (r#"{"count": 1.0} {}"#, "trailing characters"),
    ] {
        let error = numbers(json).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        let expected = format!("numbersGet: 200 OK, invalid body: {expected}");
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.raw(), Some(json.as_bytes()));
    }
}

/// RFC 8259, section 8.1: a parser may ignore a byte order mark.
#[tokio::test]
async fn a_byte_order_mark_is_ignored() {
    let marked = |text: &str| [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let server = serve_body("application/json", marked(r#"{"count": 1}"#)).await;
    assert_eq!(client(&server).numbers_get().send().await.unwrap().count, 1);
    let server = serve_body("text/plain", marked("t")).await;
    assert_eq!(*client(&server).text_get().send().await.unwrap(), "t");

    let problem = marked(r#"{"title": "wrong", "code": 7.0}"#);
    let response = ResponseTemplate::new(400).set_body_raw(problem, "application/json");
    let server = serve(response).await;
    let error = client(&server).numbers_get().send().await.unwrap_err();
    assert_eq!(error.to_string(), "numbersGet: 400 Bad Request: wrong");
    let api = error.api().unwrap();
    assert_eq!((api.code(), api.message()), (Some("7.0"), Some("wrong")));
    assert_eq!(api.body::<types::Problem>().unwrap().code, Some(7));

    // The values of JSON may be secrets, behind a mark too.
    let server = serve_body("application/json", marked(r#"{"count": "s3cret"}"#)).await;
    let error = client(&server).numbers_get().send().await.unwrap_err();
    assert!(!error.to_string().contains("s3cret"), "{error}");
    let server = serve_body("application/json", marked(" ")).await;
    let error = client(&server).numbers_get().send().await.unwrap_err();
    assert_eq!(error.to_string(), "numbersGet: 200 OK, invalid body: the body is empty");
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[tokio::test]
async fn date_times_without_an_offset_are_in_utc() {
    for (text, expected) in [
        ("2026-01-02T03:04:05", "2026-01-02T03:04:05Z"),
        ("2026-01-02 03:04:05", "2026-01-02T03:04:05Z"),
        ("2026-01-02T03:04:05.123456", "2026-01-02T03:04:05.123456Z"),
        ("2026-01-02 03:04:05.5", "2026-01-02T03:04:05.5Z"),
        ("2026-01-02t03:04:05", "2026-01-02T03:04:05Z"),
        ("2026-01-02 03:04:05Z", "2026-01-02T03:04:05Z"),
        ("2026-01-02 03:04:05 UTC", "2026-01-02T03:04:05Z"),
        ("2026-01-02 05:04:05+02:00", "2026-01-02T03:04:05Z"),
        ("2026-01-02T05:04:05+0200", "2026-01-02T03:04:05Z"),
        ("2026-01-02 05:04:05.25+02", "2026-01-02T03:04:05.25Z"),
        ("2026-01-01 22:04:05-05", "2026-01-02T03:04:05Z"),
    ] {
        let body = json!({
            "at": text, "atOrNull": text, "maybe": text, "maybeNull": text, "list": [text],
            "nullList": [text, null], "byName": { "a": [text] }, "either": text,
            "open": { "a": text, "b": text }, "text": text,
        });
        let server = serve_body("application/json", body.to_string()).await;
        let times = client(&server).times_get().send().await;
        let times = times.unwrap_or_else(|error| panic!("{text}: {error}")).into_inner();
        let expected = at(expected);
        assert_eq!((times.at, times.at_or_null), (expected, Some(expected)), "{text}");
        assert_eq!((times.maybe, times.maybe_null), (Some(expected), Some(Some(expected))));
        assert_eq!(times.list, Some(vec![expected]));
        assert_eq!(times.null_list, Some(Some(vec![Some(expected), None])));
        assert_eq!(times.by_name.as_ref().unwrap()["a"], [expected]);
        assert_eq!(serde_json::to_value(times.either).unwrap(), json!(expected), "{text}");
        let open = times.open.unwrap();
        assert_eq!((open.a.as_deref(), open.extra["b"]), (Some(text), expected));
        assert_eq!(times.text.as_deref(), Some(text));

        let server = serve_body("application/json", json!([text]).to_string()).await;
        assert_eq!(*client(&server).times_list().send().await.unwrap(), [expected]);
    }
}

#[tokio::test]
async fn null_and_absent_date_times_are_distinct() {
    let json = r#"{"at": "2026-01-02 03:04:05", "atOrNull": null, "maybeNull": null}"#;
    let server = serve_body("application/json", json).await;
    let times = client(&server).times_get().send().await.unwrap().into_inner();
    assert_eq!((times.at_or_null, times.maybe, times.maybe_null), (None, None, Some(None)));
    assert_eq!(times.null_list, None);
    let server = serve_body("application/json", r#"{"at": "2026-01-02 03:04:05"}"#).await;
    let error = client(&server).times_get().send().await.unwrap_err();
    assert!(error.to_string().contains("missing field `atOrNull`"), "{error}");
}

#[tokio::test]
async fn texts_that_are_no_date_time_are_errors() {
    for text in [
        "2026-01-02",
        "03:04:05",
        "2026-13-02 03:04:05",
        "2026-01-02_03:04:05",
        "",
        "é026-01-02 03:04:05",
        "tomorrow",
        "2026-01-02 03:04:05 +",
    ] {
        let body = json!({ "at": text, "atOrNull": null });
        let server = serve_body("application/json", body.to_string()).await;
        let error = client(&server).times_get().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode, "{text}");
        assert!(error.to_string().contains("invalid body: at: "), "{error}");
    }
}

#[tokio::test]
async fn a_format_of_text_rejects_no_text() {
    let names = [
        "ip", "ipv4", "ipv6", "uri", "url", "byte", "binary", "decimal", "email", "hostname",
        "duration", "time", "regex", "int64",
    ];
    let mut body: serde_json::Map<String, Value> =
        names.into_iter().map(|name| (name.to_owned(), json!("10.0.0.0/8 [not valid"))).collect();
    body.insert("addresses".to_owned(), json!(["host.example", ""]));
    let server = serve_body("application/json", Value::Object(body.clone()).to_string()).await;
    let formats = client(&server).formats_get().send().await.unwrap().into_inner();
    assert_eq!(formats.ipv4.as_deref(), Some("10.0.0.0/8 [not valid"));
    assert_eq!(serde_json::to_value(formats).unwrap(), Value::Object(body));
}

/// RFC 9110, section 8.3.2.
#[tokio::test]
async fn text_is_decoded_from_its_charset() {
    for (media_type, body, expected) in [
        ("text/plain; charset=iso-8859-1", &b"caf\xe9"[..], "caf\u{e9}"),
        ("Text/Plain; Charset=\"Windows-1252\"", b"5 \x80", "5 \u{20ac}"),
        ("text/plain;charset=utf-8", "caf\u{e9}".as_bytes(), "caf\u{e9}"),
        ("text/plain; charset=shift_jis", b"\x83e\x83X\x83g", "\u{30c6}\u{30b9}\u{30c8}"),
        ("text/plain", b"\xff\xfea\0", "a"),
        ("text/plain; charset=x-unknown", "caf\u{e9}".as_bytes(), "caf\u{e9}"),
    ] {
        let server = serve_body(media_type, body).await;
        let text = client(&server).text_get().send().await;
        assert_eq!(text.unwrap_or_else(|error| panic!("{media_type}: {error}")).as_str(), expected);
    }
    for (media_type, reason) in [
        ("text/plain", "the text isn't UTF-8"),
        ("text/plain; charset=x-own", "the text isn't UTF-8, and its charset `x-own` is unknown"),
        ("text/plain; charset=gbk", "the text isn't GBK"),
    ] {
        let server = serve_body(media_type, &b"caf\xff\xff"[..]).await;
        let error = client(&server).text_get().send().await.unwrap_err().to_string();
        assert!(error.starts_with(&format!("textGet: 200 OK, invalid body: {reason}")), "{error}");
    }
}

#[tokio::test]
async fn errors_and_json_are_decoded_from_their_charset() {
    let latin1 = |media_type: &str, text: &[u8]| {
        let media_type = format!("{media_type}; charset=iso-8859-1");
        ResponseTemplate::new(500).set_body_raw(text, &media_type)
    };
    let server = serve(latin1("text/plain", b"d\xe9sol\xe9")).await;
    let error = client(&server).numbers_get().send().await.unwrap_err();
    assert_eq!(error.to_string(), "numbersGet: 500 Internal Server Error: d\u{e9}sol\u{e9}");
    assert_eq!(error.api().unwrap().body::<String>().unwrap(), "d\u{e9}sol\u{e9}");
    assert_eq!(error.raw().unwrap(), b"d\xe9sol\xe9");

    let server = serve(latin1("application/json", b"{\"message\": \"d\xe9sol\xe9\"}")).await;
    let error = client(&server).numbers_get().send().await.unwrap_err();
    assert_eq!(error.api().unwrap().message(), Some("d\u{e9}sol\u{e9}"));

    let title = async |media_type: &str, body: &[u8]| {
        let server = serve_body(media_type, body).await;
        let problem = client(&server).maybe_get().send().await.unwrap().into_inner();
        problem.unwrap().title
    };
    let body = b"{\"title\": \"\xe9\"}";
    assert_eq!(title("application/json; charset=iso-8859-1", body).await, "\u{e9}");
    // JSON is UTF-8 (RFC 8259, section 8.1), whatever a server adds.
    let body = "{\"title\": \"\u{e9}\"}".as_bytes();
    assert_eq!(title("application/json; charset=iso-8859-1", body).await, "\u{e9}");
    let utf16: Vec<u8> =
        "\u{feff}{\"title\": \"\u{e9}\"}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(title("application/json", &utf16).await, "\u{e9}");
}

/// RFC 9110, section 8.3.1: type and subtype are case-insensitive, in documents and in responses.
#[tokio::test]
async fn media_types_are_compared_without_regard_to_case() {
    let server = serve_body("APPLICATION/PROBLEM+JSON; charset=UTF-8", r#"{"title": "t"}"#).await;
    let problem: types::Problem = serde_json::from_value(json!({ "title": "a" })).unwrap();
    let call = client(&server).cased_add().filter(problem.clone()).body(problem);
    assert_eq!(call.send().await.unwrap().title, "t");
    let request = only_request(&server).await;
    assert_eq!(request.url.query(), Some("filter=%7B%22title%22%3A%22a%22%7D"));
    assert!(
        request.headers["content-type"].to_str().unwrap().eq_ignore_ascii_case("application/json")
    );

    let server = serve_no_content().await;
    client(&server).cased_form().a("1").send().await.unwrap();
    assert_eq!(parts(&only_request(&server).await)[0].1, b"1");
}

#[tokio::test]
async fn text_has_the_documented_subtype_or_is_plain() {
    for media_type in ["text/csv", "TEXT/CSV; header=present", "text/plain"] {
        let server = serve_body(media_type, "a,b").await;
        assert_eq!(*client(&server).table_get().send().await.unwrap(), "a,b");
    }
    for media_type in ["text/html", "image/png"] {
        let server = serve_body(media_type, "<html>").await;
        let error = client(&server).table_get().send().await.unwrap_err().to_string();
        let expected = format!("expected text, found media type `{media_type}`");
        assert!(error.contains(&expected), "{error}");
    }
    // The status of an error tells already what it is.
    let response = ResponseTemplate::new(500).set_body_raw("<html>", "text/html");
    let server = serve(response).await;
    let error = client(&server).numbers_get().send().await.unwrap_err();
    assert_eq!(error.api().unwrap().body::<String>().unwrap(), "<html>");
}

/// An empty body is null where the document allows null, and an error where it doesn't.
#[tokio::test]
async fn an_empty_body_is_what_the_document_allows() {
    for status in [200, 204, 205] {
        let response = || ResponseTemplate::new(status);
        let server = serve(response()).await;
        let problem = client(&server).maybe_get().send().await.unwrap();
        assert_eq!((problem.status().as_u16(), problem.into_inner()), (status, None));
        assert_eq!(*client(&server).any_get().send().await.unwrap(), Value::Null);
        assert_eq!(*client(&server).text_get().send().await.unwrap(), "");
        let error = client(&server).numbers_get().send().await.unwrap_err();
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Decode, status));
        assert!(error.to_string().ends_with("invalid body: the body is empty"), "{error}");
        let error = client(&server).counts_list().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
    }
    let server = serve_body("application/json", " \r\n").await;
    assert_eq!(client(&server).maybe_get().send().await.unwrap().into_inner(), None);
    let server = serve_body("application/json", "null").await;
    assert_eq!(client(&server).maybe_get().send().await.unwrap().into_inner(), None);
}

/// The reader of arrays decodes elements while they are received, in chunks of any size.
#[tokio::test]
async fn arrays_are_read_as_bodies_are() {
    use openapi_lower_runtime::json_array::JsonArray;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let _ = connection.read(&mut [0; 4096]).await.unwrap();
        let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        connection.write_all(head).await.unwrap();
        for byte in b"\xef\xbb\xbf [{\"count\": 1.0}, {\"count\": 2}]" {
            let chunk = [b"1\r\n", std::slice::from_ref(byte), b"\r\n"].concat();
            connection.write_all(&chunk).await.unwrap();
        }
        connection.write_all(b"0\r\n\r\n").await.unwrap();
    });
    let client = wire::client(&url).build().unwrap();
    let body = client.request(reqwest::Method::GET, "/a").send_raw().await.unwrap();
    let mut array: JsonArray<types::Numbers> = JsonArray::new(body.into_inner());
    let mut counts = Vec::new();
    while let Some(elements) = array.next_elements().await.unwrap() {
        counts.extend(elements.into_iter().map(|element| element.count));
    }
    assert_eq!(counts, [1, 2]);
}
