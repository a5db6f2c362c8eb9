//! Calls of operations by the methods of both clients.

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write,
};

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
    operation::{Operation, read_operations},
    operation_pair::is_required,
    resolver::Resolver,
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
        let (old, new) = (Resolver::new(old.root()), Resolver::new(new.root()));
        let (old, new) = (Client::new(&old, &surfaces.old), Client::new(&new, &surfaces.new));
        let mut calls = Self {
            replaced: Vec::new(),
            removed: Vec::new(),
            deprecated: Vec::new(),
            builders_without: BTreeSet::new(),
        };
        for operation in &old.operations {
            let Some(call) = old.call_of(operation) else { continue };
            let same = new.same(operation);
            if let Some(same) = same.as_ref().filter(|same| same.method != call.method) {
                // It is the same operation under another name.
                calls.builders_without.insert(call.builder_name.to_owned());
                calls.replaced.push(call.replaced_by(same, (old.surface, new.surface)));
                continue;
            }
            let is_deprecated = same.as_ref().is_some_and(|call| call.operation.is_deprecated());
            if same.is_some() && (!is_deprecated || operation.is_deprecated()) {
                continue;
            }
            let proposed = successors.iter().find(|one| one.operation == operation.id);
            let successor = config
                .successor(&operation.id)
                .or_else(|| proposed.map(|one| one.successor.as_str()))
                .and_then(|id| new.call(id));
            calls.builders_without.insert(call.builder_name.to_owned());
            match (successor, is_deprecated) {
                (Some(successor), _) => {
                    calls.replaced.push(call.replaced_by(&successor, (old.surface, new.surface)));
                }
                (None, true) => calls.deprecated.push(call.shown(&call.path_setters())),
                (None, false) => calls.removed.push(call.shown(&call.path_setters())),
            }
        }
        calls
    }
}

/// The operations of a document and the client that is generated from it.
struct Client<'a> {
    operations: Vec<Operation<'a>>,
    surface: &'a Surface,
    /// The names of methods by the pointers of operations.
    methods: HashMap<&'a Pointer, (&'a String, &'a Function)>,
}

impl<'a> Client<'a> {
    fn new(resolver: &Resolver<'a>, surface: &'a Surface) -> Self {
        let entry = |(name, function): (&'a String, &'a Function)| {
            (&function.origin.pointer, (name, function))
        };
        let methods = surface.methods.iter().map(entry).collect();
        Self { operations: read_operations(resolver), surface, methods }
    }

    /// The call of the operation with an operationId.
    fn call(&self, id: &str) -> Option<Call<'_>> {
        self.call_of(self.operations.iter().find(|operation| operation.id == id)?)
    }

    /// The call of an operation of another document: by its method and path, or else by its id.
    fn same(&self, other: &Operation) -> Option<Call<'_>> {
        let shape = other.shape();
        let is_same = |one: &&Operation| one.method == other.method && one.shape() == shape;
        match self.operations.iter().find(is_same) {
            Some(operation) => self.call_of(operation),
            None => self.call(&other.id),
        }
    }

    fn call_of<'c>(&'c self, operation: &'c Operation<'a>) -> Option<Call<'c>> {
        let (method, function) = *self.methods.get(&operation.pointer)?;
        let builder = self.surface.types.get(&format!("operations::{}", function.returns))?;
        Some(Call { operation, method, builder_name: &function.returns, builder })
    }
}

/// The call of an operation: the client's method, and the builder that it returns.
struct Call<'a> {
    operation: &'a Operation<'a>,
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

    /// The names of the required parameters that aren't in the path.
    fn required(&self) -> Vec<&str> {
        let parameters = self.operation.parameters.iter();
        let required = parameters.filter(|one| one.location != "path" && is_required(one.value));
        required.map(|one| one.name.as_str()).collect()
    }

    /// The setter of the parameter with a name.
    fn setter(&self, name: &str) -> Option<&str> {
        let is_named =
            |(_, function): &(&String, &Function)| function.origin.name.as_deref() == Some(name);
        Some(self.setters().find(is_named)?.0.as_str())
    }

    /// The setters of path parameters, in the order of the path.
    fn path_setters(&self) -> Vec<&str> {
        let template = PathTemplate::parse(&self.operation.path);
        template.names().filter_map(|name| self.setter(name)).collect()
    }

    /// The call as a program has it, with the setters of path parameters and of the body. `values`
    /// are those of the path parameters.
    fn shown(&self, values: &[&str]) -> String {
        let mut text = format!("client.{}()", self.method);
        for (position, setter) in self.path_setters().into_iter().enumerate() {
            let value = values.get(position).copied().unwrap_or("…");
            let _ = write!(text, ".{setter}({value})");
        }
        if let Some(body) = self.body() {
            let _ = write!(text, ".body({})", short(body));
        }
        text
    }

    /// This call and another one in its place, with the same values: by the names of parameters if
    /// these are the same, by their places otherwise.
    fn replaced_by(&self, other: &Call, surfaces: (&Surface, &Surface)) -> Move {
        let (before, after) = (self.path_setters(), other.path_setters());
        let names = |setters: &[&str]| setters.iter().map(|one| (*one).to_owned()).collect();
        let (old_names, new_names): (BTreeSet<String>, BTreeSet<String>) =
            (names(&before), names(&after));
        let values = if old_names == new_names { &after } else { &before };
        Move {
            before: self.shown(&before),
            after: other.shown(values),
            differences: self.differences(other, surfaces),
        }
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
        let known = self.required();
        let needed = other.required().into_iter().filter(|name| !known.contains(name));
        for setter in needed.filter_map(|name| other.setter(name)) {
            differences.push(format!("`{setter}` is required"));
        }
        match (self.body(), other.body()) {
            (Some(before), Some(after)) => {
                differences.extend(fields::describe("body", (old, before), (new, after)));
            }
            _ => {
                let body = |call: &Call| {
                    let (_, setter) = call.setters().find(|(name, _)| *name == "body")?;
                    Some(phrases::argument(setter).to_owned())
                };
                match (body(self), body(other)) {
                    (Some(before), Some(after)) if before != after => {
                        differences.push(format!("`body` takes `{after}` instead of `{before}`"));
                    }
                    (None, Some(after)) => differences.push(format!("`body` takes `{after}`")),
                    (Some(_), None) => differences.push("without `body`".to_owned()),
                    _ => {}
                }
            }
        }
        match (self.response(), other.response()) {
            (Some(before), Some(after)) => {
                if before != after {
                    differences.push(format!("returns `{}`", short(after)));
                }
                differences.extend(fields::describe("response", (old, before), (new, after)));
            }
            (None, Some(after)) => differences.push(format!("returns `{}`", short(after))),
            (_, None) => {
                let returned = |call: &Call| {
                    let send = call.builder.functions.get("send");
                    send.and_then(|send| phrases::returned(&send.returns)).unwrap_or_default()
                };
                let (before, after) = (returned(self), returned(other));
                if before != after {
                    differences.push(format!("returns `{after}` instead of `{before}`"));
                }
            }
        }
        differences
    }
}
