#![doc = include_str!("../README.md")]

mod api;
mod bodies;
mod brackets;
mod directions;
mod error;
mod exchange;
mod forms;
mod instances;
mod mock_response;
mod mock_server;
mod negotiation;
mod overrides;
mod parameter_decoder;
mod parameters;
mod pattern;
mod prefer;
mod query_pairs;
mod route;
mod scenarios;
mod security;
mod sequences;
mod service;
mod shape;
mod state;
mod stubs;
mod testing;
mod validator;

pub use openapi_document::{
    Document, Node, Operation,
    operation::{Body, Location, MediaTypeObject, Parameter, Response},
};

pub use self::{
    api::Api,
    bodies::Upload,
    directions::Direction,
    error::MockError,
    exchange::{Exchange, SentResponse},
    instances::{Fill, Instance, InstanceError, InstanceGenerator},
    mock_response::MockResponse,
    mock_server::MockServer,
    parameters::ParameterValues,
    testing::{Stub, start},
    validator::{Validator, Violation},
};
