//! Calls of operations by the methods of both clients.

use std::collections::{BTreeSet, HashMap};

use openapi_document::{Document, PathTemplate, Pointer};
use openapi_lower::{
    Config,
    surface::{Function, Surface, TypeItem},
};

use super::{
    fields,
    phrases::{self, named_type, short},
};
use crate::{
    operation::{OperationSummary, list_operations},
    rust::Surfaces,
    successor::Successor,
};

/// A call and what to write instead.
pub(super) struct Move {
    pub(super) before: String,
    pub(super) after: String,
    /// The other changes, in phrases.
    pub(super) differences: Vec<String>,
}

/// The calls of the old client that a program has to replace.
pub(super) struct Calls {
    /// Those with a successor.
    pub(super) replaced: Vec<Move>,
    /// Those that the new client lacks, without a successor.
    pub(super) removed: Vec<String>,
    /// Those that the new client marks as deprecated, without a successor.
    pub(super) deprecated: Vec<String>,
    /// The names of the builders of these calls.
    pub(super) builders_without: BTreeSet<String>,
}

impl Calls {
    pub(super) fn new(
        (old, new): (&Document, &Document),
        surfaces: &Surfaces,
        successors: &[Successor],
        config: &Config,
    ) -> Self {
        let (old, new) = (
            Client::new(list_operations(old.root()), &surfaces.old),
            Client::new(list_operations(new.root()), &surfaces.new),
        );
        let mut calls = Self {
            replaced: Vec::new(),
            removed: Vec::new(),
            deprecated: Vec::new(),
            builders_without: BTreeSet::new(),
        };
        for operation in &old.operations {
            let Some(call) = old.call(&operation.id) else { continue };
            let same = new.call(&operation.id);
            let is_deprecated = same.as_ref().is_some_and(|call| call.operation.deprecated);
            if same.is_some() && (!is_deprecated || operation.deprecated) {
                continue;
            }
            let proposed = successors.iter().find(|one| one.operation == operation.id);
            let successor = config
                .successor(&operation.id)
                .or_else(|| proposed.map(|one| one.successor.as_str()))
                .and_then(|id| new.call(id));
            calls.builders_without.insert(call.builder_name.to_owned());
            match (successor, is_deprecated) {
                (Some(successor), _) => calls.replaced.push(Move {
                    before: call.to_string(),
                    after: successor.to_string(),
                    differences: call.differences(&successor, (old.surface, new.surface)),
                }),
                (None, true) => calls.deprecated.push(call.to_string()),
                (None, false) => calls.removed.push(call.to_string()),
            }
        }
        calls
    }
}

/// The operations of a document and the client that is generated from it.
struct Client<'a> {
    operations: Vec<OperationSummary>,
    surface: &'a Surface,
    /// The names of methods by the pointers of operations.
    methods: HashMap<&'a Pointer, (&'a String, &'a Function)>,
}

impl<'a> Client<'a> {
    fn new(operations: Vec<OperationSummary>, surface: &'a Surface) -> Self {
        let entry = |(name, function): (&'a String, &'a Function)| {
            (&function.origin.pointer, (name, function))
        };
        let methods = surface.methods.iter().map(entry).collect();
        Self { operations, surface, methods }
    }

    /// The call of the operation with an operationId.
    fn call(&self, id: &str) -> Option<Call<'_>> {
        let operation = self.operations.iter().find(|operation| operation.id == id)?;
        let pointer = Pointer::from_segments(["paths", &operation.path, operation.method]);
        let (method, function) = *self.methods.get(&pointer)?;
        let builder = self.surface.types.get(&format!("operations::{}", function.returns))?;
        Some(Call { operation, method, builder_name: &function.returns, builder })
    }
}

/// The call of an operation: the client's method, and the builder that it returns.
struct Call<'a> {
    operation: &'a OperationSummary,
    method: &'a str,
    builder_name: &'a str,
    builder: &'a TypeItem,
}

impl Call<'_> {
    /// The setters of the builder: what takes and returns it.
    fn setters(&self) -> impl Iterator<Item = (&String, &Function)> {
        let functions = self.builder.functions.iter();
        functions.filter(|(_, one)| one.receiver == "self" && one.returns == "Self")
    }

    /// The setters of path parameters, in the order of the path.
    fn path_setters(&self) -> Vec<&str> {
        let template = PathTemplate::parse(&self.operation.path);
        let setter = |name: &str| {
            let is_named = |(_, function): &(&String, &Function)| {
                function.origin.name.as_deref() == Some(name)
            };
            Some(self.setters().find(is_named)?.0.as_str())
        };
        template.names().filter_map(setter).collect()
    }

    /// The type of the body, if it is one of the generated ones.
    fn body(&self) -> Option<&str> {
        let (_, body) = self.setters().find(|(name, _)| *name == "body")?;
        named_type(&body.arguments.first()?.1)
    }

    /// The type of the response, if it is one of the generated ones.
    fn response(&self) -> Option<&str> {
        named_type(&self.builder.functions.get("send")?.returns)
    }

    /// The changes for a program that makes another call instead, beside those that the call shows.
    fn differences(&self, other: &Call, (old, new): (&Surface, &Surface)) -> Vec<String> {
        let mut differences = Vec::new();
        let shown: BTreeSet<&str> =
            self.path_setters().into_iter().chain(other.path_setters()).chain(["body"]).collect();
        let others: HashMap<&String, &Function> = other.setters().collect();
        let mut gone = Vec::new();
        for (name, setter) in self.setters().filter(|(name, _)| !shown.contains(name.as_str())) {
            match others.get(name) {
                None => gone.push(format!("`{name}`")),
                Some(other) if other.arguments != setter.arguments => {
                    let (before, after) = (phrases::argument(setter), phrases::argument(other));
                    differences.push(format!("`{name}` takes `{after}` instead of `{before}`"));
                }
                Some(_) => {}
            }
        }
        if !gone.is_empty() {
            differences.insert(0, format!("without {}", gone.join(", ")));
        }
        if let (Some(before), Some(after)) = (self.body(), other.body()) {
            differences.extend(fields::describe("body", (old, before), (new, after)));
        }
        match (self.response(), other.response()) {
            (Some(before), Some(after)) => {
                if before != after {
                    differences.push(format!("returns `{}`", short(after)));
                }
                differences.extend(fields::describe("response", (old, before), (new, after)));
            }
            (None, Some(after)) => differences.push(format!("returns `{}`", short(after))),
            (Some(_), None) => differences.push("returns nothing typed".to_owned()),
            (None, None) => {}
        }
        differences
    }
}

impl std::fmt::Display for Call<'_> {
    /// Writes the call as a program has it, with the setters of path parameters and of the body.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "client.{}()", self.method)?;
        for setter in self.path_setters() {
            write!(f, ".{setter}(…)")?;
        }
        match self.body() {
            Some(body) => write!(f, ".body({})", short(body)),
            None => Ok(()),
        }
    }
}
