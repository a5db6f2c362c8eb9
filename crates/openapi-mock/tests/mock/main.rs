//! Tests of the mock: generated instances, request validation and responses.

mod bodies;
mod constraints;
mod instances;
mod parameters;
mod request;
mod responses;
mod unions;
