#![doc = include_str!("../README.md")]

mod answer;
mod api;
mod bodies;
mod document;
mod exchange;
mod instances;
mod judge;
mod mock;
mod operation;
mod parameters;
mod prefer;
mod route;
mod security;
mod server;
mod shape;
mod stories;

pub use self::{
    answer::Answer,
    api::Api,
    bodies::Upload,
    document::{At, Document, DocumentError, escape},
    exchange::{Exchange, Sent},
    instances::{Fill, Instance, Instances, NoInstance},
    judge::{Judge, Violation},
    mock::MockApi,
    operation::{Body, Content, Location, Operation, Parameter, Response, essence},
    parameters::Values,
};
