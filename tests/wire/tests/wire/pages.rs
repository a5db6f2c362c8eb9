use std::{
    pin::pin,
    sync::atomic::{AtomicU64, Ordering},
};

use futures::{Stream, StreamExt, TryStreamExt};
use serde_json::{Value, json};
use wire::{Client, Error, ErrorKind, Paged};
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

use crate::{assert_no_request, client};

/// Starts a server of a list. `page` returns a page as JSON by its number and size.
async fn serve_list(page: impl Fn(u64, u64) -> Value + Send + Sync + 'static) -> MockServer {
    serve_pages(move |number, size| ResponseTemplate::new(200).set_body_json(page(number, size)))
        .await
}

/// Starts a server of a list. `response` returns the response by page number and size.
async fn serve_pages(
    response: impl Fn(u64, u64) -> ResponseTemplate + Send + Sync + 'static,
) -> MockServer {
    let server = MockServer::start().await;
    let respond = move |request: &Request| {
        let number = |name: &str, default: u64| {
            let mut pairs = request.url.query_pairs();
            pairs.find(|(own, _)| own == name).map_or(default, |(_, value)| value.parse().unwrap())
        };
        response(number("page", 1), number("pageSize", 2))
    };
    Mock::given(any()).respond_with(respond).mount(&server).await;
    server
}

/// Returns items with these ids as JSON.
fn items(names: impl IntoIterator<Item = u64>) -> Value {
    let item = |name: u64| json!({ "id": name.to_string(), "name": "x", "status": "open" });
    names.into_iter().map(item).collect()
}

/// Returns a page of the list of numbers from 1 to `total` as JSON.
fn page(number: u64, size: u64, total: u64) -> Value {
    let start = (number - 1) * size;
    let shown = items((start + 1..=total).take(size as usize));
    json!({ "items": shown, "page": number, "pageSize": size, "total": total })
}

/// Reads a stream, and returns the ids of its items; for an error, `!` with its kind and text.
async fn read(stream: impl Stream<Item = Result<wire::types::Item, Error>>) -> String {
    let mut stream = pin!(stream);
    let mut read = Vec::new();
    while let Some(item) = stream.next().await {
        assert!(read.len() < 3_000, "the stream is endless");
        match item {
            Ok(item) => read.push(item.id),
            Err(error) => read.push(format!("!{:?}: {error}", error.kind())),
        }
    }
    assert!(stream.next().await.is_none(), "the stream continues after its end");
    read.join(" ")
}

/// Returns the queries of all requests; `-` for a request without query.
async fn queries(server: &MockServer) -> String {
    let requests = server.received_requests().await.unwrap();
    let queries = requests.iter().map(|request| request.url.query().unwrap_or("-").to_owned());
    queries.collect::<Vec<_>>().join(" ")
}

/// Reads the whole list of a server.
async fn all(server: &MockServer) -> String {
    read(client(server).records_list().stream()).await
}

#[tokio::test]
async fn items_are_in_order_and_each_request_has_all_parameters() {
    let server = serve_list(|number, size| page(number, size, 5)).await;
    let list = client(&server).records_list().owner("a b").page_size(2);
    assert_eq!(read(list.stream()).await, "1 2 3 4 5");
    let first = "owner=a%20b&pageSize=2";
    let rest = [2, 3].map(|page| format!("owner=a%20b&page={page}&pageSize=2")).join(" ");
    assert_eq!(queries(&server).await, format!("{first} {rest}"));
}

#[tokio::test]
async fn pages_are_responses_with_status_and_headers() {
    let server = serve_pages(|number, size| {
        ResponseTemplate::new(200)
            .set_body_json(page(number, size, 3))
            .insert_header("x-request-id", format!("r-{number}").as_str())
    })
    .await;
    let pages: Vec<_> = client(&server).records_list().pages().try_collect().await.unwrap();
    let ids: Vec<_> = pages.iter().map(|page| page.request_id().unwrap()).collect();
    assert_eq!(ids, ["r-1", "r-2"]);
    assert_eq!((pages[1].items.as_slice().len(), pages[1].total), (1, 3));
}

#[tokio::test]
async fn pages_are_requested_lazily() {
    let server = serve_list(|number, size| page(number, size, 100)).await;
    let stream = client(&server).records_list().stream();
    assert_no_request(&server).await;
    let first: Vec<_> = stream.take(3).try_collect().await.unwrap();
    assert_eq!(first.len(), 3);
    assert_eq!(queries(&server).await, "- page=2");
}

#[tokio::test]
async fn a_stream_can_start_at_any_page() {
    let server = serve_list(|number, size| page(number, size, 7)).await;
    let read_from = |number: i32| read(client(&server).records_list().page(number).stream());
    assert_eq!(read_from(3).await, "5 6 7");
    assert_eq!(read_from(4).await, "7");
    assert_eq!(read_from(9).await, "");
    assert_eq!(queries(&server).await, "page=3 page=4 page=4 page=9");
}

#[tokio::test]
async fn an_empty_list_is_one_empty_page() {
    let server = serve_list(|number, size| page(number, size, 0)).await;
    assert_eq!(all(&server).await, "");
    assert_eq!(client(&server).records_list().pages().count().await, 1);
}

#[tokio::test]
async fn the_page_size_of_the_response_is_used() {
    // The server returns at most 3 items, whatever size is requested.
    let server = serve_list(|number, size| page(number, size.min(3), 7)).await;
    assert_eq!(read(client(&server).records_list().page_size(500).stream()).await, "1 2 3 4 5 6 7");
    assert_eq!(server.received_requests().await.unwrap().len(), 3);
}

#[tokio::test]
async fn an_unreported_page_size_cap_loses_no_items() {
    let server = serve_list(|number, size| {
        let mut page = page(number, size.min(3), 7);
        page["pageSize"] = size.into();
        page
    })
    .await;
    assert_eq!(read(client(&server).records_list().page_size(500).stream()).await, "1 2 3 4 5 6 7");
}

#[tokio::test]
async fn a_growing_list_is_read_to_its_end() {
    let server = serve_list(|number, size| page(number, size, 2 + 2 * number.min(3))).await;
    assert_eq!(all(&server).await, "1 2 3 4 5 6 7 8");
}

#[tokio::test]
async fn a_shrinking_list_ends_early() {
    let server =
        serve_list(|number, size| page(number, size, if number < 2 { 9 } else { 4 })).await;
    assert_eq!(all(&server).await, "1 2 3 4");
    assert_eq!(queries(&server).await, "- page=2");
    // The requested page was removed: the server returns the last one that remains.
    let server = serve_list(|number, size| page(number.min(1), size, 4 - 2 * (number - 1))).await;
    assert_eq!(all(&server).await, "1 2");
}

#[tokio::test]
async fn an_empty_page_is_the_end_and_a_short_one_is_not() {
    let server = serve_list(|number, _| {
        let shown = match number {
            1 => items([1, 2]),
            2 => items([3]),
            3 => items([4, 5]),
            4 => items([]),
            _ => items([6, 7]),
        };
        json!({ "items": shown, "page": number, "pageSize": 2, "total": 100 })
    })
    .await;
    assert_eq!(all(&server).await, "1 2 3 4 5");
    assert_eq!(queries(&server).await, "- page=2 page=3 page=4");
    assert_eq!(client(&server).records_list().pages().count().await, 3);
}

#[tokio::test]
async fn an_error_ends_the_stream() {
    let server = serve_pages(|number, size| match number {
        3 => ResponseTemplate::new(500),
        _ => ResponseTemplate::new(200).set_body_json(page(number, size, 100)),
    })
    .await;
    let read = all(&server).await;
    assert_eq!(read, "1 2 3 4 !Api: recordsList: 500 Internal Server Error (undocumented status)");
    assert_eq!(queries(&server).await, "- page=2 page=3");
}

#[tokio::test]
async fn a_repeated_page_is_an_error() {
    let server = serve_list(|_, _| json!({ "items": items([1, 2]), "total": 1_000_000 })).await;
    let read = all(&server).await;
    assert!(read.starts_with("1 2 !Decode: recordsList: "), "{read}");
    assert!(read.ends_with("page 2 has the same items as the previous page"), "{read}");
    assert_eq!(queries(&server).await, "- page=2");
}

#[tokio::test]
async fn a_page_that_was_not_requested_is_an_error() {
    let server = serve_list(|number, size| page(1 + number % 2, size, 100)).await;
    let read = read(client(&server).records_list().page(2).stream()).await;
    assert!(read.ends_with("page 2 was requested, but page 1 was returned"), "{read}");
    assert_eq!(queries(&server).await, "page=2");
}

#[tokio::test]
async fn an_endless_list_is_an_error() {
    let server = serve_list(|number, _| {
        json!({ "items": items([number]), "page": number, "pageSize": 1, "total": number + 1 })
    })
    .await;
    let read = all(&server).await;
    assert!(read.ends_with("still growing after 1004 pages and seems endless"), "{read}");
}

#[tokio::test]
async fn a_page_number_out_of_range_is_an_error() {
    let server =
        serve_list(|number, _| json!({ "items": [format!("n{number}")], "total": 1_000_000 }))
            .await;
    let entries: Vec<_> = client(&server).entries_list().page(254).stream().collect().await;
    let shown: Vec<_> = entries.iter().map(|entry| entry.as_deref().map_err(Error::kind)).collect();
    assert_eq!(shown, [Ok("n254"), Ok("n255"), Err(ErrorKind::Decode)]);
}

#[tokio::test]
async fn pages_without_metadata_end_at_the_empty_page() {
    let server = serve_list(|number, _| match number {
        1..4 => json!({ "items": [format!("a{number}"), "b"] }),
        _ => json!({}),
    })
    .await;
    let entries = client(&server).entries_list().page(1).stream();
    assert_eq!(entries.try_collect::<Vec<_>>().await.unwrap(), ["a1", "b", "a2", "b", "a3", "b"]);
    assert_eq!(queries(&server).await, "page=1 page=2 page=3 page=4");
}

#[tokio::test]
async fn a_list_may_count_from_zero() {
    let server = serve_list(|number, _| {
        json!({ "items": items([number, number + 10]), "page": number, "pageSize": 2, "total": 6 })
    })
    .await;
    assert_eq!(read(client(&server).records_list().page(0).stream()).await, "0 10 1 11 2 12");
}

#[tokio::test]
async fn a_missing_parameter_ends_the_stream_with_an_error() {
    let server = serve_list(|_, _| json!({})).await;
    let entries: Vec<_> = client(&server).entries_list().stream().collect().await;
    let error = entries.into_iter().next().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "entriesList: `page` is required and wasn't set");
    assert_no_request(&server).await;
}

#[tokio::test]
async fn a_generic_function_can_read_any_list() {
    async fn count<B: Paged>(list: B) -> Result<usize, Error> {
        let page = list.fetch().await?;
        Ok(B::items(&page).len())
    }
    let server = serve_list(|number, size| page(number, size, 3)).await;
    assert_eq!(count(client(&server).records_list()).await.unwrap(), 2);
}

#[test]
fn streams_are_send_and_static() {
    fn check<S: Stream + Send + Unpin + 'static>(_: impl Fn(&Client) -> S) {}
    check(|client| client.records_list().stream());
    check(|client| client.records_list().pages());
    check(|client| client.entries_list().stream());
}

/// New items in front move items that were read already to the next page.
#[tokio::test]
async fn a_page_inserted_in_front_loses_no_items() {
    let requests = AtomicU64::new(0);
    let server = serve_list(move |number, size| {
        // Two items are inserted in front after the first response: page 2 is what page 1 was.
        let total = if requests.fetch_add(1, Ordering::SeqCst) == 0 { 4 } else { 6 };
        let start = (number - 1) * size;
        let names = (1..=total).rev().skip(start as usize).take(size as usize);
        json!({ "items": items(names), "page": number, "pageSize": size, "total": total })
    })
    .await;
    assert_eq!(all(&server).await, "4 3 2 1");
}

#[tokio::test]
async fn a_cycle_of_pages_is_an_error() {
    for length in [2, 3, 5] {
        let server = serve_list(move |number, size| {
            let mut page = page((number - 1) % length + 1, size, 1_000_000);
            page["page"] = number.into();
            page["total"] = json!(i64::MAX);
            page
        })
        .await;
        let read = all(&server).await;
        assert!(
            read.contains("!Decode") && read.contains("has the same items"),
            "{length}: {read}"
        );
    }
}
