//! The places in the document that items stand for.

use std::collections::HashMap;

use openapi_document::Pointer;

use super::items::Origin;
use crate::ir::{ClientModel, Operation, TypeIndex};

/// The places by items.
pub(super) struct Origins<'a> {
    /// By the paths of types.
    types: HashMap<String, Pointer>,
    /// The names in the document by the path of the type and the name of the member or function.
    members: HashMap<(String, String), String>,
    /// By the names of the client's methods.
    methods: HashMap<&'a str, &'a Pointer>,
}

impl<'a> Origins<'a> {
    pub(super) fn new(model: &'a ClientModel) -> Self {
        let mut origins =
            Self { types: HashMap::new(), members: HashMap::new(), methods: HashMap::new() };
        let index = TypeIndex::new(&model.types);
        let enums = model.enums.iter().map(|one| &one.rust);
        for rust in enums.chain(model.structures()) {
            origins.types.insert(format!("types::{rust}"), index.pointer(rust));
        }
        for object in &model.objects {
            for field in &object.fields {
                for name in [&field.rust_name, &field.setter, &field.null_setter] {
                    origins.add(&object.rust, name, &field.name);
                }
            }
        }
        for one in &model.enums {
            for variant in &one.variants {
                origins.add(&one.rust, &variant.rust_name, &variant.identity());
            }
        }
        for union in &model.tagged_unions {
            for variant in &union.variants {
                origins.add(&union.rust, &variant.rust_name, &variant.value);
            }
        }
        for union in &model.received {
            let path = format!("webhooks::{}", union.kind.rust_name());
            let places = || union.variants.iter().map(|variant| variant.pointer.clone());
            // Those of paths and components have nothing in common.
            let common = places().reduce(common_part).filter(|one| !one.segments().is_empty());
            let place = common.or_else(|| places().next()).unwrap_or_default();
            origins.types.insert(path.clone(), place);
            for variant in &union.variants {
                // A variant has a place of its own.
                let place = format!("{path}::{}", variant.rust_name);
                origins.types.insert(place, variant.pointer.clone());
                let name = variant.name.clone();
                origins.members.insert((path.clone(), variant.rust_name.clone()), name);
            }
        }
        for operation in &model.operations {
            origins.add_operation(operation);
        }
        origins
    }

    fn add(&mut self, rust: &str, member: &str, name: &str) {
        self.members.insert((format!("types::{rust}"), member.to_owned()), name.to_owned());
    }

    fn add_operation(&mut self, operation: &'a Operation) {
        let path = format!("operations::{}", operation.builder);
        self.types.insert(path.clone(), operation.pointer.clone());
        self.methods.insert(&operation.function, &operation.pointer);
        let parameters = operation.parameters.iter().map(|one| (&one.rust_name, &one.name));
        let parts = operation.body.iter().flat_map(|body| body.parts());
        let parts = parts.map(|part| (&part.rust_name, &part.name));
        for (setter, name) in parameters.chain(parts) {
            self.members.insert((path.clone(), setter.clone()), name.clone());
        }
    }

    /// The place of a type. That of the type of a response, which has none of its own, is that of
    /// the operation whose name it begins with.
    pub(super) fn of_type(&self, path: &str) -> Origin {
        let mut name = path;
        while !name.is_empty() {
            if let Some(pointer) = self.types.get(name) {
                return Origin { pointer: pointer.clone(), name: None };
            }
            name = &name[..name.len() - name.chars().next_back().map_or(0, char::len_utf8)];
        }
        Origin::default()
    }

    /// The place of a field, a variant or a function of a type.
    pub(super) fn of_member(&self, path: &str, member: &str) -> Origin {
        let name = self.members.get(&(path.to_owned(), member.to_owned())).cloned();
        match self.types.get(&format!("{path}::{member}")) {
            Some(pointer) => Origin { pointer: pointer.clone(), name },
            None => Origin { name, ..self.of_type(path) },
        }
    }

    /// The place of a method of the client.
    pub(super) fn of_method(&self, name: &str) -> Origin {
        let pointer = self.methods.get(name).map(|pointer| (*pointer).clone());
        Origin { pointer: pointer.unwrap_or_default(), name: None }
    }
}

/// The part that two pointers have in common.
fn common_part(one: Pointer, other: Pointer) -> Pointer {
    let pairs = one.segments().iter().zip(other.segments());
    Pointer::from_segments(pairs.take_while(|(one, other)| one == other).map(|(one, _)| one))
}
