//! Responses that are streams of items: server-sent events, JSON lines and JSON text sequences.

mod item;
mod lines;
mod open;
mod reconnect;
mod server_sent;
mod split;
mod stream;

pub use self::{
    server_sent::ServerSentEvent,
    stream::{EventStream, events},
};
