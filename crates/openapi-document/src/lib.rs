#![doc = include_str!("../README.md")]

mod anchors;
mod base_uri;
mod document;
mod files;
pub mod json_type;
mod limits;
#[cfg(feature = "lines")]
mod line_map;
pub mod media_type;
mod method;
mod node;
mod one_line;
pub mod operation;
mod path_items;
pub mod path_template;
mod pointer;
pub mod reference;
mod refusal;
pub mod server;
mod syntax;
pub mod walk;

#[cfg(feature = "lines")]
pub use self::line_map::LineMap;
pub use self::{
    document::{Document, ParseError},
    files::{LoadError, SourceLocation, Sources},
    limits::{MAX_DEPTH, check_depth},
    method::{METHODS, Method},
    node::Node,
    one_line::{Lines, MAX_LINE, OneLine},
    operation::Operation,
    path_template::PathTemplate,
    pointer::Pointer,
    refusal::{Refusal, Refusals},
    syntax::read,
};
