//! The client of `wire.yaml`, over the same runtime as the SDK's: what goes over the wire can be
//! tested in every form, whatever the vendored document has at the time.

mod generated {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

pub use generated::{Client, operations, types};
pub use openapi_lower_runtime::{
    ApiError, BoxFuture, ByteStream, CallOptions, Download, Error, ErrorKind, Items, Paged, Pages,
    Part, Request, Response, RetryPolicy, Sleeper,
};

/// Settings of a client.
pub type ClientBuilder = openapi_lower_runtime::ClientBuilder<Client>;

/// The key that [`client`] sends.
pub const KEY: &str = "k3y-of-the-tests";

/// Settings for a client of the server at `url`, with [`KEY`]. It sends every call once, unless a
/// test says otherwise.
pub fn client(url: &str) -> ClientBuilder {
    builder().api_key(KEY).base_url(url).retry(RetryPolicy::none())
}

/// Settings without a key, for the document's own server.
pub fn builder() -> ClientBuilder {
    Client::builder()
}
