//! What passes of the lowering guarantee to those behind them.

/// Something that holds of the document from one pass on, as long as a later one needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guarantee {
    /// Every reference is to a component schema that is there; there are no other components.
    SchemaReferences,
    /// Schemas are those of OpenAPI 3.0: objects, of one type or none, without `const`.
    Dialect30,
    /// Path items hold operations only; each has an id of its own and all of its parameters.
    PlainOperations,
    /// A schema has one of `oneOf`, `anyOf` and `allOf` at the most.
    LoneUnions,
    /// No component is another one under another name.
    NoAliases,
    /// Every component is reached from an operation.
    Reached,
    /// The properties of an object have Rust names that differ.
    FieldNames,
    /// Components are named as their Rust types, and each type is noted with its place.
    RustNames,
    /// Every schema that becomes a Rust type is a component.
    Hoisted,
    /// Operations have what the core is told, and nothing else.
    CoreOperations,
}

#[cfg(test)]
pub(super) use self::checks::holds;

#[cfg(test)]
mod checks {
    use std::collections::HashSet;

    use openapi_document::{METHODS, reference, walk, walk::Kind};
    use serde_json::Value;

    use super::{
        super::{hoist::needs_name, names::value_name, passes::State, prune},
        Guarantee,
    };

    /// `Err` says where a guarantee is broken, and how.
    pub(in super::super) fn holds(guarantee: Guarantee, state: &State<'_>) -> Result<(), String> {
        let root = &state.root;
        match guarantee {
            Guarantee::SchemaReferences => schema_references(root),
            Guarantee::Dialect30 => each_schema(root, dialect_30),
            Guarantee::PlainOperations => plain_operations(root),
            Guarantee::LoneUnions => each_schema(root, |schema| {
                let unions = ["oneOf", "anyOf", "allOf"];
                let count = unions.iter().filter(|key| schema.get(**key).is_some()).count();
                if count > 1 { Err("several unions in one schema".to_owned()) } else { Ok(()) }
            }),
            Guarantee::NoAliases => no_aliases(root),
            Guarantee::Reached => {
                let mut pruned = root.clone();
                prune::unreachable(&mut pruned);
                let count = |root: &Value| components(root).count();
                if count(&pruned) == count(root) {
                    Ok(())
                } else {
                    Err("a component that no operation reaches".to_owned())
                }
            }
            Guarantee::FieldNames => each_schema(root, |schema| {
                let properties = schema.get("properties").and_then(Value::as_object);
                let mut names = HashSet::new();
                let mut properties = properties.into_iter().flatten();
                match properties.find(|(name, _)| !names.insert(value_name(name))) {
                    Some((name, _)) => Err(format!("`{name}` has the name of another property")),
                    None => Ok(()),
                }
            }),
            Guarantee::RustNames => {
                let known: HashSet<&str> =
                    state.model.types.iter().map(|one| one.rust.as_str()).collect();
                match components(root).find(|(name, _)| !known.contains(name.as_str())) {
                    Some((name, _)) => Err(format!("`{name}` is no type that was noted")),
                    None => Ok(()),
                }
            }
            Guarantee::Hoisted => hoisted(root),
            Guarantee::CoreOperations => core_operations(root),
        }
    }

    fn components(root: &Value) -> impl Iterator<Item = (&String, &Value)> {
        root.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten()
    }

    fn each_schema(
        root: &Value,
        check: impl Fn(&Value) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut result = Ok(());
        walk::nodes(root, &mut |kind, schema, at| {
            if kind == Kind::Schema && result.is_ok() {
                result = check(schema).map_err(|why| format!("{}: {why}", at.pointer()));
            }
        });
        result
    }

    fn schema_references(root: &Value) -> Result<(), String> {
        let mut result = Ok(());
        walk::nodes(root, &mut |kind, value, at| {
            let Some(reference) = value.get("$ref").filter(|_| kind.is_referable()) else { return };
            let name = reference::target(value);
            let leads =
                name.is_some_and(|name| components(root).any(|(component, _)| *component == name));
            if !(kind == Kind::Schema && leads) {
                result = Err(format!("{}: {reference}", at.pointer()));
            }
        });
        result
    }

    fn dialect_30(schema: &Value) -> Result<(), String> {
        let Value::Object(map) = schema else { return Err(format!("{schema} is no object")) };
        match map.get("type") {
            None | Some(Value::String(_)) => {}
            Some(other) => return Err(format!("type: {other}")),
        }
        let newer = ["const", "prefixItems", "unevaluatedProperties", "$defs"];
        match newer.iter().find(|key| map.contains_key(**key)) {
            Some(key) => Err(format!("`{key}`")),
            None => Ok(()),
        }
    }

    fn plain_operations(root: &Value) -> Result<(), String> {
        let mut ids = HashSet::new();
        for (path, item) in root["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if !METHODS.contains(&method.as_str()) {
                    return Err(format!("{path} has `{method}`"));
                }
                if !operation["operationId"].as_str().is_some_and(|id| ids.insert(value_name(id))) {
                    return Err(format!("{method} {path} has no id of its own"));
                }
                if !operation["parameters"].is_array() {
                    return Err(format!("{method} {path} has no parameters"));
                }
            }
        }
        Ok(())
    }

    fn no_aliases(root: &Value) -> Result<(), String> {
        match components(root).find(|(_, schema)| schema.get("$ref").is_some()) {
            Some((name, _)) => Err(format!("`{name}` is another component")),
            None => Ok(()),
        }
    }

    fn hoisted(root: &Value) -> Result<(), String> {
        let mut result = Ok(());
        walk::nodes(root, &mut |kind, schema, at| {
            let at = at.pointer();
            let is_component =
                at.segments().len() == 3 && at.segments()[..2] == ["components", "schemas"];
            // The form of a multipart body is no type: each part has a setter.
            let is_form = at.segments().iter().any(|segment| segment == "multipart/form-data")
                && at.segments().last().is_some_and(|last| last == "schema");
            let inline = schema.as_object().is_some_and(needs_name);
            if kind == Kind::Schema && inline && !is_component && !is_form && result.is_ok() {
                result = Err(format!("{at}: an inline schema that becomes a type"));
            }
        });
        result
    }

    fn core_operations(root: &Value) -> Result<(), String> {
        let known = ["operationId", "parameters", "requestBody", "responses"];
        for (path, item) in root["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let keys = operation.as_object().into_iter().flatten().map(|(key, _)| key);
                if let Some(key) = keys.into_iter().find(|key| !known.contains(&key.as_str())) {
                    return Err(format!("{method} {path} has `{key}`"));
                }
            }
        }
        Ok(())
    }
}
