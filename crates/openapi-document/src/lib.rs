#![doc = include_str!("../README.md")]

mod document;
pub mod json_type;
mod limits;
pub mod media_type;
mod method;
mod node;
mod one_line;
pub mod operation;
pub mod path_template;
mod pointer;
pub mod reference;
mod refusal;
pub mod server;
mod syntax;
pub mod walk;

pub use self::{
    document::{Document, ParseError},
    limits::{MAX_DEPTH, check_depth},
    method::METHODS,
    node::Node,
    one_line::{Lines, MAX_LINE, OneLine},
    operation::Operation,
    path_template::PathTemplate,
    pointer::Pointer,
    refusal::{Refusal, Refusals},
    syntax::read,
};
