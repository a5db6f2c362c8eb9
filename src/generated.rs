//! The code that `build.rs` generates from `spec/openapi.yaml`.

include!(concat!(env!("OUT_DIR"), "/client.rs"));
