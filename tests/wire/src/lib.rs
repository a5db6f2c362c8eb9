//! The client of `wire.yaml`, over the same runtime as the SDK's: what goes over the wire can be
//! tested in every form, whatever the vendored document has at the time.

#[path = "../../../src/runtime/mod.rs"]
#[allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "the root package tests what it calls itself"
)]
mod runtime;

mod generated {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

pub use generated::{operations, types};
pub use runtime::{
    ApiError, BoxFuture, ByteStream, CallOptions, Client, ClientBuilder, Download, Error,
    ErrorKind, Items, Paged, Pages, Part, Request, Response, RetryPolicy, Sleeper,
};

/// The key that [`client`] sends.
pub const KEY: &str = "k3y-of-the-tests";

/// Settings for a client of the server at `url`, with [`KEY`]. It sends every call once, unless a
/// test says otherwise.
pub fn client(url: &str) -> ClientBuilder {
    builder().api_key(KEY).base_url(url).retry(RetryPolicy::none())
}

/// Settings without a key, for the document's own server.
pub fn builder() -> ClientBuilder {
    ClientBuilder::new(generated::SERVER, generated::AUTH, "wire/0.0.0")
}
