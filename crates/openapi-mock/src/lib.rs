#![doc = include_str!("../README.md")]

mod answer;
mod api;
mod bodies;
mod error;
mod exchange;
mod instances;
mod judge;
mod mock;
mod parameters;
mod prefer;
mod route;
mod security;
mod server;
mod shape;
mod state;
mod stories;

pub use openapi_document::{
    Document, Node, Operation,
    operation::{Body, Content, Location, Parameter, Response},
};

pub use self::{
    answer::Answer,
    api::Api,
    bodies::Upload,
    error::MockError,
    exchange::{Exchange, Sent},
    instances::{Fill, Instance, Instances, NoInstance},
    judge::{Judge, Violation},
    mock::MockApi,
    parameters::Values,
};
