//! The seam to generated code, version 1: all that `openapi-lower` may name, and nobody else.
//!
//! Whatever changes here in a way that code generated before would notice makes a module
//! `__codegen_v2` of it, and another arm of [`__compatible!`](crate::__compatible).

pub use bytes::{self, Bytes};
pub use chrono;
pub use progenitor_client::{self, ClientHooks, OperationInfo};
pub use reqwest::{self, Body, Url};
pub use serde;
pub use serde_json;
pub use uuid;

pub use crate::{
    __choice as choice, __constant as constant, __default_value as default_value,
    __from_member as from_member, __guarded as guarded, __paged as paged, __sending as sending,
    __setters as setters, __string_enum as string_enum, __tagged_union as tagged_union,
    auth::Auth,
    builder::{ClientBuilder, GeneratedClient, Seal},
    call::Call,
    capture::{Capture, CoreError},
    case::{Case, ErrorCase},
    choice::{Choice, deserialize as deserialize_choice},
    client::{Client, core_base_url, http},
    download::Download,
    enums::{Never, StringEnum, deserialize as deserialize_enum},
    error::Error,
    future::BoxFuture,
    members::Members,
    moment::{deserialize as read_moment, deserialize_optional as read_moment_or_null},
    multipart::{Form, Part},
    operation::Operation,
    options::CallOptions,
    pages::{Items, Paged, Pages, Said},
    presence::present,
    raw::Raw,
    request::Request,
    response::Response,
    secret::{Redacted, redacted},
    status::Status,
    stream::ByteStream,
    tagged::{
        Entries, Tagged, deserialize as deserialize_union, member as read_member, read_constant,
        with_tag,
    },
};
