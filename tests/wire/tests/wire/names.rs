//! Names of a document that are also names in generated code: each is sent as it is declared.

use std::collections::BTreeMap;

use wiremock::{Request, ResponseTemplate};

use crate::{document_client, only_request, serve, serve_no_content};

/// The query of a request.
fn query(request: &Request) -> BTreeMap<String, String> {
    request.url.query_pairs().into_owned().collect()
}

#[tokio::test]
async fn parameters_named_like_variables_are_sent() {
    let server = serve(ResponseTemplate::new(200).set_body_raw("{}", "application/json")).await;
    let board = document_client!(names, server.uri()).board();
    let board = board.url("the/url").query("query").request("request").result("result");
    let board = board.response(["one", "two"]).client_("client").self_("self").body_("body");
    let board = board.value("value").header_map("header map").core_("core").types("types");
    let board = board.send_("send").stream_("stream").into_future_("future").crate_("crate");
    let board = board.self_query("Self").super_("super").x(1).x_query(2)._2fa("2fa").x_query2("#");
    board.send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.url.path(), "/board/the%2Furl");
    let repeated = request.url.query_pairs().filter(|(name, _)| name == "response");
    assert_eq!(repeated.map(|(_, value)| value).collect::<Vec<_>>(), ["one", "two"]);
    let mut query = query(&request);
    query.remove("response");
    let expected = [
        ("query", "query"),
        ("request", "request"),
        ("result", "result"),
        ("client", "client"),
        ("self", "self"),
        ("body", "body"),
        ("core", "core"),
        ("types", "types"),
        ("send", "send"),
        ("stream", "stream"),
        ("into_future", "future"),
        ("crate", "crate"),
        ("Self", "Self"),
        ("super", "super"),
        ("_", "1"),
        ("$", "2"),
        ("2fa", "2fa"),
        ("#", "#"),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(query, BTreeMap::from(expected));
    assert_eq!(request.headers["value"], "value");
    assert_eq!(request.headers["header_map"], "header map");
}

#[tokio::test]
async fn a_parameter_named_body_stands_beside_the_body() {
    let server = serve_no_content().await;
    let client = document_client!(names, server.uri());
    let body = wire::documents::names::types::New2Body::new().with_a("in the body");
    client.new2().url("u").body_("in the query").body(body).send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(query(&request)["body"], "in the query");
    assert_eq!(request.body, br#"{"a":"in the body"}"#);
}

#[tokio::test]
async fn one_name_in_four_locations_is_four_parameters() {
    let server = serve_no_content().await;
    let locations = document_client!(names, server.uri()).locations();
    locations.id("path").id_query("query").id_header("header").id_cookie("cookie").await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.url.path(), "/locations/path");
    assert_eq!(query(&request)["id"], "query");
    assert_eq!(request.headers["Id"], "header");
    assert_eq!(request.headers["cookie"], "id=cookie");
}

#[tokio::test]
async fn operations_with_one_name_in_rust_have_different_methods() {
    for (index, path) in ["/clash/a", "/clash/b", "/names/0", "/names/14"].iter().enumerate() {
        let server = serve_no_content().await;
        let client = document_client!(names, server.uri());
        match index {
            0 => client.get_item_1().send().await.map(drop),
            1 => client.get_item1().send().await.map(drop),
            2 => client.settings().send().await.map(drop),
            _ => client.client().send().await.map(drop),
        }
        .unwrap();
        assert_eq!(only_request(&server).await.url.path(), *path);
    }
}
