#![doc = include_str!("../README.md")]

mod client;
mod generated;
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "which parts are called depends on the document"
)]
mod runtime;

#[doc(inline)]
pub use self::{
    client::{API_KEY_VARIABLE, BASE_URL_VARIABLE},
    generated::{operations, types},
    runtime::{
        ApiError, BoxFuture, ByteStream, CallOptions, Client, ClientBuilder, Error, ErrorKind,
        Part, Request, Response, RetryPolicy,
    },
};
pub use chrono;
pub use reqwest;
pub use uuid;
