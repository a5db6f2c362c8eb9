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
    __constant as constant, __default_value as default_value, __from_member as from_member,
    __paged as paged, __redacted_debug as redacted_debug, __send_methods as send_methods,
    __setters as setters, __string_enum as string_enum, __tagged_union as tagged_union,
    __untagged_union as untagged_union,
    auth::Auth,
    builder::{ClientBuilder, GeneratedClient, Seal},
    call::Call,
    capture::{Capture, CoreError},
    client::{Client, core_base_url, http},
    date_time::{
        deserialize as deserialize_date_time,
        deserialize_optional as deserialize_optional_date_time,
    },
    decoder::{ErrorDecoder, ResponseDecoder},
    download::Download,
    enums::{Infallible, StringEnum, deserialize as deserialize_enum},
    error::Error,
    future::BoxFuture,
    multipart::{Form, Part},
    object_style::ObjectStyle,
    operation::Operation,
    options::CallOptions,
    pages::{Items, PageInfo, Paged, Pages},
    raw_response::RawResponse,
    redact::{Redacted, redacted},
    request::Request,
    response::Response,
    setters::double_option,
    status::Status,
    stream::ByteStream,
    tagged::{
        Entries, TaggedUnion, deserialize as deserialize_tagged_union, member as read_member,
        read_constant, with_tag,
    },
    untagged::{UntaggedUnion, deserialize as deserialize_untagged_union},
};
