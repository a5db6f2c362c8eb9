//! The generated client of `wire.yaml`, which has an operation for each form of request and
//! response.
//!
//! [`typed`] is the client of `types.yaml`, which has a schema for each form of type.
//!
//! Both have the same runtime as the SDK, but don't depend on the vendored document, which changes.

mod generated {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

/// The client of `types.yaml`.
pub mod typed {
    include!(concat!(env!("OUT_DIR"), "/types.rs"));
}

pub use generated::{Client, operations, types};
pub use openapi_lower_runtime::{
    ApiError, BoxFuture, ByteStream, CallOptions, Download, Error, ErrorKind, Items, Paged, Pages,
    Part, Request, Response, RetryPolicy, Sleeper,
};

/// The builder of a client.
pub type ClientBuilder = openapi_lower_runtime::ClientBuilder<Client>;

/// The key that [`client`] sends.
pub const KEY: &str = "k3y-of-the-tests";

/// Returns the builder of a client of the server at `url`, with [`KEY`] and without retries.
pub fn client(url: &str) -> ClientBuilder {
    builder().api_key(KEY).base_url(url).retry(RetryPolicy::none())
}

/// Returns the builder of a client without a key, of the server that the document declares.
pub fn builder() -> ClientBuilder {
    Client::builder()
}
