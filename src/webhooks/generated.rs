//! The code that `build.rs` generates from `spec/webhooks.yaml`.

include!(concat!(env!("OUT_DIR"), "/webhooks.rs"));
