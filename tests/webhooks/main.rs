//! Tests of webhooks: verification with signatures of OpenSSL, events, receivers.
//!
//! They need the program `openssl`, and fail without it.

mod events;
mod keys;
mod mutations;
mod openssl;
mod receiver;
