//! Names that generated code uses itself, so that names of the document can't take them.
//!
//! `tests/lower/reserved.rs` finds them in generated code and checks that these lists are complete.
//! They also have the methods of traits that callers use with a dot, such as `clone`.

/// Methods of the client with the operations.
pub(super) const CLIENT_METHODS: [&str; 12] = [
    "base_url",
    "builder",
    "clone",
    "download",
    "fmt",
    "from_runtime",
    "into",
    "new",
    "request",
    "runtime",
    "try_into",
    "with_options",
];

/// Methods of the core's client, and of the traits that it implements.
pub(super) const CORE_METHODS: [&str; 8] =
    ["api_version", "clone", "exec", "fmt", "new", "new_with_client", "post", "pre"];

/// Methods of all builders, and local variables and functions of their code.
pub(super) const BUILDER_NAMES: [&str; 12] = [
    "body",
    "call",
    "client",
    "clone",
    "core",
    "core_of",
    "form",
    "into_future",
    "pages",
    "send",
    "send_raw",
    "stream",
];

/// Local variables of the core's code that an argument would hide. progenitor itself
/// renames the other ones.
pub(super) const CORE_NAMES: [&str; 3] = ["body", "header_map", "info"];

/// Types, traits and variants that the module with the builders uses.
pub(super) const BUILDER_TYPES: [&str; 17] = [
    "Box",
    "Clone",
    "Debug",
    "Default",
    "Err",
    "ErrorDecoder",
    "Into",
    "IntoIterator",
    "None",
    "Ok",
    "Option",
    "ResponseDecoder",
    "Result",
    "Some",
    "Status",
    "String",
    "Vec",
];
