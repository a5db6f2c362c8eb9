//! Properties of the document that passes of the lowering guarantee to later passes.

/// A property of the document that holds from one pass until the last pass that requires it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guarantee {
    /// Every reference leads to an existing component schema; there are no other components.
    SchemaReferences,
    /// Schemas conform to OpenAPI 3.0: objects with at most one type, without `const`.
    Dialect30,
    /// Path items have operations only; each has a unique id and all of its parameters.
    NormalizedOperations,
    /// A union has no other keywords that describe its type, and `allOf` is an annotated reference.
    Composed,
    /// No component is only a reference to another one.
    NoAliases,
    /// No component includes itself by `allOf`, nor others in a chain of unbounded length.
    BoundedInclusions,
    /// Every component is reachable from an operation.
    AllReachable,
    /// Components have the names of their Rust types, and the model lists each type.
    RustNames,
    /// Every schema that becomes a Rust type is a component.
    Hoisted,
    /// Operations have only what progenitor generates code from.
    CoreOperations,
}

#[cfg(test)]
pub(super) use self::checks::verify;

#[cfg(test)]
mod checks {
    use std::collections::HashSet;

    use openapi_document::{METHODS, media_type::essence, reference, walk, walk::Kind};
    use serde_json::Value;

    use super::{
        super::{
            diagnostics::Diagnostics, hoist::needs_name, inclusions, names::value_name,
            passes::PassState, prune, wrapper::is_wrapper,
        },
        Guarantee,
    };

    /// Verifies a guarantee; `Err` describes where and how it is broken.
    pub(in super::super) fn verify(
        guarantee: Guarantee,
        state: &PassState<'_>,
    ) -> Result<(), String> {
        let root = &state.root;
        match guarantee {
            Guarantee::SchemaReferences => check_schema_references(root),
            Guarantee::Dialect30 => check_each_schema(root, check_dialect_30),
            Guarantee::NormalizedOperations => check_normalized_operations(root),
            Guarantee::Composed => check_composed(root),
            Guarantee::NoAliases => check_no_aliases(root),
            Guarantee::BoundedInclusions => {
                let mut diagnostics = Diagnostics::default();
                inclusions::check(&mut root.clone(), &mut diagnostics);
                match diagnostics.refusals.first() {
                    Some(refusal) => Err(refusal.to_string()),
                    None => Ok(()),
                }
            }
            Guarantee::AllReachable => {
                let mut pruned = root.clone();
                prune::remove_unreachable(&mut pruned);
                let count = |root: &Value| components(root).count();
                if count(&pruned) == count(root) {
                    Ok(())
                } else {
                    Err("an unreachable component".to_owned())
                }
            }
            Guarantee::RustNames => {
                let known: HashSet<&str> =
                    state.model.types.iter().map(|one| one.rust.as_str()).collect();
                match components(root).find(|(name, _)| !known.contains(name.as_str())) {
                    Some((name, _)) => Err(format!("the model has no type `{name}`")),
                    None => Ok(()),
                }
            }
            Guarantee::Hoisted => check_hoisted(root),
            Guarantee::CoreOperations => check_core_operations(root),
        }
    }

    /// The schemas in `components`.
    fn components(root: &Value) -> impl Iterator<Item = (&String, &Value)> {
        root.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten()
    }

    /// Checks every schema; `Err` is the first failure with its pointer.
    fn check_each_schema(
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

    /// Checks that each `$ref` stands in a schema and names an existing component; `Err` is the
    /// first that doesn't.
    fn check_schema_references(root: &Value) -> Result<(), String> {
        let mut result = Ok(());
        walk::nodes(root, &mut |kind, value, at| {
            let Some(reference) = value.get("$ref").filter(|_| kind.is_referable()) else { return };
            let name = reference::target(value);
            let exists =
                name.is_some_and(|name| components(root).any(|(component, _)| *component == name));
            if !(kind == Kind::Schema && exists) && result.is_ok() {
                result = Err(format!("{}: {reference}", at.pointer()));
            }
        });
        result
    }

    /// Checks that a schema has no keyword or form that OpenAPI 3.0 doesn't have.
    fn check_dialect_30(schema: &Value) -> Result<(), String> {
        let Value::Object(map) = schema else { return Err(format!("{schema} is not an object")) };
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

    fn check_composed(root: &Value) -> Result<(), String> {
        let keywords = ["oneOf", "anyOf", "allOf", "type", "properties", "enum", "items"];
        check_each_schema(root, |schema| {
            let Value::Object(map) = schema else { return Ok(()) };
            let found: Vec<_> = keywords.iter().filter(|key| map.contains_key(**key)).collect();
            match found.as_slice() {
                [first, _, ..] if ["oneOf", "anyOf", "allOf"].contains(*first) => {
                    Err(format!("{found:?} in one schema"))
                }
                [only] if **only == "allOf" && !is_wrapper(map) => {
                    Err("`allOf` of several schemas".to_owned())
                }
                _ => Ok(()),
            }
        })
    }

    fn check_normalized_operations(root: &Value) -> Result<(), String> {
        let mut ids = HashSet::new();
        for (path, item) in root["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if !METHODS.contains(&method.as_str()) {
                    return Err(format!("{path} has `{method}`"));
                }
                if !operation["operationId"].as_str().is_some_and(|id| ids.insert(value_name(id))) {
                    return Err(format!("{method} {path} has no unique id"));
                }
                if !operation["parameters"].is_array() {
                    return Err(format!("{method} {path} has no parameters"));
                }
            }
        }
        Ok(())
    }

    fn check_no_aliases(root: &Value) -> Result<(), String> {
        match components(root).find(|(_, schema)| schema.get("$ref").is_some()) {
            Some((name, _)) => Err(format!("`{name}` is only a reference")),
            None => Ok(()),
        }
    }

    fn check_hoisted(root: &Value) -> Result<(), String> {
        let mut result = Ok(());
        walk::nodes(root, &mut |kind, schema, at| {
            let at = at.pointer();
            let is_component =
                at.segments().len() == 3 && at.segments()[..2] == ["components", "schemas"];
            // The form of a multipart body is not a type: each part has a setter.
            let is_form = at.segments().iter().any(|one| essence(one) == "multipart/form-data")
                && at.segments().last().is_some_and(|last| last == "schema");
            let inline = schema.as_object().is_some_and(needs_name);
            if kind == Kind::Schema && inline && !is_component && !is_form && result.is_ok() {
                result = Err(format!("{at}: an inline schema of a named type"));
            }
        });
        result
    }

    fn check_core_operations(root: &Value) -> Result<(), String> {
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
