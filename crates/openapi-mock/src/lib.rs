#![doc = include_str!("../README.md")]

mod api;
mod bodies;
mod error;
mod exchange;
mod instances;
mod mock;
mod mock_response;
mod parameters;
mod prefer;
mod route;
mod scenarios;
mod security;
mod server;
mod shape;
mod state;
mod validator;

pub use openapi_document::{
    Document, Node, Operation,
    operation::{Body, Content, Location, Parameter, Response},
};

pub use self::{
    api::Api,
    bodies::Upload,
    error::MockError,
    exchange::{Exchange, Sent},
    instances::{Fill, Instance, Instances, NoInstance},
    mock::MockApi,
    mock_response::MockResponse,
    parameters::Values,
    validator::{Validator, Violation},
};
