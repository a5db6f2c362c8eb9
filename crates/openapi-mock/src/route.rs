//! Request routing, from a method and a path to an operation.

use openapi_document::{Operation, PathTemplate, path_template::PathValues};

/// The result of matching a request against the document's paths.
#[derive(Debug)]
pub(crate) enum RouteMatch {
    /// The operation with this index, and the percent-encoded values of its path parameters.
    Operation(usize, PathValues),
    /// A path that matches, without an operation for the method.
    MethodNotAllowed {
        /// The methods that the path has.
        methods: Vec<String>,
        /// The index of one of its operations.
        operation: usize,
    },
    /// No path template matches.
    NotFound,
}

/// The path templates of a document, the most concrete first.
#[derive(Debug)]
pub(crate) struct Routes(Vec<(PathTemplate, String, usize)>);

impl Routes {
    /// Creates the routes of a document's operations.
    pub(crate) fn new(operations: &[Operation]) -> Self {
        let mut routes: Vec<_> = operations
            .iter()
            .enumerate()
            .map(|(index, operation)| {
                (PathTemplate::parse(&operation.path), operation.method.clone(), index)
            })
            .collect();
        // Concrete paths are matched before templated ones (OpenAPI 3.1, "Path Templating").
        routes.sort_by_key(|(template, ..)| template.precedence());
        Self(routes)
    }

    /// Matches a method and a path, which is percent-encoded and without the base path.
    pub(crate) fn find(&self, method: &str, path: &str) -> RouteMatch {
        let matching = || {
            self.0.iter().filter_map(|(template, method, index)| {
                Some((template, method, *index, template.encoded_values(path)?))
            })
        };
        let mut methods = Vec::new();
        let mut operation = 0;
        for (_, declared, index, values) in matching() {
            if declared == method {
                return RouteMatch::Operation(index, values);
            }
            methods.push(declared.clone());
            operation = index;
        }
        if methods.is_empty() {
            return RouteMatch::NotFound;
        }
        RouteMatch::MethodNotAllowed { methods, operation }
    }
}
