#![doc = include_str!("../README.md")]

mod client;
#[cfg(helper = "executions")]
mod execution;
mod generated;
#[cfg(helper = "run")]
mod run;
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "which parts are called depends on the document"
)]
mod runtime;

#[cfg(helper = "activities")]
#[doc(inline)]
pub use self::execution::Activities;
#[cfg(helper = "executions")]
#[doc(inline)]
pub use self::execution::{Decision, Execution, Outcome, Wait};
#[cfg(helper = "run")]
#[doc(inline)]
pub use self::run::{Run, Start};
#[doc(inline)]
pub use self::{
    client::{API_KEY_VARIABLE, BASE_URL_VARIABLE},
    generated::{operations, types},
    runtime::{
        ApiError, BoxFuture, ByteStream, CallOptions, Client, ClientBuilder, Download, Error,
        ErrorKind, Items, Paged, Pages, Part, Request, Response, RetryPolicy, Sleeper,
    },
};
pub use chrono;
pub use reqwest;
pub use uuid;
