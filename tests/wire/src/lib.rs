//! The generated client of `wire.yaml`, which has an operation for each form of request and
//! response.
//!
//! It has the same runtime as the SDK, but doesn't depend on the vendored document, which changes.

mod generated {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

/// The clients of documents with single constructs.
pub mod documents {
    #![allow(missing_docs)]

    pub mod date_times {
        include!(concat!(env!("OUT_DIR"), "/date_times.rs"));
    }
    pub mod empty_posts {
        include!(concat!(env!("OUT_DIR"), "/empty_posts.rs"));
    }
    pub mod head {
        include!(concat!(env!("OUT_DIR"), "/head.rs"));
    }
    pub mod integers {
        include!(concat!(env!("OUT_DIR"), "/integers.rs"));
    }
    pub mod multipart_encodings {
        include!(concat!(env!("OUT_DIR"), "/multipart_encodings.rs"));
    }
    pub mod multipart_parts {
        include!(concat!(env!("OUT_DIR"), "/multipart_parts.rs"));
    }
    pub mod path_queries {
        include!(concat!(env!("OUT_DIR"), "/path_queries.rs"));
    }
    pub mod reading {
        include!(concat!(env!("OUT_DIR"), "/reading.rs"));
    }
    pub mod version_not_ascii {
        include!(concat!(env!("OUT_DIR"), "/version_not_ascii.rs"));
    }
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
