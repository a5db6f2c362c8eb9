//! An async client for the [Asteroid Agents API](https://docs.asteroid.ai): browser agents,
//! workflows, executions, profiles and files.
//!
//! ```no_run
//! use asteroid_agents::{Client, Error, ExecuteRequest};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Error> {
//!     let client = Client::from_env()?; // ASTEROID_API_KEY
//!     let id = "6f1b6a52-6f0e-4a3b-8f57-0f2b1d9c3a01";
//!     let outcome = client.run(id, ExecuteRequest::new()).await?;
//!     println!("{:?}", outcome.execution().execution_result);
//!     Ok(())
//! }
//! ```
//!
//! # Operations
//!
//! Each operation of the API is a method of [`Client`], named after its `operationId`. It returns a
//! builder with a setter for each parameter: see [`operations`]. `send()` or `.await` sends the
//! request and returns a [`Response`], which derefs to the decoded body. A required parameter that
//! isn't set is an error before anything is sent. So is an id that isn't a UUID: parameters with
//! UUIDs take a [`Uuid`](uuid::Uuid) or its text.
//!
//! ```no_run
//! # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
//! let page = client.executions_list().status(["failed"]).page_size(20).await?;
//! println!("{} of {} executions", page.items.len(), page.total);
//! # Ok(())
//! # }
//! ```
//!
//! Bodies are in [`types`]. Their enums keep values that the OpenAPI document doesn't list
//! (`Unrecognized`). An omitted property is `None`; a property that may also be null is an
//! `Option<Option<T>>`.
//!
//! # Where to find what
//!
//! | task | item |
//! | --- | --- |
//! | run a workflow or an agent and wait for it | [`Client::run`], [`Wait`], [`WaitOutcome`] |
//! | follow an execution, send it messages and files | [`Client::execution`], [`Execution`] |
//! | read lists | `stream()` and `pages()` of list operations: [`Items`], [`Pages`] |
//! | upload and download files | [`Part`], [`Client::download`], [`Download`] |
//! | handle errors | [`Error`], [`ErrorKind`], [`ApiError`] |
//! | set timeouts and retries | [`Client::builder`], [`RetryPolicy`] |
//! | stay below a rate limit | [`ClientBuilder::rate`], [`RateLimit`] |
//! | use keys that change | [`ClientBuilder::api_key_provider`] |
//! | set them, or headers, for some calls | [`Client::with_options`], [`CallOptions`] |
//! | read a response undecoded | `send_raw()` of every operation: [`ByteStream`] |
//! | send requests by something else than reqwest | [`Transport`], [`TransportBody`] |
//! | receive notifications (feature `webhooks`) | `webhooks::Verifier`, `webhooks::Event` |
//! | call a path that isn't in the OpenAPI document | [`Client::request`], [`Request`] |
//!
//! # Features
//!
//! - `rustls` (default): TLS by rustls with the ring provider and the platform's verifier.
//! - `native-tls`: TLS by SChannel, Secure Transport or OpenSSL. Takes effect with
//!   `default-features = false`: with both, rustls is used.
//! - `tracing`: a span per call and per attempt, by the conventions of OpenTelemetry, and an event
//!   per retry, without keys, parameters and bodies.
//! - `agents`, `agent-profiles`, `agent-profile-pools`, `context`, `documentation`, `execution`,
//!   `files`, `schema`, `workflows`: operations by the tags of the API's document, with their
//!   types; for less to compile, with `default-features = false`. Without any, there are all.
//! - `all-operations` (default): all operations.
//! - `deprecated` (default): those that the API has deprecated, too.
//! - `cassettes`: the module `cassettes`, which records requests and responses for tests.
//! - `webhooks`: the module `webhooks`, for notifications: verified, and typed.
//! - `webhooks-testing`: signed notifications for tests of a receiver.
//!
//! Helpers need the features of the operations that they call: [`Client::execution`] needs
//! `execution`, and its files `files`; [`Client::run`] needs `agents` and `execution`, and its
//! files `files`; [`Client::run_version`] needs `workflows` too.
//!
//! Futures need a tokio runtime.

#![cfg_attr(docsrs, feature(doc_cfg))]
// Helpers name features, not the `cfg` of this crate.
#![cfg_attr(docsrs, doc(auto_cfg = false))]

mod client;
#[cfg(helper = "executions")]
mod execution;
mod generated;
#[cfg(helper = "run")]
mod run;
#[cfg(feature = "webhooks")]
#[cfg_attr(docsrs, doc(cfg(feature = "webhooks")))]
pub mod webhooks;

/// Compiles the code blocks of the README as doc tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

/// The OpenAPI document that this crate is generated from, in YAML: for tests against a mock of the
/// API, as the crate `openapi-mock` is one.
pub const DOCUMENT: &str = include_str!("../spec/openapi.yaml");

#[cfg(feature = "cassettes")]
#[doc(inline)]
pub use openapi_lower_runtime::cassettes;
#[doc(inline)]
pub use openapi_lower_runtime::{
    BoxFuture, ClientBuilder, ReqwestTransport, Sending, Transport, TransportBody, TransportError,
};
pub use openapi_lower_runtime::{chrono, http, reqwest, uuid};

#[cfg(helper = "activities")]
#[cfg_attr(docsrs, doc(cfg(feature = "execution")))]
#[doc(inline)]
pub use self::execution::Activities;
#[cfg(helper = "executions")]
#[cfg_attr(docsrs, doc(cfg(feature = "execution")))]
#[doc(inline)]
pub use self::execution::{Execution, Interaction, Wait, WaitOutcome};
#[cfg(helper = "rerun")]
#[cfg_attr(docsrs, doc(cfg(feature = "execution")))]
#[doc(inline)]
pub use self::execution::{Rerun, RerunRequest};
#[cfg(all(helper = "run", helper = "run_version"))]
#[cfg_attr(
    docsrs,
    doc(cfg(all(feature = "agents", feature = "execution", feature = "workflows")))
)]
#[doc(inline)]
pub use self::run::VersionExecuteRequest;
#[cfg(helper = "run")]
#[cfg_attr(docsrs, doc(cfg(all(feature = "agents", feature = "execution"))))]
#[doc(inline)]
pub use self::run::{ExecuteRequest, Run, RunRequest};
#[doc(inline)]
pub use self::{
    client::{API_KEY_VARIABLE, BASE_URL_VARIABLE, Client},
    generated::{operations, types},
};

/// The details of an error response of the API: see [`Error::api`].
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// use asteroid_agents::types::NotFoundErrorBody;
///
/// let Err(error) = client.executions_list().await else { return Ok(()) };
/// if let Some(api) = error.api() {
///     println!("{} {:?} {:?}", api.status(), api.code(), api.message());
///     // The decoded body, if the document declares this type for the status.
///     match api.body::<NotFoundErrorBody>() {
///         Some(body) => println!("{}", body.message),
///         None => println!("{:?}", api.raw()),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::ApiError;

/// An API key with its lifetime, of a provider: see [`ClientBuilder::api_key_provider`].
///
/// ```
/// use std::time::Duration;
///
/// use asteroid_agents::{ApiKey, Client};
///
/// async fn from_vault() -> Result<ApiKey, std::io::Error> {
///     Ok(ApiKey::new("your key").expires_in(Duration::from_secs(300)))
/// }
/// let client = Client::builder().api_key_provider(from_vault).build()?;
/// # Ok::<(), asteroid_agents::Error>(())
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::ApiKey;

/// The body of a response as a stream of chunks: of `send_raw()` and of downloads.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// use futures::TryStreamExt;
///
/// let mut body = client.executions_list().send_raw().await?.into_inner();
/// while let Some(chunk) = body.try_next().await? {
///     println!("{} bytes", chunk.len());
/// }
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::ByteStream;

/// Options for some of a client's calls: see [`Client::with_options`].
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// use std::time::Duration;
///
/// use asteroid_agents::CallOptions;
///
/// let options = CallOptions::new().timeout(Duration::from_secs(300)).header("x-trace", "42");
/// let page = client.with_options(options).executions_list().await?;
/// println!("{} executions", page.total);
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::CallOptions;

/// A download of a file: see [`Client::download`], `Execution::recording` and
/// `Execution::download`.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// let report = client.download("https://files.example/report.pdf").limit(10 << 20).bytes().await?;
/// println!("{} bytes", report.len());
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::Download;

/// An error of a call, or of the setup of a client.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// match client.executions_list().await {
///     Ok(page) => println!("{} executions", page.total),
///     Err(error) if error.is_connect() => println!("no connection: {error}"),
///     Err(error) => println!("{:?} after {} attempts: {error}", error.kind(), error.attempts()),
/// }
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::Error;

/// The kind of an error: see [`Error::kind`].
///
/// ```
/// use asteroid_agents::{Client, ErrorKind};
///
/// let error = Client::new("not\na key").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Config);
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::ErrorKind;

/// A stream of the items of all pages: `stream()` of list operations.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// use futures::{StreamExt, TryStreamExt};
///
/// // The first 1,000 executions, from as many pages as needed.
/// let executions: Vec<_> = client.executions_list().stream().take(1_000).try_collect().await?;
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::Items;

/// The trait of list operations: for functions that are generic over them.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// use asteroid_agents::{Error, Paged, Pages};
/// use futures::TryStreamExt;
///
/// async fn count<B: Paged>(pages: Pages<B>) -> Result<usize, Error> {
///     pages.try_fold(0, |count, page| async move { Ok(count + B::items(&page).len()) }).await
/// }
/// println!("{}", count(client.executions_list().pages()).await?);
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::Paged;

/// A stream of the pages of a list: `pages()` of list operations.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// use futures::TryStreamExt;
///
/// let mut pages = client.executions_list().page_size(100).pages();
/// while let Some(page) = pages.try_next().await? {
///     println!("page {}: {} of {}", page.page, page.items.len(), page.total);
/// }
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::Pages;

/// A file or a value of a multipart form, from bytes, a path, a reader or a stream.
///
/// ```no_run
/// use asteroid_agents::{Client, Error, Part, uuid::Uuid};
///
/// async fn upload(client: Client, execution: Uuid) -> Result<(), Error> {
///     let table = Part::bytes("a,b\n1,2").file_name("table.csv");
///     let files = [Part::file("report.pdf"), table];
///     client.execution_context_files_upload().execution_id(execution).files(files).await?;
///     Ok(())
/// }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::Part;

/// The rate limit that a response or an error reports: see [`Response::rate_limit`] and
/// [`Error::rate_limit`].
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// match client.executions_list().await {
///     Ok(page) => println!("{:?}", page.rate_limit().and_then(|limit| limit.remaining)),
///     Err(error) if error.is_rate_limited() => println!("later: {:?}", error.rate_limit()),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::RateLimit;

/// A request to a path that the OpenAPI document doesn't declare: see [`Client::request`].
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// use asteroid_agents::reqwest::Method;
///
/// let call = client.request(Method::POST, "/things/{id}").path("id", 7).json(&["a", "b"]);
/// call.send::<()>().await?;
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::Request;

/// A successful response: the decoded body, with its status and headers.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// let executions = client.executions_list().await?;
/// println!("{} {:?} {}", executions.status(), executions.request_id(), executions.total);
/// let executions = executions.into_inner();
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::Response;

/// The policy by which failed calls are retried: see [`ClientBuilder::retry`].
///
/// ```
/// use std::time::Duration;
///
/// use asteroid_agents::{Client, RetryPolicy, Sleeper};
///
/// let policy = RetryPolicy::new().max_retries(5).deadline(Duration::from_secs(60));
/// let client = Client::builder().api_key("your key").retry(policy).build()?;
///
/// // For tests: no pauses, no random numbers.
/// let policy = RetryPolicy::new().sleeper(Sleeper::new(|_| async {})).randomness(|| 1.0);
/// # let _ = policy;
/// # Ok::<(), asteroid_agents::Error>(())
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::RetryPolicy;

/// The timer for pauses between two attempts or two polls; tests replace it.
///
/// ```
/// let no_pauses = asteroid_agents::Sleeper::new(|_pause| async {});
/// # let _ = no_pauses;
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::Sleeper;
