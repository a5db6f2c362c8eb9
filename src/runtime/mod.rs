//! What generated code calls, between progenitor's core and reqwest.
//!
//! The core knows URLs, queries and bodies; this module knows what happens to a request once it is
//! built: credentials, timeouts, reading the answer, and telling a good one from a bad one. It
//! knows nothing of the API it serves, and stands at whatever path `openapi_lower::Options::runtime`
//! says.

mod attempts;
mod auth;
mod builder;
mod call;
mod capture;
mod choice;
mod client;
mod content;
mod download;
mod encode;
mod enums;
mod error;
mod failure;
mod members;
mod moment;
mod multipart;
mod operation;
mod options;
mod pace;
mod pages;
mod presence;
mod request;
mod response;
mod retry;
mod secret;
mod sleep;
mod stream;
mod tagged;
mod tls;
mod trace;
mod upload;

/// What an async operation returns: boxed, `Send` and owned.
pub type BoxFuture<T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'static>>;

pub use bytes::Bytes;
pub use progenitor_client::{ClientHooks, OperationInfo};
pub use reqwest::{self, Body, Url};

pub use self::{
    auth::Auth,
    builder::ClientBuilder,
    call::Call,
    capture::{Capture, CoreError},
    choice::{Choice, deserialize as deserialize_choice},
    client::Client,
    download::Download,
    enums::{Never, StringEnum, deserialize as deserialize_enum},
    error::{Error, ErrorKind},
    failure::{ApiError, ErrorBody},
    members::Members,
    moment::{deserialize as read_moment, deserialize_optional as read_moment_or_null},
    multipart::{Form, Part},
    operation::{Operation, Status},
    options::CallOptions,
    pages::{Items, Paged, Pages, Said},
    presence::present,
    request::Request,
    response::{Case, ErrorCase, Raw, Response},
    retry::RetryPolicy,
    secret::{Redacted, redacted},
    sleep::Sleeper,
    stream::ByteStream,
    tagged::{
        Entries, Tagged, deserialize as deserialize_union, member as read_member, read_constant,
        with_tag,
    },
};
pub(crate) use self::{
    call::sending,
    choice::choice,
    enums::string_enum,
    pace::{Pace, Stop},
    pages::paged,
    presence::{default_value, setter, setters, stored, taken},
    secret::{guarded, shown, union_debug},
    tagged::{constant, from_member, tagged_union},
};
