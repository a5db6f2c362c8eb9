#![doc = include_str!("../README.md")]

#[doc(hidden)]
pub mod __codegen_v1;
mod api_error;
mod attempts;
mod auth;
mod base_path;
mod buffered;
mod builder;
mod call;
mod charset;
mod client;
mod compatible;
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
mod limits;
mod multipart;
mod object;
mod once;
mod operation;
mod options;
mod pages;
mod parameter_value;
pub mod poll;
mod proxy;
mod raw_response;
mod received;
mod redact;
mod request;
mod response;
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
mod time;
mod tls;
mod trace;
mod unknown;
mod untagged;
mod upload;
mod uuids;

pub use bytes;
pub use chrono;
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
    multipart::Part,
    options::CallOptions,
    pages::{Items, Paged, Pages},
    request::Request,
    response::Response,
    retry::RetryPolicy,
    send::Sending,
    server_variables::{ServerTemplate, ServerVariable},
    sleep::Sleeper,
    stream::ByteStream,
};
