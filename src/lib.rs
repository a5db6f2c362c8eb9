#![doc = include_str!("../README.md")]

mod client;
#[cfg(helper = "executions")]
mod execution;
mod generated;
#[cfg(helper = "run")]
mod run;

#[doc(inline)]
pub use openapi_lower_runtime::{BoxFuture, ClientBuilder};
pub use openapi_lower_runtime::{chrono, reqwest, uuid};

#[cfg(helper = "activities")]
#[doc(inline)]
pub use self::execution::Activities;
#[cfg(helper = "executions")]
#[doc(inline)]
pub use self::execution::{Execution, Interaction, Wait, WaitOutcome};
#[cfg(helper = "run")]
#[doc(inline)]
pub use self::run::{Run, RunRequest};
#[doc(inline)]
pub use self::{
    client::{API_KEY_VARIABLE, BASE_URL_VARIABLE, Client},
    generated::{operations, types},
};

/// What the API said when it said no: [`Error::api`].
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// use asteroid_agents::types::NotFoundErrorBody;
///
/// let Err(error) = client.agent_list().await else { return Ok(()) };
/// if let Some(api) = error.api() {
///     println!("{} {:?} {:?}", api.status(), api.code(), api.message());
///     // The body as the document says it for this status, or as it came.
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

/// A body as it arrives: of `send_raw()`, of downloads.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// use futures::TryStreamExt;
///
/// let mut body = client.agent_list().send_raw().await?.into_inner();
/// while let Some(chunk) = body.try_next().await? {
///     println!("{} bytes", chunk.len());
/// }
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::ByteStream;

/// What some calls do otherwise than the client: [`Client::with_options`].
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// use std::time::Duration;
///
/// use asteroid_agents::CallOptions;
///
/// let options = CallOptions::new().timeout(Duration::from_secs(300)).header("x-trace", "42");
/// println!("{} agents", client.with_options(options).agent_list().await?.total);
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::CallOptions;

/// A file to be downloaded: [`Client::download`], `Execution::recording`, `Execution::download`.
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

/// Everything that can go wrong with a call.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// match client.agent_list().await {
///     Ok(agents) => println!("{} agents", agents.total),
///     Err(error) if error.is_connect() => println!("nobody is there: {error}"),
///     Err(error) => println!("{:?} after {} attempts: {error}", error.kind(), error.attempts()),
/// }
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::Error;

/// The kinds of errors: [`Error::kind`].
///
/// ```
/// use asteroid_agents::{Client, ErrorKind};
///
/// let error = Client::new("not\na key").unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Config);
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::ErrorKind;

/// Every item of a list: `stream()` of the operations that respond with pages.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// use futures::{StreamExt, TryStreamExt};
///
/// // The first thousand, on as many pages as it takes.
/// let executions: Vec<_> = client.executions_list().stream().take(1_000).try_collect().await?;
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::Items;

/// What the operations have in common that respond with pages: for functions that take any of them.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// use asteroid_agents::{Error, Paged, Pages};
/// use futures::TryStreamExt;
///
/// async fn count<B: Paged>(pages: Pages<B>) -> Result<usize, Error> {
///     pages.try_fold(0, |count, page| async move { Ok(count + B::items(&page).len()) }).await
/// }
/// println!("{}", count(client.agent_list().pages()).await?);
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::Paged;

/// Every page of a list: `pages()` of the operations that respond with pages.
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

/// A file or value to be uploaded.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client, id: uuid::Uuid) -> Result<(), asteroid_agents::Error> {
/// use asteroid_agents::Part;
///
/// let table = Part::bytes("a,b\n1,2").file_name("table.csv");
/// let files = [Part::file("report.pdf"), table];
/// client.execution_context_files_upload().execution_id(id).files(files).await?;
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::Part;

/// A request to a path that the document doesn't have: [`Client::request`].
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

/// What an operation gives: the decoded body, with the status and the headers it came with.
///
/// ```no_run
/// # async fn example(client: asteroid_agents::Client) -> Result<(), asteroid_agents::Error> {
/// let agents = client.agent_list().await?;
/// println!("{} {:?} {}", agents.status(), agents.request_id(), agents.total);
/// let agents = agents.into_inner();
/// # Ok(())
/// # }
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::Response;

/// When a call that failed is sent again.
///
/// ```
/// use std::time::Duration;
///
/// use asteroid_agents::{Client, RetryPolicy, Sleeper};
///
/// let patient = RetryPolicy::new().max_retries(5).deadline(Duration::from_secs(60));
/// let client = Client::builder().api_key("the-key").retry(patient).build()?;
/// // For tests: no waiting, no chance.
/// let at_once = RetryPolicy::new().sleeper(Sleeper::new(|_| async {})).randomness(|| 1.0);
/// # let _ = at_once;
/// # Ok::<(), asteroid_agents::Error>(())
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::RetryPolicy;

/// How the time passes between two attempts, or two polls.
///
/// ```
/// let at_once = asteroid_agents::Sleeper::new(|_pause| async {});
/// # let _ = at_once;
/// ```
#[doc(inline)]
pub use openapi_lower_runtime::Sleeper;
