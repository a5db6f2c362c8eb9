#![doc = include_str!("../README.md")]

#[doc(hidden)]
pub mod __codegen_v1;
mod attempts;
mod auth;
mod builder;
mod call;
mod capture;
mod case;
mod choice;
mod client;
mod compatible;
mod content;
mod download;
mod encode;
mod enums;
mod error;
mod failure;
mod future;
mod headers;
mod members;
mod moment;
mod multipart;
mod operation;
mod options;
mod pages;
pub mod poll;
mod presence;
mod raw;
mod request;
mod response;
mod retry;
mod secret;
mod send;
mod settings;
mod sleep;
mod status;
mod stream;
mod tagged;
mod time;
mod tls;
mod trace;
mod upload;

pub use bytes;
pub use chrono;
pub use reqwest;
pub use serde;
pub use serde_json;
pub use uuid;

pub use self::{
    auth::Auth,
    builder::ClientBuilder,
    client::Client,
    download::Download,
    error::{Error, ErrorKind},
    failure::ApiError,
    future::BoxFuture,
    multipart::Part,
    options::CallOptions,
    pages::{Items, Paged, Pages},
    request::Request,
    response::Response,
    retry::RetryPolicy,
    sleep::Sleeper,
    stream::ByteStream,
};
