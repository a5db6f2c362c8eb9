//! From a method and a path to an operation.

use openapi_document::{Operation, PathTemplate, path_template::PathValues};

/// What a path leads to.
#[derive(Debug)]
pub enum Found {
    /// The operation with this index.
    Operation(usize, PathValues),
    /// The path is known, the method isn't: the methods it has, and one of its operations.
    OtherMethods(Vec<String>, usize),
    /// No template fits.
    Nothing,
}

/// All templates, the most concrete first.
#[derive(Debug)]
pub struct Routes(Vec<(PathTemplate, String, usize)>);

impl Routes {
    /// The routes of a document's operations, by their indices.
    pub fn new(operations: &[Operation]) -> Self {
        let mut routes: Vec<_> = operations
            .iter()
            .enumerate()
            .map(|(index, operation)| {
                (PathTemplate::parse(&operation.path), operation.method.clone(), index)
            })
            .collect();
        // "Concrete definitions are matched before templated ones", from the left.
        routes.sort_by_key(|(template, ..)| template.precedence());
        Self(routes)
    }

    /// `path` is still percent-encoded, and starts behind the base path.
    pub fn find(&self, method: &str, path: &str) -> Found {
        let matching = || {
            self.0.iter().filter_map(|(template, method, index)| {
                Some((template, method, *index, template.values(path)?))
            })
        };
        let mut others = Vec::new();
        let mut any = 0;
        for (_, declared, index, values) in matching() {
            if declared == method {
                return Found::Operation(index, values);
            }
            others.push(declared.clone());
            any = index;
        }
        if others.is_empty() {
            return Found::Nothing;
        }
        Found::OtherMethods(others, any)
    }
}
