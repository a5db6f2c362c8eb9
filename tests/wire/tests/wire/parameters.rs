use wire::{Client, types};
use wiremock::{MockServer, ResponseTemplate};

use crate::{assert_no_request, client, only_request, serve};

/// Starts a server of an empty list.
async fn serve_empty_list() -> MockServer {
    let body = serde_json::json!({ "items": [], "total": 0 });
    serve(ResponseTemplate::new(200).set_body_json(body)).await
}

/// Returns the raw query that a call sends.
async fn query(call: impl AsyncFnOnce(Client)) -> Option<String> {
    let server = serve_empty_list().await;
    call(client(&server)).await;
    only_request(&server).await.url.query().map(str::to_owned)
}

#[tokio::test]
async fn unset_parameters_are_omitted() {
    let query = query(async |client| drop(client.items_list().send().await.unwrap())).await;
    assert_eq!(query.unwrap_or_default(), "");
}

#[tokio::test]
async fn scalars_and_enums_are_sent_as_text() {
    let since: chrono::DateTime<chrono::Utc> = "2026-11-25T08:00:00+02:00".parse().unwrap();
    let query = query(async |client| {
        let call = client.items_list().limit(10).status(types::ItemStatus::Closed).since(since);
        call.send().await.unwrap();
    });
    assert_eq!(query.await.unwrap(), "limit=10&since=2026-11-25T06%3A00%3A00Z&status=closed");
}

#[tokio::test]
async fn lists_are_exploded_or_delimited() {
    let query = query(async |client| {
        let call = client.items_list().names(["a", "b&c"]).ids(["1", "2,3", "x&y=z"]).piped([4, 5]);
        call.send().await.unwrap();
    });
    assert_eq!(query.await.unwrap(), "names=a&names=b%26c&ids=1,2%2C3,x%26y%3Dz&piped=4%7C5");
}

#[tokio::test]
async fn headers_are_sent_and_checked() {
    let server = serve_empty_list().await;
    client(&server).items_list().x_trace("t-1").send().await.unwrap();
    assert_eq!(only_request(&server).await.headers["x-trace"], "t-1");

    let server = serve_empty_list().await;
    let error = client(&server).items_list().x_trace("a\r\nx-evil: 1").send().await.unwrap_err();
    assert_eq!(error.to_string(), "itemsList: `x_trace` has characters that a header can't carry");
    assert_no_request(&server).await;
}

#[tokio::test]
async fn a_path_parameter_is_always_one_segment() {
    let hostile = [
        ("a/b", "a%2Fb"),
        ("a\\..\\..\\b", "a%5C..%5C..%5Cb"),
        ("..\\", "..%5C"),
        ("../x", "..%2Fx"),
        ("%2e%2e", "%252e%252e"),
        ("?q=1", "%3Fq%3D1"),
        ("#frag", "%23frag"),
        (";p=1", "%3Bp%3D1"),
        ("tab\there", "tab%09here"),
        ("line\nbreak", "line%0Abreak"),
        ("\u{e9}", "%C3%A9"),
        ("a b", "a%20b"),
        ("//host", "%2F%2Fhost"),
        ("@host:1", "%40host%3A1"),
        ("...", "..."),
        ("~user-1_2.x", "~user-1_2.x"),
    ];
    let item = serde_json::json!({ "id": "1", "name": "a", "status": "open" });
    for (value, sent) in hostile {
        let server = serve(ResponseTemplate::new(200).set_body_json(&item)).await;
        let client = wire::client(&format!("{}/base/", server.uri())).build().unwrap();
        client.items_get().item_id(value).send().await.unwrap();
        let url = only_request(&server).await.url;
        assert_eq!(url.path(), format!("/base/items/{sent}"), "for {value:?}");
        assert_eq!((url.query(), url.fragment()), (None, None), "for {value:?}");
    }
}

#[tokio::test]
async fn an_empty_or_dot_segment_path_parameter_is_an_error() {
    let server = serve_empty_list().await;
    let client = client(&server);
    for (value, expected) in [
        ("", "path parameter `itemId` is empty"),
        (".", "path parameter `itemId` is `.`, which would change the path"),
        ("..", "path parameter `itemId` is `..`, which would change the path"),
    ] {
        let error = client.items_get().item_id(value).send().await.unwrap_err();
        assert_eq!(error.to_string(), format!("itemsGet: {expected}"));
    }
    let error = client.items_get().send().await.unwrap_err();
    assert_eq!(error.to_string(), "itemsGet: `item_id` is required and wasn't set");
    assert_no_request(&server).await;
}

#[tokio::test]
async fn a_parameter_may_be_part_of_a_segment() {
    let server = serve(ResponseTemplate::new(200).set_body_json(["a"])).await;
    let list = client(&server).exports_get().item_id("1").name("a/..").send().await.unwrap();
    assert_eq!(*list, ["a"]);
    assert_eq!(only_request(&server).await.url.path(), "/items/1/exports/a%2F...json");
}

#[tokio::test]
async fn objects_are_encoded_in_their_style() {
    let filter = || types::Filter::new().with_a("x&y").with_n(3).with_list(["p", "q"]);
    let query = query(async |client| {
        let call = client.search().undeclared("u").filter(
            filter()
                .with_deeper(std::collections::HashMap::from([("k".to_owned(), "v".to_owned())])),
        );
        let call = call.spread(filter()).joined(types::Filter::new().with_a("x").with_n(3));
        call.any(types::Filter::new().with_n(1)).send().await.unwrap();
    });
    assert_eq!(
        query.await.unwrap(),
        "filter%5Ba%5D=x%26y&filter%5Bn%5D=3&filter%5Blist%5D%5B%5D=p&filter%5Blist%5D%5B%5D=q&\
         filter%5Bdeeper%5D%5Bk%5D=v&a=x%26y&n=3&list=p&list=q&joined=a,x,n,3&any=%7B%22n%22%3A1%7D"
    );
}

#[tokio::test]
async fn a_nested_value_that_no_style_encodes_is_an_error() {
    let server = serve_empty_list().await;
    let deep = std::collections::HashMap::from([("k".to_owned(), "v".to_owned())]);
    let call = client(&server).search().undeclared("u");
    let error = call.joined(types::Filter::new().with_deeper(deep)).send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "search: `joined`: it has a nested value, for which this style has no text"
    );
    assert_no_request(&server).await;
}

#[tokio::test]
async fn parameters_with_equal_rust_names_have_distinct_setters() {
    let query = query(async |client| {
        let call = client.search().undeclared("u").same_name("a b").same_name_query(["c", "d"]);
        call.send().await.unwrap();
    });
    assert_eq!(query.await.unwrap(), "sameName=a%20b&same_name=c&same_name=d");
}

#[tokio::test]
async fn cookies_are_sent_in_one_header() {
    let server = serve_empty_list().await;
    let call = client(&server).search().undeclared("u").undeclared_query("q");
    let call = call.session("s;1").theme("dark");
    call.send().await.unwrap();
    let request = only_request(&server).await;
    assert_eq!(request.headers["cookie"], "session=s%3B1; theme=dark");
    assert!(request.url.path().ends_with("/search/u"));
    assert_eq!(request.url.query(), Some("undeclared=q"));
}

/// RFC 6570, section 3.2.8: reserved characters are encoded, unreserved ones aren't, and a space is
/// `%20`, whichever part of the client writes the parameter.
#[tokio::test]
async fn query_values_have_one_encoding() {
    let value = "a b~c+d&e=f/é";
    let encoded = "a%20b~c%2Bd%26e%3Df%2F%C3%A9";
    let text =
        query(async |client| client.items_list().names([value]).send().await.map(drop).unwrap());
    assert_eq!(text.await, Some(format!("names={encoded}")));
    let server = crate::serve_no_content().await;
    client(&server).search().undeclared(value).same_name_query([value]).send().await.unwrap();
    let request = only_request(&server).await;
    let expected = format!("same_name={encoded}");
    assert_eq!(request.url.query(), Some(expected.as_str()));
    let server = crate::serve_no_content().await;
    let client = wire::client(&server.uri()).api_key("k y~").build().unwrap();
    client.auth_query().send().await.unwrap();
    assert_eq!(only_request(&server).await.url.query(), Some("key=k%20y~"));
}
