//! The mock itself: its instances, its judgement, its answers.

mod answers;
mod constraints;
mod instances;
mod parameters;
mod request;
