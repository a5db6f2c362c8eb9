//! Tests of the mock: generated instances, request validation and responses.

mod constraints;
mod instances;
mod parameters;
mod request;
mod responses;
