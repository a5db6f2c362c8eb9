//! Tests of the mock: generated instances, request validation and responses.

mod bodies;
mod constraints;
mod directions;
mod instances;
mod openapi_3_2;
mod parameters;
mod request;
mod responses;
mod security;
mod sequences;
mod testing;
mod unions;
