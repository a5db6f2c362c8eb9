#![doc = include_str!("../README.md")]

mod client_methods;
mod collect;
mod config;
mod emit;
mod features;
mod generate;
mod graph;
mod helpers;
pub mod ir;
mod json;
mod lower;
mod markdown;
mod media_names;
mod notes;
mod options;
mod order;
mod paging;
mod path_prefix;
mod progenitor;
mod selection;
mod skip;
mod successors;
#[cfg(feature = "surface")]
pub mod surface;
mod text_map;

pub use openapi_document::{Document, ParseError, Pointer, Refusal, Refusals};

pub use self::{
    config::{Config, ConfigError, Warnings},
    features::{ALL_OPERATIONS, DEPRECATED, Features},
    generate::{Generated, RequestCoverage},
    helpers::{AvailableHelper, HelperSelection, UnavailableHelper},
    lower::{Lowered, Warning, lower, to_openapi_30},
    notes::Note,
    paging::PagingEntry,
    skip::SkippedOperation,
};
