//! HTTP methods of operations.

/// The HTTP methods of a Path Item Object, in lowercase as its keys (OpenAPI 3.1, section 4.8.9).
pub const METHODS: [&str; 8] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
