//! The generated client of `wire.yaml`, which has an operation for each form of request and
//! response.
//!
//! [`typed`] is the client of `types.yaml`, which has a schema for each form of type.
//!
//! Both have the same runtime as the SDK, but don't depend on the vendored document, which changes.

mod generated {
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

/// The clients of documents with single constructs.
pub mod documents {
    #![allow(missing_docs)]

    pub mod all_of_unions {
        include!(concat!(env!("OUT_DIR"), "/all_of_unions.rs"));
    }
    pub mod base_lists_its_children {
        include!(concat!(env!("OUT_DIR"), "/base_lists_its_children.rs"));
    }
    pub mod bidirectional_text {
        include!(concat!(env!("OUT_DIR"), "/bidirectional_text.rs"));
    }
    pub mod carriage_return {
        include!(concat!(env!("OUT_DIR"), "/carriage_return.rs"));
    }
    pub mod code_in_a_list {
        include!(concat!(env!("OUT_DIR"), "/code_in_a_list.rs"));
    }
    pub mod code_in_texts {
        include!(concat!(env!("OUT_DIR"), "/code_in_texts.rs"));
    }
    pub mod constrained_members {
        include!(concat!(env!("OUT_DIR"), "/constrained_members.rs"));
    }
    pub mod contradicting_all_of {
        include!(concat!(env!("OUT_DIR"), "/contradicting_all_of.rs"));
    }
    pub mod credentials {
        include!(concat!(env!("OUT_DIR"), "/credentials.rs"));
    }
    pub mod date_times {
        include!(concat!(env!("OUT_DIR"), "/date_times.rs"));
    }
    pub mod defaults {
        include!(concat!(env!("OUT_DIR"), "/defaults.rs"));
    }
    pub mod described_members {
        include!(concat!(env!("OUT_DIR"), "/described_members.rs"));
    }
    pub mod empty_posts {
        include!(concat!(env!("OUT_DIR"), "/empty_posts.rs"));
    }
    pub mod expansions {
        include!(concat!(env!("OUT_DIR"), "/expansions.rs"));
    }
    pub mod head {
        include!(concat!(env!("OUT_DIR"), "/head.rs"));
    }
    pub mod integers {
        include!(concat!(env!("OUT_DIR"), "/integers.rs"));
    }
    pub mod map_of_nodes {
        include!(concat!(env!("OUT_DIR"), "/map_of_nodes.rs"));
    }
    pub mod methods {
        include!(concat!(env!("OUT_DIR"), "/methods.rs"));
    }
    pub mod misspelt_members {
        include!(concat!(env!("OUT_DIR"), "/misspelt_members.rs"));
    }
    pub mod multipart_encodings {
        include!(concat!(env!("OUT_DIR"), "/multipart_encodings.rs"));
    }
    pub mod multipart_parts {
        include!(concat!(env!("OUT_DIR"), "/multipart_parts.rs"));
    }
    pub mod names {
        include!(concat!(env!("OUT_DIR"), "/names.rs"));
    }
    pub mod narrowed_schemas {
        include!(concat!(env!("OUT_DIR"), "/narrowed_schemas.rs"));
    }
    pub mod nullable_enums {
        include!(concat!(env!("OUT_DIR"), "/nullable_enums.rs"));
    }
    pub mod one_of_beside_properties {
        include!(concat!(env!("OUT_DIR"), "/one_of_beside_properties.rs"));
    }
    pub mod paging {
        include!(concat!(env!("OUT_DIR"), "/paging.rs"));
    }
    pub mod path_prefix {
        include!(concat!(env!("OUT_DIR"), "/path_prefix.rs"));
    }
    pub mod path_queries {
        include!(concat!(env!("OUT_DIR"), "/path_queries.rs"));
    }
    pub mod read_only_write_only {
        include!(concat!(env!("OUT_DIR"), "/read_only_write_only.rs"));
    }
    pub mod reading {
        include!(concat!(env!("OUT_DIR"), "/reading.rs"));
    }
    pub mod received_only {
        include!(concat!(env!("OUT_DIR"), "/received_only.rs"));
    }
    pub mod recursive_compositions {
        include!(concat!(env!("OUT_DIR"), "/recursive_compositions.rs"));
    }
    pub mod representations {
        include!(concat!(env!("OUT_DIR"), "/representations.rs"));
    }
    pub mod server_variables {
        include!(concat!(env!("OUT_DIR"), "/server_variables.rs"));
    }
    pub mod servers {
        include!(concat!(env!("OUT_DIR"), "/servers.rs"));
    }
    pub mod shared_responses {
        include!(concat!(env!("OUT_DIR"), "/shared_responses.rs"));
    }
    pub mod streams {
        include!(concat!(env!("OUT_DIR"), "/streams.rs"));
    }
    pub mod union_products {
        include!(concat!(env!("OUT_DIR"), "/union_products.rs"));
    }
    pub mod unquoted_enum_values {
        include!(concat!(env!("OUT_DIR"), "/unquoted_enum_values.rs"));
    }
    pub mod unquoted_version {
        include!(concat!(env!("OUT_DIR"), "/unquoted_version.rs"));
    }
    pub mod version_not_ascii {
        include!(concat!(env!("OUT_DIR"), "/version_not_ascii.rs"));
    }
    pub mod uuids {
        include!(concat!(env!("OUT_DIR"), "/uuids.rs"));
    }
    pub mod webhooks {
        include!(concat!(env!("OUT_DIR"), "/webhooks.rs"));
    }
}

/// The client of `types.yaml`.
pub mod typed {
    include!(concat!(env!("OUT_DIR"), "/types.rs"));
}

pub use generated::{Client, operations, types};
pub use openapi_lower_runtime::{
    ApiError, ApiKey, BoxFuture, ByteStream, CallOptions, Download, Error, ErrorKind, EventStream,
    Items, JsonLines, Paged, Pages, Part, RateLimit, Request, Response, RetryPolicy, Sending,
    ServerSentEvent, Sleeper,
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
