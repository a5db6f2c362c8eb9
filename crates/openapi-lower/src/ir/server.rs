//! Servers with variables.

/// A server URL with variables (OpenAPI 3.1, section 4.8.5).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerTemplate {
    /// The URL, with the names of variables in braces.
    pub url: String,
    /// The variables, in the order of their names.
    pub variables: Vec<ServerVariable>,
}

/// A variable of a server URL.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerVariable {
    /// The name.
    pub name: String,
    /// The value by default.
    pub default: String,
    /// The values that are allowed; any, if there are none.
    pub values: Vec<String>,
}
