//! The mock itself: its instances, its judgement, its answers.

mod constraints;
mod instances;
mod parameters;
mod request;
mod responses;
