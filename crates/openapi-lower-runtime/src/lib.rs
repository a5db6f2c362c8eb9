#![doc = include_str!("../README.md")]

#[doc(hidden)]
pub mod __codegen_v1;
mod api_error;
mod assigned;
mod attempts;
mod auth;
mod base_path;
mod base_url;
mod buffered;
mod builder;
mod call;
#[cfg(feature = "cassettes")]
pub mod cassettes;
mod causes;
mod charset;
mod client;
mod client_settings;
mod compatible;
mod connections;
mod core_request;
mod credentials;
mod date_time;
mod decoder;
mod display;
mod download;
mod encode;
mod enums;
mod erased;
mod error;
mod events;
mod expansion;
mod form;
mod future;
mod headers;
mod json;
pub mod json_array;
mod json_lines;
mod json_tokens;
mod key_provider;
mod limits;
mod multipart;
mod object;
mod once;
mod operation;
mod options;
mod pages;
mod parameter_value;
pub mod poll;
#[cfg(debug_assertions)]
mod precompiled;
mod propagation;
mod proxy;
mod rate_limit;
mod raw_response;
mod received;
mod received_body;
mod redact;
mod request;
mod reqwest_transport;
mod response;
mod response_date;
mod retry;
mod send;
mod server;
mod server_variables;
mod settings;
mod sibling_tag;
mod sleep;
mod status;
mod stored_body;
mod stream;
mod stream_format;
mod tag;
mod tagged;
mod text;
mod throttle;
mod time;
mod tls;
mod trace;
mod transport;
mod unknown;
mod untagged;
mod upload;
mod uuids;

pub use bytes;
pub use chrono;
pub use http;
pub use reqwest;
pub use serde;
pub use serde_json;
pub use uuid;

pub use self::{
    api_error::ApiError,
    auth::Auth,
    builder::ClientBuilder,
    client::Client,
    download::Download,
    error::{Error, ErrorKind},
    events::{EventStream, ServerSentEvent},
    future::BoxFuture,
    json_lines::JsonLines,
    key_provider::ApiKey,
    multipart::Part,
    options::CallOptions,
    pages::{Items, Paged, Pages},
    rate_limit::RateLimit,
    request::Request,
    reqwest_transport::ReqwestTransport,
    response::Response,
    retry::RetryPolicy,
    send::Sending,
    server_variables::{ServerTemplate, ServerVariable},
    sleep::Sleeper,
    stream::ByteStream,
    transport::{Transport, TransportBody, TransportError},
};
