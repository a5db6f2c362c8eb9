//! Expansions of parameters by style and explode, with the variables and results of RFC 6570,
//! section 3.2, and the encodings of properties in forms.

use std::borrow::Cow;

use openapi_mock::{Api, MockServer};
use serde_json::{Map, Value, json};
use wire::{
    Error,
    documents::expansions::{Client, types::*},
};
use wiremock::Request;

use crate::{assert_no_request, document_client, multipart::parts, only_request, serve_no_content};

/// The variables `hello`, `half`, `var`, `who`, `base`, `path`, `dub` and `empty`, with their
/// percent-encoded forms.
const TEXTS: [(&str, &str); 7] = [
    ("Hello World!", "Hello%20World%21"),
    ("50%", "50%25"),
    ("value", "value"),
    ("fred", "fred"),
    ("http://example.com/home/", "http%3A%2F%2Fexample.com%2Fhome%2F"),
    ("/foo/bar", "%2Ffoo%2Fbar"),
    ("me/too", "me%2Ftoo"),
];
const LIST: [&str; 3] = ["red", "green", "blue"];

fn keys() -> Keys {
    Keys::new().with_semi(";").with_dot(".").with_comma(",")
}

/// The request of a call.
async fn sent(call: impl AsyncFnOnce(Client) -> Result<(), Error>) -> Request {
    let server = serve_no_content().await;
    call(document_client!(expansions, format!("{}/base", server.uri()))).await.unwrap();
    only_request(&server).await
}

/// The path of a call's request, below that of the base URL.
async fn path(call: impl AsyncFnOnce(Client) -> Result<(), Error>) -> String {
    let url = sent(call).await.url;
    assert_eq!((url.query(), url.fragment()), (None, None));
    url.path().strip_prefix("/base").unwrap().to_owned()
}

/// The query of a call's request.
async fn query(call: impl AsyncFnOnce(Client) -> Result<(), Error>) -> String {
    sent(call).await.url.query().unwrap_or_default().to_owned()
}

/// The error of a call that isn't sent.
async fn unsent(call: impl AsyncFnOnce(Client) -> Result<(), Error>) -> String {
    let server = serve_no_content().await;
    let error = call(document_client!(expansions, server.uri())).await.unwrap_err();
    assert_no_request(&server).await;
    error.to_string()
}

#[tokio::test]
async fn simple_label_and_matrix_texts_are_expanded_as_in_rfc_6570() {
    for (text, encoded) in TEXTS {
        let simple = path(async |client| client.simple_text().text(text).send().await.map(drop));
        assert_eq!(simple.await, format!("/simple/{encoded}"));
        let label = path(async |client| client.label_text().text(text).send().await.map(drop));
        assert_eq!(label.await, format!("/label/.{encoded}"));
        let matrix = path(async |client| {
            client.matrix_text().x(1024).y(768).text(text).send().await.map(drop)
        });
        assert_eq!(matrix.await, format!("/matrix/;x=1024;y=768;text={encoded}"));
    }
    let empty =
        path(async |client| client.matrix_text().x(1024).y(768).text("").send().await.map(drop));
    assert_eq!(empty.await, "/matrix/;x=1024;y=768;text");
}

#[tokio::test]
async fn lists_and_objects_in_paths_are_expanded_as_in_rfc_6570() {
    let simple = path(async |client| {
        let call = client.simple().list(LIST).keys(keys()).exploded_list(LIST);
        call.exploded_keys(keys()).send().await.map(drop)
    });
    assert_eq!(
        simple.await,
        "/simple/red,green,blue/semi,%3B,dot,.,comma,%2C/red,green,blue/semi=%3B,dot=.,comma=%2C"
    );
    let label = path(async |client| {
        let call = client.label().list(LIST).keys(keys()).exploded_list(LIST);
        call.exploded_keys(keys()).send().await.map(drop)
    });
    assert_eq!(
        label.await,
        "/label/X.red,green,blue/X.semi,%3B,dot,.,comma,%2C/X.red.green.blue\
         /X.semi=%3B.dot=..comma=%2C"
    );
    let matrix = path(async |client| {
        let call = client.matrix().list(LIST).keys(keys()).listed(LIST);
        call.exploded_keys(keys()).send().await.map(drop)
    });
    assert_eq!(
        matrix.await,
        "/matrix/;list=red,green,blue/;keys=semi,%3B,dot,.,comma,%2C\
         /;listed=red;listed=green;listed=blue/;semi=%3B;dot=.;comma=%2C"
    );
    let empty = path(async |client| {
        client.matrix_optional().keys(Keys::new().with_semi("")).send().await.map(drop)
    });
    assert_eq!(empty.await, "/optional/;semi");
}

#[tokio::test]
async fn values_that_would_change_a_path_are_errors() {
    for text in ["", "."] {
        let error = unsent(async |client| client.label_text().text(text).send().await.map(drop));
        let expected =
            format!("labelText: path parameter `text` is `.{text}`, which would change the path");
        assert_eq!(error.await, expected);
    }
    let error =
        unsent(async |client| client.matrix_optional().keys(Keys::new()).send().await.map(drop));
    assert_eq!(error.await, "matrixOptional: path parameter `keys` is empty");
    let error = unsent(async |client| {
        let call = client.simple().list([] as [&str; 0]).keys(keys()).exploded_list(LIST);
        call.exploded_keys(keys()).send().await.map(drop)
    });
    assert_eq!(error.await, "simple: path parameter `list` is empty");
    let error = unsent(async |client| {
        let call = client.simple().list([".."]).keys(keys()).exploded_list(LIST);
        call.exploded_keys(keys()).send().await.map(drop)
    });
    assert_eq!(error.await, "simple: path parameter `list` is `..`, which would change the path");
}

/// Random texts of characters that have a meaning in URLs, the same in each run.
fn random_texts() -> impl FnMut() -> String {
    let parts = [
        "",
        ".",
        "..",
        "/",
        "\\",
        "//",
        "?",
        "#",
        "%",
        "%2e",
        "%2F",
        ";",
        ",",
        "=",
        "&",
        "+",
        "@",
        ":",
        "|",
        "[",
        "]",
        "{",
        "}",
        "{keys}",
        "\t",
        "\n",
        "\0",
        " ",
        "é",
        "a",
        "https://evil.example",
    ];
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    move || {
        let mut text = String::new();
        for _ in 0..3 {
            // Xorshift.
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            text += parts[usize::try_from(random % 1_000).unwrap() % parts.len()];
        }
        text
    }
}

#[tokio::test]
async fn no_value_changes_the_path_or_the_host() {
    let server = serve_no_content().await;
    let client = document_client!(expansions, format!("{}/base", server.uri()));
    let mut text = random_texts();
    for _ in 0..300 {
        let list = [text(), text()];
        let object = Keys::new().with_semi(text()).with_comma(text());
        // Those that would change the path aren't sent.
        let simple = client.simple().list(list.clone()).keys(object.clone());
        let _ = simple.exploded_list([text()]).exploded_keys(object.clone()).send().await;
        let label = client.label().list(list.clone()).keys(object.clone());
        let _ = label.exploded_list([text()]).exploded_keys(object.clone()).send().await;
        let matrix = client.matrix().list(list.clone()).keys(object.clone());
        let _ = matrix.listed([text()]).exploded_keys(object.clone()).send().await;
        let _ = client.matrix_text().x(1).y(2).text(text()).send().await;
        let _ = client.label_text().text(text()).send().await;
    }
    let requests = server.received_requests().await.unwrap();
    assert!(requests.len() > 1_000, "{}", requests.len());
    for request in requests {
        let url = request.url;
        assert_eq!((url.query(), url.fragment()), (None, None), "{url}");
        assert_eq!(request.headers["host"], *server.address().to_string(), "{url}");
        let segments: Vec<_> = url.path_segments().unwrap().collect();
        let expected = match segments[1] {
            "simple" => 6,
            "label" | "matrix" if segments.len() == 3 => 3,
            "label" | "matrix" => 6,
            other => panic!("{other}"),
        };
        assert_eq!((segments[0], segments.len()), ("base", expected), "{url}");
    }
}

#[tokio::test]
async fn no_value_changes_the_rest_of_a_query_a_cookie_or_a_form() {
    let mut text = random_texts();
    for _ in 0..100 {
        let values = [text(), text(), text()];
        let [first, second, third] = values.each_ref().map(String::as_str);
        let object = || Keys::new().with_semi(first).with_comma(second);
        let request = sent(async |client| {
            let filter = Filter::new().with_name(first).with_names([second, third]);
            client.deep().filter(filter).expand([first]).send().await.map(drop)
        });
        let url = request.await.url;
        let pairs: Vec<_> = url.query_pairs().collect();
        let expected = [
            ("filter[name]", first),
            ("filter[names][]", second),
            ("filter[names][]", third),
            ("expand[]", first),
        ];
        assert_eq!(sorted(pairs), sorted(expected.map(|(name, text)| (name.into(), text.into()))));
        let request = sent(async |client| {
            client.form().text(third).exploded(object()).listed([first]).send().await.map(drop)
        });
        let url = request.await.url;
        assert_eq!((url.path(), url.fragment()), ("/base/form", None));
        let pairs: Vec<_> = url.query_pairs().collect();
        let expected = [("text", third), ("semi", first), ("comma", second), ("listed", first)];
        assert_eq!(sorted(pairs), sorted(expected.map(|(name, text)| (name.into(), text.into()))));
        let request = sent(async |client| {
            client.cookies().listed([first, second]).exploded(object()).send().await.map(drop)
        });
        let cookies = request.await.headers["cookie"].to_str().unwrap().to_owned();
        assert_eq!(cookies.split("; ").count(), 4, "{cookies}");
        let request = sent(async |client| {
            let body =
                Form::new().with_text(first).with_spread(object()).with_tags([first, second]);
            client.urlencoded().body(body).send().await.map(drop)
        });
        let body = String::from_utf8(request.await.body).unwrap();
        let names = body.split('&').map(|pair| pair.split('=').next().unwrap());
        assert_eq!(names.collect::<Vec<_>>(), ["tags", "semi", "comma", "text"], "{body}");
    }
}

/// Pairs in the order of their names and values.
fn sorted<'a>(
    pairs: impl IntoIterator<Item = (Cow<'a, str>, Cow<'a, str>)>,
) -> Vec<(Cow<'a, str>, Cow<'a, str>)> {
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort();
    pairs
}

#[tokio::test]
async fn queries_are_expanded_as_in_rfc_6570() {
    for (text, encoded) in TEXTS {
        let sent = query(async |client| client.form().text(text).empty("").send().await.map(drop));
        assert_eq!(sent.await, format!("empty=&text={encoded}"));
    }
    let sent = query(async |client| {
        let call = client.form().list(LIST).listed(LIST).keys(keys()).exploded(keys());
        call.send().await.map(drop)
    });
    assert_eq!(
        sent.await,
        "listed=red&listed=green&listed=blue&list=red,green,blue\
         &keys=semi,%3B,dot,.,comma,%2C&semi=%3B&dot=.&comma=%2C"
    );
    let sent = query(async |client| {
        let none: [&str; 0] = [];
        let call = client.form().list(none).listed(none).keys(Keys::new()).exploded(Keys::new());
        call.send().await.map(drop)
    });
    assert_eq!(sent.await, "");
}

#[tokio::test]
async fn delimiters_are_encoded_as_their_characters() {
    let sent = query(async |client| {
        let keys = || Keys::new().with_semi("a b").with_comma("c|d");
        let call = client.delimited().space(LIST).spaced(keys()).pipe(LIST).piped(keys());
        call.each(LIST).send().await.map(drop)
    });
    assert_eq!(
        sent.await,
        "space=red%20green%20blue&spaced=semi%20a%20b%20comma%20c%7Cd\
         &pipe=red%7Cgreen%7Cblue&piped=semi%7Ca%20b%7Ccomma%7Cc%7Cd&each=red&each=green&each=blue"
    );
}

#[tokio::test]
async fn numbers_have_the_digits_of_their_type() {
    let sent = query(async |client| client.delimited().ratio(0.1_f32).send().await.map(drop));
    assert_eq!(sent.await, "ratio=0.1");
    let error = unsent(async |client| client.delimited().ratio(f32::NAN).send().await.map(drop));
    let expected = "delimited: `ratio`: it isn't a string, a finite number or a boolean";
    assert_eq!(error.await, expected);
}

/// One rule: `name[member]`, `name[]` for the items of a list of texts, and `name[0]` for those of
/// any other list.
#[tokio::test]
async fn nested_values_are_in_brackets() {
    let range = || Range::new().with_gt(1);
    let sent = query(async |client| {
        let filter = Filter::new().with_name("n&m").with_names(["a", "b"]).with_range(range());
        let call = client.deep().expand(LIST).filter(filter.with_ranges([range(), range()]));
        call.send().await.map(drop)
    });
    assert_eq!(
        decoded(&sent.await),
        "expand[]=red&expand[]=green&expand[]=blue&filter[name]=n%26m&filter[names][]=a\
         &filter[names][]=b&filter[range][gt]=1&filter[ranges][0][gt]=1&filter[ranges][1][gt]=1"
    );
    let sent = query(async |client| {
        let call = client.deep().sort([Filter::new().with_name("x"), Filter::new().with_name("y")]);
        let call = call.rows([vec![1, 2], vec![3]]).spread(DeepSpread::new().with_range(range()));
        call.send().await.map(drop)
    });
    assert_eq!(
        decoded(&sent.await),
        "sort[0][name]=x&sort[1][name]=y&rows[0][]=1&rows[0][]=2&rows[1][]=3&range[gt]=1"
    );
    let sent = query(async |client| client.deep().created(5).send().await.map(drop));
    assert_eq!(sent.await, "created=5");
    let sent = query(async |client| client.deep().created(range()).send().await.map(drop));
    assert_eq!(decoded(&sent.await), "created[gt]=1");
}

/// A query in which only brackets are decoded.
fn decoded(query: &str) -> String {
    query.replace("%5B", "[").replace("%5D", "]")
}

#[tokio::test]
async fn unions_are_sent_as_text() {
    let sent = query(async |client| {
        let call = client.unions().tag(["a,b"]).size([1, 2]).level([UnionsLevelItem::Low]);
        call.id("x/y").ids([Id::from(1), "b".into()]).when(true).send().await.map(drop)
    });
    assert_eq!(sent.await, "id=x%2Fy&ids=1&ids=b&level=low&tag=a%2Cb&size=1,2&when=true");
    let sent = query(async |client| {
        let call = client.unions().id(7).when(Range::new().with_gt(1).with_lt(2));
        call.send().await.map(drop)
    });
    assert_eq!(sent.await, "id=7&when=gt,1,lt,2");
    let request =
        self::sent(async |client| client.unions().x_id(7).uid("a;b").send().await.map(drop)).await;
    assert_eq!(request.headers["x-id"], "7");
    assert_eq!(request.headers["cookie"], "uid=a%3Bb");
    let on = "2026-01-02T05:04:05+02:00".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let sent =
        path(async |client| client.mixed().id(7).on([on, on]).json(keys()).send().await.map(drop));
    let on = "2026-01-02T03%3A04%3A05Z";
    let json = "%7B%22semi%22%3A%22%3B%22%2C%22dot%22%3A%22.%22%2C%22comma%22%3A%22%2C%22%7D";
    assert_eq!(sent.await, format!("/mixed/.7/{on},{on}/{json}"));
}

#[tokio::test]
async fn lists_and_objects_in_headers_are_joined() {
    let on = "2026-01-02T05:04:05+02:00".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let request = sent(async |client| {
        let call = client.headers().x_list(LIST).x_exploded_list(LIST).x_keys(keys());
        let call = call.x_exploded_keys(Keys::new().with_semi("a=b, c%").with_dot("d e"));
        let call = call.x_times([on, on]).x_json(Keys::new().with_dot("é\u{1f600}"));
        call.x_text("as it is, 50%").send().await.map(drop)
    });
    let headers = request.await.headers;
    for (name, expected) in [
        ("x-list", "red,green,blue"),
        ("x-exploded-list", "red,green,blue"),
        ("x-keys", "semi,;,dot,.,comma,%2C"),
        ("x-exploded-keys", "semi=a%3Db%2C c%25,dot=d e"),
        ("x-times", "2026-01-02T03:04:05Z,2026-01-02T03:04:05Z"),
        ("x-json", r#"{"dot":"\u00e9\ud83d\ude00"}"#),
        ("x-text", "as it is, 50%"),
    ] {
        assert_eq!(headers[name], expected, "{name}");
    }
    let none: [&str; 0] = [];
    let request = sent(async |client| client.headers().x_list(none).send().await.map(drop));
    assert!(!request.await.headers.contains_key("x-list"));
    let error =
        unsent(async |client| client.headers().x_list(["a\r\nx-evil: 1"]).send().await.map(drop));
    assert_eq!(error.await, "headers: `X-List` has characters that a header can't carry");
    let client = document_client!(expansions, "http://127.0.0.1:1");
    let shown = format!("{:?}", client.headers().x_tokens(["s3cret"]).x_list(["shown"]));
    assert!(!shown.contains("s3cret") && shown.contains("shown"), "{shown}");
}

#[tokio::test]
async fn lists_and_objects_in_cookies_are_joined_or_are_several_cookies() {
    let request = sent(async |client| {
        let call = client.cookies().list(LIST).listed(LIST).keys(keys()).exploded(keys());
        call.json(Keys::new().with_dot("d")).send().await.map(drop)
    });
    assert_eq!(
        request.await.headers["cookie"],
        "list=red,green,blue; listed=red; listed=green; listed=blue; \
         keys=semi,%3B,dot,.,comma,%2C; semi=%3B; dot=.; comma=%2C; \
         json=%7B%22dot%22%3A%22d%22%7D"
    );
    let none: [&str; 0] = [];
    let request = sent(async |client| client.cookies().list(none).send().await.map(drop));
    assert!(!request.await.headers.contains_key("cookie"));
}

fn body() -> Form {
    let filter = Filter::new().with_names(["a", "b"]).with_range(Range::new().with_gt(1));
    let body = Form::new().with_tags(["x,y", "z"]).with_piped(["p", "q"]).with_listed(["l", "m"]);
    let body = body.with_deep(filter).with_spread(keys()).with_keys(Keys::new().with_dot("."));
    let body = body.with_rows([vec![1, 2], vec![3]]).with_ranges([Range::new().with_lt(2)]);
    body.with_text("a/b").with_quoted("\"c\"").with_whole(["w"])
}

#[tokio::test]
async fn encodings_of_urlencoded_bodies_are_honoured() {
    let request = sent(async |client| client.urlencoded().body(body()).send().await.map(drop));
    let text = String::from_utf8(request.await.body).unwrap();
    let pairs: Vec<_> = text.split('&').map(decoded).collect();
    assert_eq!(
        pairs,
        [
            "tags=x%2Cy,z",
            "piped=p%7Cq",
            "listed=l",
            "listed=m",
            "deep[names][]=a",
            "deep[names][]=b",
            "deep[range][gt]=1",
            "semi=%3B",
            "dot=.",
            "comma=%2C",
            "keys=%7B%22dot%22%3A%22.%22%7D",
            "rows=[1%2C2]",
            "rows=[3]",
            "ranges=%7B%22lt%22%3A2%7D",
            "text=a%2Fb",
            "quoted=%22%5C%22c%5C%22%22",
            "whole=[%22w%22]",
        ]
    );
}

#[tokio::test]
async fn encodings_of_multipart_bodies_are_honoured() {
    let request = sent(async |client| {
        let filter = Filter::new().with_names(["a"]).with_range(Range::new().with_gt(1));
        let call = client.multipart().tags(["x,y", "z"]).piped(["p", "q"]).listed(["l", "m"]);
        let call = call.deep(Filter::new().with_name("replaced")).deep(filter);
        let call = call.spread(keys()).keys(Keys::new().with_dot("."));
        call.rows([vec![1, 2], vec![3]]).quoted("c").send().await.map(drop)
    });
    let shown: Vec<_> = parts(&request.await)
        .into_iter()
        .map(|(head, content)| {
            let name = head.split('"').nth(1).unwrap().to_owned();
            (name, String::from_utf8(content).unwrap())
        })
        .collect();
    let shown: Vec<_> = shown.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert_eq!(
        shown,
        [
            ("tags", "x,y,z"),
            ("piped", "p|q"),
            ("listed", "l"),
            ("listed", "m"),
            ("deep[names][]", "a"),
            ("deep[range][gt]", "1"),
            ("semi", ";"),
            ("dot", "."),
            ("comma", ","),
            ("keys", "dot,."),
            ("rows[0][]", "1"),
            ("rows[0][]", "2"),
            ("rows[1][]", "3"),
            ("quoted", "\"c\""),
        ]
    );
}

/// The values of all parameters of the operations in a client's requests, as openapi-mock decodes
/// them by the document, and the bodies.
#[tokio::test]
async fn the_mock_decodes_what_was_sent() {
    let api = Api::parse(include_str!("../../documents/expansions.yaml")).unwrap();
    let mock = MockServer::start(api).unwrap();
    let client = document_client!(expansions, mock.url());
    let keys = || Keys::new().with_semi("a;=").with_comma("b c,d");
    let (list, object) = (json!(LIST), json!({ "semi": "a;=", "comma": "b c,d" }));
    let range = || Range::new().with_gt(1);
    let filter = || Filter::new().with_name("n").with_names(["a", "b"]).with_range(range());
    let decoded = || {
        let exchange = mock.take_exchanges().pop().unwrap();
        assert_eq!(mock.violations(), [], "{:?}", exchange.operation);
        let values = exchange.parameters.into_iter().map(|((_, name), value)| (name, value));
        (values.collect::<Map<String, Value>>(), exchange.body_value)
    };
    let fourfold = json!({
        "list": list, "keys": object, "exploded_list": list, "exploded_keys": object,
    });

    let call = client.simple().list(LIST).keys(keys()).exploded_list(LIST);
    call.exploded_keys(keys()).send().await.unwrap();
    assert_eq!(json!(decoded().0), fourfold);
    let call = client.label().list(LIST).keys(keys()).exploded_list(LIST);
    call.exploded_keys(keys()).send().await.unwrap();
    assert_eq!(json!(decoded().0), fourfold);
    let call = client.matrix().list(LIST).keys(keys()).listed(LIST);
    call.exploded_keys(keys()).send().await.unwrap();
    assert_eq!(
        json!(decoded().0),
        json!({ "list": list, "keys": object, "listed": list, "exploded_keys": object })
    );
    client.matrix_optional().keys(Keys::new().with_dot("/;=,é")).send().await.unwrap();
    assert_eq!(json!(decoded().0), json!({ "keys": { "dot": "/;=,é" } }));
    client.label_text().text("a.b/c").send().await.unwrap();
    assert_eq!(json!(decoded().0), json!({ "text": "a.b/c" }));
    let call = client.delimited().space(LIST).pipe(LIST).piped(keys());
    call.send().await.unwrap();
    assert_eq!(json!(decoded().0), json!({ "space": list, "pipe": list, "piped": object }));
    let call = client.form().text("/?#&=+é").empty("").list(LIST).listed(LIST).keys(keys());
    call.exploded(keys()).send().await.unwrap();
    assert_eq!(
        json!(decoded().0),
        json!({
            "text": "/?#&=+é", "empty": "", "list": list, "listed": list, "keys": object,
            "exploded": object,
        })
    );
    let sorted = filter().with_ranges([range(), range()]);
    let call = client.deep().expand(LIST).filter(filter()).sort([sorted]).created(range());
    call.send().await.unwrap();
    let shown = json!({ "name": "n", "names": ["a", "b"], "range": { "gt": 1 } });
    let mut sorted = shown.clone();
    sorted["ranges"] = json!([{ "gt": 1 }, { "gt": 1 }]);
    assert_eq!(
        json!(decoded().0),
        json!({ "expand": list, "filter": shown, "sort": [sorted], "created": { "gt": 1 } })
    );
    let call = client.unions().tag(["a"]).size([1, 2]).id(7).ids([Id::from(1), "b".into()]);
    call.x_id("x").uid(8).send().await.unwrap();
    assert_eq!(
        json!(decoded().0),
        json!({ "tag": ["a"], "size": [1, 2], "id": 7, "ids": [1, "b"], "X-Id": "x", "uid": 8 })
    );
    // The mock doesn't decode headers, so that it can't tell a delimiter in a value.
    let plain = || Keys::new().with_semi("a;").with_comma("b c");
    let call = client.headers().x_list(LIST).x_exploded_list(LIST).x_keys(plain());
    let call = call.x_exploded_keys(plain()).x_json(keys()).x_text("t");
    call.send().await.unwrap();
    let plain = json!({ "semi": "a;", "comma": "b c" });
    assert_eq!(
        json!(decoded().0),
        json!({
            "X-List": list, "X-Exploded-List": list, "X-Keys": plain, "X-Exploded-Keys": plain,
            "X-Json": object, "X-Text": "t",
        })
    );
    let call = client.cookies().list(LIST).listed(LIST).keys(keys()).exploded(keys());
    call.json(keys()).send().await.unwrap();
    assert_eq!(
        json!(decoded().0),
        json!({
            "list": list, "listed": list, "keys": object, "exploded": object, "json": object,
        })
    );
    let body = body().with_rows([] as [Vec<i64>; 0]).with_ranges([] as [Range; 0]);
    let expected = serde_json::to_value(&body).unwrap();
    client.urlencoded().body(body).send().await.unwrap();
    let mut expected = expected;
    expected.as_object_mut().unwrap().retain(|_, value| *value != json!([]));
    assert_eq!(decoded().1.unwrap(), expected);
}
