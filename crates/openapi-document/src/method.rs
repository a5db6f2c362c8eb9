//! Methods of operations.

/// The methods that a path item may have, as its keys (OpenAPI 3.1, section 4.8.9).
pub const METHODS: [&str; 8] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
