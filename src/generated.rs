//! What build.rs generated from `spec/openapi.yaml`.

include!(concat!(env!("OUT_DIR"), "/client.rs"));
