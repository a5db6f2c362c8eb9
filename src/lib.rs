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
        ApiError, ByteStream, Client, ClientBuilder, Download, Error, ErrorKind, Items, Paged,
        Pages, Part, Response, Sleeper,
    },
};
pub use chrono;
pub use reqwest;
pub use uuid;
