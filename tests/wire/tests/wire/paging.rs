//! Lists that are read by token, offset or link, and those of the configuration.

use std::{fmt::Display, pin::pin};

use futures::{Stream, StreamExt};
use serde_json::{Value, json};
use wire::{Error, documents::paging as api};
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

/// Starts a server that responds by the number of the request, from 1, and the request.
async fn serve(
    respond: impl Fn(usize, &Request) -> ResponseTemplate + Send + Sync + 'static,
) -> MockServer {
    let server = MockServer::start().await;
    let count = std::sync::atomic::AtomicUsize::new(1);
    let respond = move |request: &Request| {
        respond(count.fetch_add(1, std::sync::atomic::Ordering::SeqCst), request)
    };
    Mock::given(any()).respond_with(respond).mount(&server).await;
    server
}

/// Starts a server that responds with these bodies in turn, and then with 500.
async fn serve_bodies(bodies: Vec<Value>) -> MockServer {
    serve(move |number, _| match bodies.get(number - 1) {
        Some(body) => ok(body),
        None => ResponseTemplate::new(500),
    })
    .await
}

fn ok(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn client(server: &MockServer) -> api::Client {
    let builder = api::Client::builder().base_url(server.uri()).retry(wire::RetryPolicy::none());
    builder.api_key("secret").credential("query", "sec/ret").build().unwrap()
}

/// Returns nodes with these ids as JSON.
fn nodes<T: Display>(ids: impl IntoIterator<Item = T>) -> Value {
    ids.into_iter().map(|id| json!({ "id": id.to_string() })).collect()
}

/// Reads a stream, and returns its items; for an error, `!` with its kind and text.
async fn read<T>(
    stream: impl Stream<Item = Result<T, Error>>,
    text: impl Fn(T) -> String,
) -> String {
    let mut stream = pin!(stream);
    let mut read = Vec::new();
    while let Some(item) = stream.next().await {
        assert!(read.len() < 3_000, "the stream is endless");
        read.push(match item {
            Ok(item) => text(item),
            Err(error) => format!("!{:?}: {error}", error.kind()),
        });
    }
    assert!(stream.next().await.is_none(), "the stream continues after its end");
    read.join(" ")
}

async fn ids(stream: impl Stream<Item = Result<api::types::Node, Error>>) -> String {
    read(stream, |node| node.id).await
}

/// Returns the paths with queries of all requests.
async fn targets(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    let target = |request: &Request| match request.url.query() {
        Some(query) => format!("{}?{query}", request.url.path()),
        None => request.url.path().to_owned(),
    };
    requests.iter().map(target).collect()
}

/// A page of the list of cursors.
fn cursors(ids: &[&str], next: Value) -> Value {
    json!({ "data": nodes(ids), "meta": { "next_cursor": next } })
}

#[tokio::test]
async fn a_token_is_the_parameter_of_the_next_request() {
    for last in [Value::Null, json!("")] {
        let server = serve_bodies(vec![
            cursors(&["1", "2"], json!("a b")),
            cursors(&["3"], json!("c&d")),
            cursors(&["4"], last),
        ])
        .await;
        assert_eq!(ids(client(&server).cursors_list().owner("me").stream()).await, "1 2 3 4");
        assert_eq!(
            targets(&server).await,
            [
                "/cursors?owner=me",
                "/cursors?cursor=a%20b&owner=me",
                "/cursors?cursor=c%26d&owner=me"
            ]
        );
    }
}

#[tokio::test]
async fn a_page_without_a_token_is_the_last_one() {
    for page in [
        json!({ "data": nodes([1]), "meta": {} }),
        json!({ "data": nodes([1]) }),
        cursors(&["1"], Value::Null),
    ] {
        let server = serve_bodies(vec![page]).await;
        assert_eq!(ids(client(&server).cursors_list().stream()).await, "1");
    }
    let server = serve_bodies(vec![json!({}), json!({})]).await;
    assert_eq!(ids(client(&server).cursors_list().stream()).await, "");
    assert_eq!(client(&server).cursors_list().pages().count().await, 1);
}

#[tokio::test]
async fn a_stream_of_tokens_can_start_at_any_page() {
    let server =
        serve_bodies(vec![cursors(&["5"], json!("y")), cursors(&["6"], json!(null))]).await;
    let from = client(&server).cursors_list().cursor("x".to_owned());
    assert_eq!(ids(from.stream()).await, "5 6");
    assert_eq!(targets(&server).await, ["/cursors?cursor=x", "/cursors?cursor=y"]);
}

#[tokio::test]
async fn empty_pages_with_a_token_are_skipped_but_not_without_end() {
    let server = serve_bodies(vec![
        cursors(&["1"], json!("a")),
        cursors(&[], json!("b")),
        cursors(&["2"], json!("c")),
        cursors(&[], json!(null)),
    ])
    .await;
    let pages = client(&server).cursors_list().pages();
    assert_eq!(read(pages, |page| page.data.as_ref().unwrap().len().to_string()).await, "1 1");
    let server = serve(|number, _| ok(&cursors(&[], json!(number.to_string())))).await;
    let read = ids(client(&server).cursors_list().stream()).await;
    assert_eq!(read, "!Decode: cursorsList: pagination failed: 1000 pages in a row are empty");
    assert_eq!(targets(&server).await.len(), 1_000);
}

#[tokio::test]
async fn a_token_that_repeats_is_an_error() {
    let server = serve(|_, _| ok(&cursors(&["1"], json!("same")))).await;
    let read = ids(client(&server).cursors_list().stream()).await;
    let reason = "pagination failed: the page has the token that led to it";
    assert_eq!(read, format!("1 1 !Decode: cursorsList: {reason}"));
    for length in [2, 3, 5] {
        let server =
            serve(move |number, _| ok(&cursors(&["1"], json!((number % length).to_string()))))
                .await;
        let read = ids(client(&server).cursors_list().stream()).await;
        assert!(read.ends_with("the page has the token of an earlier page"), "{length}: {read}");
    }
}

#[tokio::test]
async fn an_error_ends_a_stream_of_tokens() {
    let server = serve_bodies(vec![cursors(&["1"], json!("a")), cursors(&["2"], json!("b"))]).await;
    let read = ids(client(&server).cursors_list().stream()).await;
    assert!(read.starts_with("1 2 !Api: cursorsList: 500"), "{read}");
    assert_eq!(targets(&server).await.len(), 3);
}

#[tokio::test]
async fn a_flag_ends_the_list_though_there_is_a_token() {
    let page = |id: u8, done: bool| json!({ "data": nodes([id]), "iterator": "x", "done": done });
    let server = serve_bodies(vec![page(1, false), page(2, true)]).await;
    assert_eq!(ids(client(&server).iterators_list().stream()).await, "1 2");
    assert_eq!(targets(&server).await, ["/iterators", "/iterators?iterator=x"]);
    let server = serve_bodies(vec![json!({ "data": [], "iterator": null, "done": false })]).await;
    assert_eq!(
        ids(client(&server).iterators_list().stream()).await,
        "!Decode: iteratorsList: pagination failed: more pages follow, but the page has no token \
         of the next one"
    );
}

#[tokio::test]
async fn a_number_may_be_a_token_within_the_range_of_the_parameter() {
    let server =
        serve(|number, _| ok(&json!({ "numbers": [number], "next_page": 252 + 2 * number }))).await;
    let read = read(client(&server).numbers_list().stream(), |number| number.to_string()).await;
    assert!(read.starts_with("1 2 !Decode: numbersList: "), "{read}");
    assert!(read.ends_with("the next token has the wrong type for the parameter"), "{read}");
    assert_eq!(targets(&server).await, ["/numbers", "/numbers?page=254"]);
}

#[tokio::test]
async fn the_last_item_leads_to_the_next_page() {
    let page = |ids: &[&str], more: bool| json!({ "data": nodes(ids), "has_more": more });
    let server = serve_bodies(vec![page(&["1", "2"], true), page(&["3"], false)]).await;
    assert_eq!(ids(client(&server).last_list().stream()).await, "1 2 3");
    assert_eq!(targets(&server).await, ["/last", "/last?starting_after=2"]);
    let server = serve_bodies(vec![page(&["1"], true), page(&[], true)]).await;
    let read = ids(client(&server).last_list().stream()).await;
    assert!(read.starts_with("1 !Decode: lastList: "), "{read}");
}

/// Starts a server of `total` nodes by offset, which returns at most two.
async fn serve_offsets(
    total: usize,
    page: impl Fn(Value) -> Value + Send + Sync + 'static,
) -> MockServer {
    serve(move |_, request| {
        let mut pairs = request.url.query_pairs();
        let offset = pairs.find(|(name, _)| name == "offset");
        let offset = offset.map_or(0, |(_, value)| value.parse::<usize>().unwrap());
        ok(&page(nodes((offset + 1..=total).take(2))))
    })
    .await
}

#[tokio::test]
async fn offsets_count_the_items_that_were_returned() {
    let server =
        serve_offsets(5, |nodes| json!({ "results": nodes, "pagination": { "total": 5 } })).await;
    assert_eq!(ids(client(&server).offsets_list().limit(100).stream()).await, "1 2 3 4 5");
    assert_eq!(
        targets(&server).await,
        ["/offsets?limit=100", "/offsets?limit=100&offset=2", "/offsets?limit=100&offset=4"]
    );
    assert_eq!(ids(client(&server).offsets_list().offset(3).stream()).await, "4 5");
    assert_eq!(targets(&server).await.len(), 4);
}

#[tokio::test]
async fn without_a_total_an_empty_page_ends_the_list() {
    let server = serve_offsets(4, |nodes| json!({ "results": nodes })).await;
    assert_eq!(ids(client(&server).offsets_list().stream()).await, "1 2 3 4");
    assert_eq!(targets(&server).await, ["/offsets", "/offsets?offset=2", "/offsets?offset=4"]);
}

#[tokio::test]
async fn the_response_may_be_an_array() {
    let server = serve_offsets(3, |nodes| nodes).await;
    assert_eq!(ids(client(&server).arrays_list().stream()).await, "1 2 3");
    assert_eq!(client(&server).arrays_list().pages().count().await, 2);
    let server = serve_offsets(0, |nodes| nodes).await;
    assert_eq!(client(&server).arrays_list().pages().count().await, 1);
}

#[tokio::test]
async fn an_offset_that_the_server_ignores_is_an_error() {
    let server = serve(|_, _| ok(&nodes([1, 2]))).await;
    let read = ids(client(&server).arrays_list().stream()).await;
    assert!(read.ends_with("offset 2 has the same items as the previous page"), "{read}");
    assert_eq!(targets(&server).await.len(), 2);
}

#[tokio::test]
async fn an_offset_out_of_range_is_an_error() {
    let server = serve(|number, _| ok(&nodes([number; 200]))).await;
    let mut pages = client(&server).arrays_list().pages();
    assert!(pages.next().await.unwrap().is_ok());
    assert!(pages.next().await.unwrap().is_ok());
    assert_eq!(pages.next().await.unwrap().unwrap_err().kind(), wire::ErrorKind::Decode);
    assert!(pages.next().await.is_none());
}

fn host(request: &Request) -> &str {
    request.headers["host"].to_str().unwrap()
}

/// A page with a link.
fn linked(id: u8, next: &str) -> Value {
    json!({ "items": nodes([id]), "links": { "next": next } })
}

#[tokio::test]
async fn links_are_followed_with_credential_and_headers() {
    let server = serve(|number, request| {
        let origin = format!("http://{}", host(request));
        ok(&match number {
            // Relative ones are resolved against the page that has them.
            1 => linked(1, &format!("{origin}/other/path?token=a%2Fb#top")),
            2 => linked(2, "more?x=1"),
            3 => linked(3, "?x=2"),
            _ => json!({ "items": nodes([4]), "links": { "next": null } }),
        })
    })
    .await;
    let list = client(&server).links_list().q("me").x_tenant("t");
    assert_eq!(ids(list.stream()).await, "1 2 3 4");
    assert_eq!(
        targets(&server).await,
        ["/links?q=me", "/other/path?token=a%2Fb", "/other/more?x=1", "/other/more?x=2"]
    );
    for request in server.received_requests().await.unwrap() {
        assert_eq!(request.headers["authorization"], "Bearer secret");
        assert_eq!(request.headers["x-tenant"], "t");
        assert_eq!(request.headers["accept"], "application/json");
    }
}

#[tokio::test]
async fn a_link_to_another_origin_is_an_error() {
    let other = serve(|_, _| ok(&linked(9, ""))).await;
    let address = *other.address();
    for link in [
        format!("{}/links", other.uri()),
        format!("//{address}/links"),
        format!("\\\\{address}\\links"),
        "https://api.example.com/links".to_owned(),
        "data:application/json,{}".to_owned(),
        "http://[".to_owned(),
    ] {
        let next = link.clone();
        let server = serve(move |_, _| ok(&linked(1, &next))).await;
        let read = ids(client(&server).links_list().stream()).await;
        assert!(read.starts_with("1 !Decode: linksList: pagination failed: the link"), "{read}");
        assert!(read.contains("another origin") || read.contains("malformed"), "{link}: {read}");
        assert_eq!(targets(&server).await, ["/links"]);
    }
    assert_eq!(targets(&other).await.len(), 0);
    // Nor can a link bring a credential of its own.
    let server =
        serve(|_, request| ok(&linked(1, &format!("http://user:pass@{}/links", host(request)))))
            .await;
    let read = ids(client(&server).links_list().stream()).await;
    assert!(read.ends_with("the link to the next page has a user name or password"), "{read}");
    assert_eq!(targets(&server).await.len(), 1);
}

#[tokio::test]
async fn a_link_that_repeats_is_an_error() {
    let server = serve(|number, _| ok(&linked(1, ["/b", "/a"][number % 2]))).await;
    let read = ids(client(&server).links_list().stream()).await;
    assert!(read.ends_with("the page has the token of an earlier page"), "{read}");
}

#[tokio::test]
async fn a_key_in_the_query_is_sent_once() {
    let server = serve(|number, _| {
        let next = ["", "/keyed?a=1&api_key=old&b=%2F&api%5Fkey=x"][usize::from(number == 1)];
        ok(&json!({ "items": nodes([number]), "next_page_url": next }))
    })
    .await;
    assert_eq!(ids(client(&server).keyed_list().stream()).await, "1 2");
    assert_eq!(
        targets(&server).await,
        ["/keyed?api_key=sec%2Fret", "/keyed?a=1&b=%2F&api_key=sec%2Fret"]
    );
}

#[tokio::test]
async fn the_link_header_leads_to_the_next_page() {
    let fields = [
        r#"</headers?page=9>; rel=last, <?page=2>; title="a, <b>; \"rel=next"; rel="prev NEXT""#,
        r#"</x>; rel=next; anchor="/other", </headers?page=3>;rel=next;rel=prev"#,
        r#"</x>; rel=prev; rel=next"#,
    ];
    let server = serve(move |number, _| {
        let response = ok(&nodes([number]));
        match fields.get(number - 1) {
            Some(field) => response.append_header("link", *field),
            None => response,
        }
    })
    .await;
    assert_eq!(ids(client(&server).headers_list().q("x").stream()).await, "1 2 3");
    assert_eq!(targets(&server).await, ["/headers?q=x", "/headers?page=2", "/headers?page=3"]);
}

#[tokio::test]
async fn malformed_link_headers_end_the_list() {
    for field in ["", "next", "<", "</x", "</x>;", "</x>; rel", r#"</x>; rel="next"#, ";;,,", "<>"]
    {
        let server = serve(move |number, _| match number {
            1 => ok(&nodes([number])).append_header("link", field),
            _ => ok(&nodes([number])),
        })
        .await;
        let read = ids(client(&server).headers_list().stream()).await;
        // The value of an unclosed text is what there is of it.
        let expected = if field.contains("\"next") { "1 2" } else { "1" };
        assert_eq!(read, expected, "{field}");
    }
}

#[tokio::test]
async fn a_configured_token_may_be_in_the_body() {
    let page = |id: u8, next: &str, open: bool| json!({ "hits": { "nodes": nodes([id]) }, "meta": { "next": next, "open": open } });
    let server = serve_bodies(vec![page(1, "a", true), page(2, "b", false)]).await;
    let body = api::types::SearchNodesBody::new("text");
    assert_eq!(ids(client(&server).search_nodes().body(body).stream()).await, "1 2");
    let requests = server.received_requests().await.unwrap();
    let bodies: Vec<Value> = requests.iter().map(|one| one.body_json().unwrap()).collect();
    assert_eq!(bodies, [json!({ "text": "text" }), json!({ "text": "text", "start": "a" })]);
    assert!(requests.iter().all(|request| request.method.as_str() == "POST"));
}

#[tokio::test]
async fn a_configured_offset_may_be_in_the_body() {
    let server = serve_bodies(vec![
        json!({ "rows": ["a", "b"], "found": 3 }),
        json!({ "rows": ["c"], "found": 3 }),
    ])
    .await;
    let search = client(&server).search_rows().body(api::types::SearchRowsBody::new());
    assert_eq!(read(search.stream(), |row| row).await, "a b c");
    let requests = server.received_requests().await.unwrap();
    let froms: Vec<Value> =
        requests.iter().map(|one| one.body_json::<Value>().unwrap()["from"].clone()).collect();
    assert_eq!(froms[1], json!(2));
    let unset = read(client(&server).search_rows().stream(), |row| row).await;
    assert_eq!(unset, "!Request: searchRows: `body` is required and wasn't set");
}

#[tokio::test]
async fn pages_and_links_can_be_configured() {
    let server = serve_bodies(vec![json!({ "entries": ["a"], "notes": ["n"] }), json!({})]).await;
    assert_eq!(read(client(&server).entries_list().stream(), |entry| entry).await, "a");
    assert_eq!(targets(&server).await, ["/entries", "/entries?page=2"]);
    let server = serve_bodies(vec![
        json!({ "items": nodes([1]), "following": "/plain?after=1" }),
        json!({ "items": nodes([2]) }),
    ])
    .await;
    assert_eq!(ids(client(&server).plain_links().stream()).await, "1 2");
    assert_eq!(targets(&server).await, ["/plain", "/plain?after=1"]);
}

#[test]
fn streams_do_not_show_tokens() {
    let client = api::Client::builder().api_key("secret").build().unwrap();
    let pages = client.cursors_list().pages();
    assert_eq!(format!("{pages:?}"), "Pages { operation: \"cursorsList\", pages: 0, .. }");
}
