#![doc = include_str!("../README.md")]

mod config;
mod document;
mod emit;
mod generate;
pub mod kept;
mod limits;
mod lower;
mod markdown;
mod pointer;
mod progenitor;
mod read;
mod refusal;
mod skip;
mod walk;

pub use self::{
    config::{Config, ConfigError, Warnings},
    document::{Document, ParseError},
    generate::Generated,
    lower::{Lowered, Warning, lower, to_openapi_30},
    pointer::Pointer,
    refusal::{Refusal, Refusals},
    skip::LeftOut,
};
