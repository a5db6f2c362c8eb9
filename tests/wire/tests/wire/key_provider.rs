//! API keys that a provider returns, and that change.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use futures::future::join_all;
use reqwest::Method;
use tokio::time::timeout;
use wire::{ApiKey, Client, ErrorKind, RetryPolicy};
use wiremock::{Mock, MockServer, Request, ResponseTemplate, matchers::any};

use crate::{
    assert_no_request, only_request, printed, retries::recorded, serve, serve_no_content,
    serve_sequence,
};

/// A provider of the keys `key-1`, `key-2` and so on, which counts its calls.
#[derive(Clone, Default)]
struct Numbered(Arc<AtomicUsize>);

impl Numbered {
    fn calls(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    fn next(&self) -> String {
        format!("key-{}", self.0.fetch_add(1, Ordering::SeqCst) + 1)
    }
}

/// Returns a client with numbered keys, which retries without delays.
fn client(url: &str, keys: &Numbered) -> Client {
    let keys = keys.clone();
    let provider = move || {
        let key = keys.next();
        async move { Ok::<_, io::Error>(key) }
    };
    let (policy, _) = recorded(RetryPolicy::new());
    wire::builder().base_url(url).retry(policy).api_key_provider(provider).build().unwrap()
}

/// Starts a server that accepts only the key of this number and later ones.
async fn serve_from_key(first: usize) -> MockServer {
    let server = MockServer::start().await;
    let response = move |request: &Request| {
        let number = key(request).strip_prefix("key-").unwrap().parse::<usize>().unwrap();
        ResponseTemplate::new(if number < first { 401 } else { 204 })
    };
    Mock::given(any()).respond_with(response).mount(&server).await;
    server
}

/// Returns the key of a request: a bearer token, or in the header of the default scheme.
fn key(request: &Request) -> String {
    let (bearer, header) = ("authorization", "x-wire-key");
    let value = request.headers.get(bearer).or_else(|| request.headers.get(header)).unwrap();
    value.to_str().unwrap().trim_start_matches("Bearer ").to_owned()
}

async fn sent_keys(server: &MockServer) -> Vec<String> {
    server.received_requests().await.unwrap().iter().map(key).collect()
}

#[tokio::test]
async fn a_key_is_requested_once_and_sent_in_its_scheme() {
    let server = serve_no_content().await;
    let keys = Numbered::default();
    let client = client(&server.uri(), &keys);
    assert_eq!(keys.calls(), 0);
    client.auth_none().send().await.unwrap();
    assert_eq!(keys.calls(), 0, "no credential is needed");
    client.auth_bearer().send().await.unwrap();
    client.clone().versioned_get().send().await.unwrap();
    client.auth_query().send().await.unwrap();
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests[1].headers["authorization"], "Bearer key-1");
    assert_eq!(requests[2].headers["x-wire-key"], "key-1");
    assert_eq!(requests[3].url.query(), Some("key=key-1"));
    assert_eq!(keys.calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn concurrent_calls_wait_for_one_key() {
    let keys = Numbered::default();
    let counted = keys.clone();
    let provider = move || {
        let key = counted.next();
        async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok::<_, io::Error>(key)
        }
    };
    // Nothing listens, so that the clock advances for the provider only.
    let builder = wire::client("http://127.0.0.1:1").api_key_provider(provider);
    let client = builder.build().unwrap();
    for result in join_all((0..10).map(|_| client.auth_bearer().send())).await {
        assert!(result.unwrap_err().is_connect());
    }
    assert_eq!(keys.calls(), 1);
}

#[tokio::test]
async fn concurrent_calls_get_one_error() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let provider = move || {
        counted.fetch_add(1, Ordering::SeqCst);
        async {
            tokio::task::yield_now().await;
            Err::<ApiKey, _>(io::Error::other("the vault is sealed"))
        }
    };
    let server = serve_no_content().await;
    let builder = wire::builder().base_url(server.uri()).api_key_provider(provider);
    let client = builder.build().unwrap();
    for result in join_all((0..10).map(|_| client.auth_bearer().send())).await {
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Request, 0));
        assert_eq!(error.to_string(), "authBearer: the provider of the API key failed");
        assert!(printed(&error).contains("the vault is sealed"), "{error:?}");
    }
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    // A later call tries it again.
    client.auth_bearer().send().await.unwrap_err();
    assert_eq!(calls.load(Ordering::SeqCst), 2);
    assert_no_request(&server).await;
}

#[tokio::test]
async fn after_401_an_idempotent_call_is_sent_once_more_with_another_key() {
    for method in ["GET", "HEAD", "PUT", "DELETE"] {
        let server = serve_from_key(2).await;
        let keys = Numbered::default();
        let call = client(&server.uri(), &keys);
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        call.request(method, "/x").send::<()>().await.unwrap();
        assert_eq!(sent_keys(&server).await, ["key-1", "key-2"]);
    }
    // A POST only if the caller allows it.
    let server = serve_from_key(2).await;
    let call = client(&server.uri(), &Numbered::default());
    let (policy, _) = recorded(RetryPolicy::new().any_method());
    let call = call.with_options(wire::CallOptions::new().retry(policy));
    call.request(Method::POST, "/x").send::<()>().await.unwrap();
    assert_eq!(sent_keys(&server).await, ["key-1", "key-2"]);
    // Once, and not until a key is accepted.
    let server = serve_from_key(9).await;
    let keys = Numbered::default();
    let error = client(&server.uri(), &keys).auth_bearer().send().await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (401, 2));
    assert_eq!(sent_keys(&server).await, ["key-1", "key-2"]);
}

#[tokio::test]
async fn after_401_a_post_is_not_repeated_and_the_next_call_has_another_key() {
    let server = serve_from_key(2).await;
    let keys = Numbered::default();
    let client = client(&server.uri(), &keys);
    let post = || client.request(Method::POST, "/x").json("a body").send::<()>();
    let error = post().await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (401, 1));
    assert_eq!((sent_keys(&server).await.len(), keys.calls()), (1, 1));
    post().await.unwrap();
    assert_eq!(sent_keys(&server).await, ["key-1", "key-2"]);
}

#[tokio::test]
async fn concurrent_calls_with_401_wait_for_one_new_key() {
    let server = serve_from_key(2).await;
    let keys = Numbered::default();
    let client = client(&server.uri(), &keys);
    for result in join_all((0..10).map(|_| client.auth_bearer().send())).await {
        result.unwrap();
    }
    assert_eq!(keys.calls(), 2);
}

/// A key may expire during the delay.
#[tokio::test]
async fn each_attempt_has_a_key_that_is_valid() {
    let server = serve_sequence([ResponseTemplate::new(503), ResponseTemplate::new(204)]).await;
    let keys = Numbered::default();
    let counted = keys.clone();
    let provider = move || {
        let key = ApiKey::new(counted.next()).expires_in(Duration::ZERO);
        async move { Ok::<_, io::Error>(key) }
    };
    let (policy, _) = recorded(RetryPolicy::new());
    let builder = wire::builder().base_url(server.uri()).retry(policy);
    builder.api_key_provider(provider).build().unwrap().auth_query().send().await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let sent: Vec<_> = requests.iter().map(|one| one.url.query().unwrap()).collect();
    assert_eq!(sent, ["key=key-1", "key=key-2"]);
}

#[tokio::test]
async fn without_retries_nothing_is_repeated_after_401() {
    let server = serve_from_key(2).await;
    let keys = Numbered::default();
    let client = client(&server.uri(), &keys);
    let once = client.with_options(wire::CallOptions::new().retry(RetryPolicy::none()));
    once.auth_bearer().send().await.unwrap_err();
    once.auth_bearer().send().await.unwrap();
    assert_eq!(sent_keys(&server).await, ["key-1", "key-2"]);
}

#[tokio::test]
async fn a_call_is_not_repeated_with_the_same_key_or_without_one() {
    for fails in [false, true] {
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = calls.clone();
        let provider = move || {
            let call = counted.fetch_add(1, Ordering::SeqCst);
            async move {
                match fails && call > 0 {
                    true => Err(io::Error::other("no more")),
                    false => Ok("the-key"),
                }
            }
        };
        let server = serve(ResponseTemplate::new(401)).await;
        let builder = wire::builder().base_url(server.uri()).api_key_provider(provider);
        let error = builder.build().unwrap().auth_bearer().send().await.unwrap_err();
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Api, 401));
        only_request(&server).await;
        assert_eq!(calls.load(Ordering::SeqCst), 2);
    }
}

/// A fixed key stays what it was.
#[tokio::test]
async fn a_fixed_key_is_not_sent_again_after_401() {
    let server = serve(ResponseTemplate::new(401)).await;
    let client = wire::client(&server.uri()).retry(RetryPolicy::new()).build().unwrap();
    client.auth_bearer().send().await.unwrap_err();
    only_request(&server).await;
}

#[tokio::test(start_paused = true)]
async fn a_key_is_requested_again_after_its_lifetime() {
    let keys = Numbered::default();
    let counted = keys.clone();
    let provider = move || {
        let key = ApiKey::new(counted.next()).expires_in(Duration::from_secs(60));
        async move { Ok::<_, io::Error>(key) }
    };
    // Nothing listens, so that the clock advances only here.
    let builder = wire::client("http://127.0.0.1:1").api_key_provider(provider);
    let client = builder.build().unwrap();
    let mut calls = Vec::new();
    for pause in [0, 59, 2, 59] {
        tokio::time::advance(Duration::from_secs(pause)).await;
        client.auth_bearer().send().await.unwrap_err();
        calls.push(keys.calls());
    }
    assert_eq!(calls, [1, 1, 2, 2]);
}

#[tokio::test(start_paused = true)]
async fn a_provider_has_the_time_of_an_attempt_and_a_later_call_runs_it_again() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = calls.clone();
    let provider = move || {
        let call = counted.fetch_add(1, Ordering::SeqCst);
        async move {
            if call == 0 {
                std::future::pending::<()>().await;
            }
            Ok::<_, io::Error>("the-key")
        }
    };
    let builder = wire::client("http://127.0.0.1:1").api_key_provider(provider);
    let client = builder.timeout(Duration::from_secs(7)).build().unwrap();
    let first = timeout(Duration::from_secs(8), client.auth_bearer().send());
    let error = first.await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    assert!(client.auth_bearer().send().await.unwrap_err().is_connect());
    assert_eq!(calls.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn keys_that_cannot_be_sent_are_errors_without_them() {
    for key in ["", " ", "s3cret\nline"] {
        let server = serve_no_content().await;
        let provider = move || async move { Ok::<_, io::Error>(key) };
        let builder = wire::builder().base_url(server.uri()).api_key_provider(provider);
        let error = builder.build().unwrap().auth_bearer().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(!printed(&error).contains("s3cret"), "{error:?}");
        assert_no_request(&server).await;
    }
}

#[tokio::test]
async fn all_keys_are_hidden_in_errors() {
    // The server repeats the first key, and the provider's error the second one.
    let body = serde_json::json!({ "message": "got key-1 before" });
    let server = serve(ResponseTemplate::new(401).set_body_json(body)).await;
    let keys = Numbered::default();
    let client = client(&server.uri(), &keys);
    let error = client.auth_bearer().send().await.unwrap_err();
    assert!(sent_keys(&server).await.contains(&"key-2".to_owned()));
    assert!(error.to_string().contains("got [redacted] before"), "{error}");
    assert!(!printed(&error).contains("key-1"), "{error:?}");

    let calls = AtomicUsize::new(0);
    let provider = move || {
        let is_first = calls.fetch_add(1, Ordering::SeqCst) == 0;
        async move {
            match is_first {
                true => Ok("s3cret-key"),
                false => Err(io::Error::other("can't renew s3cret-key")),
            }
        }
    };
    let builder = wire::builder().base_url(server.uri()).api_key_provider(provider);
    let client = builder.retry(RetryPolicy::none()).build().unwrap();
    client.auth_bearer().send().await.unwrap_err();
    let error = client.auth_bearer().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(printed(&error).contains("can't renew [redacted]"), "{}", printed(&error));
    assert!(!printed(&error).contains("s3cret"), "{}", printed(&error));
    assert!(!format!("{client:?}").contains("s3cret"), "{client:?}");
    assert!(!format!("{:?}", ApiKey::new("s3cret")).contains("s3cret"));
}

#[tokio::test]
async fn the_keys_before_the_last_stay_hidden() {
    let names: Vec<_> = (1..=32).map(|number| format!("k{number:02}")).collect();
    let body = serde_json::json!({ "message": names.join(" ") });
    let server = serve(ResponseTemplate::new(400).set_body_json(body)).await;
    let next = AtomicUsize::new(0);
    let provider = move || {
        let key = names[next.fetch_add(1, Ordering::SeqCst)].clone();
        async move { Ok::<_, io::Error>(ApiKey::new(key).expires_in(Duration::ZERO)) }
    };
    let builder = wire::builder().base_url(server.uri()).retry(RetryPolicy::none());
    let client = builder.api_key_provider(provider).build().unwrap();
    for _ in 1..32 {
        client.auth_bearer().send().await.unwrap_err();
    }
    let error = client.auth_bearer().send().await.unwrap_err();
    let message = error.api().unwrap().message().unwrap();
    assert_eq!(message, ["[redacted]"; 32].join(" "));
}

#[tokio::test]
async fn the_last_of_a_key_and_a_provider_counts() {
    let server = serve_no_content().await;
    let provider = || async { Ok::<_, io::Error>("provided") };
    let builder = || wire::builder().base_url(server.uri());
    let fixed = builder().api_key_provider(provider).api_key("fixed").build().unwrap();
    fixed.auth_bearer().send().await.unwrap();
    let provided = builder().api_key("fixed").api_key_provider(provider).build().unwrap();
    provided.auth_bearer().send().await.unwrap();
    assert_eq!(sent_keys(&server).await, ["fixed", "provided"]);
}
