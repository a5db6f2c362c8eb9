//! Rules of Path Item Objects that hold before an operation of them can be read.

use serde_json::Value;

use crate::{
    method::{ADDITIONAL, Method, additional_error},
    pointer::Pointer,
    refusal::Refusal,
};

/// The limit on a chain of references.
const MAX_CHAIN: usize = 32;

/// Finds methods in `additionalOperations` that may not be there, and `querystring` parameters that
/// are beside others of the query or have no `content` (OpenAPI 3.2).
pub(crate) fn check(root: &Value) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for map in [&["paths"][..], &["components", "pathItems"], &["webhooks"]] {
        let at = Pointer::from_segments(map.iter().copied());
        let items = at.resolve(root).and_then(Value::as_object).into_iter().flatten();
        for (name, item) in items.filter(|(name, _)| !name.starts_with("x-")) {
            check_item(root, item, &at.join(name), &mut refusals);
        }
    }
    refusals
}

fn check_item(root: &Value, item: &Value, at: &Pointer, refusals: &mut Vec<Refusal>) {
    let Value::Object(map) = item else { return };
    match map.get(ADDITIONAL) {
        Some(Value::Object(operations)) => {
            for key in operations.keys() {
                if let Some(reason) = additional_error(key) {
                    let at = at.join(ADDITIONAL).join(key);
                    refusals.push(Refusal::new(at, format!("method {key}"), reason));
                }
            }
        }
        None => {}
        Some(_) => refusals.push(Refusal::new(
            at.join(ADDITIONAL),
            ADDITIONAL,
            "expected an object of operations by method",
        )),
    }
    let shared = query_parameters(root, item, at);
    check_query(shared.clone(), refusals);
    for (method, operation) in Method::operations(map) {
        let own = query_parameters(root, operation, &method.pointer(at));
        if !own.is_empty() {
            check_query(shared.iter().cloned().chain(own).collect(), refusals);
        }
    }
}

/// A parameter in `query` or `querystring`.
#[derive(Clone)]
struct QueryParameter<'a> {
    at: Pointer,
    name: &'a str,
    value: &'a Value,
    is_whole: bool,
}

/// The parameters of a path item or an operation that are in the query.
fn query_parameters<'a>(
    root: &'a Value,
    owner: &'a Value,
    at: &Pointer,
) -> Vec<QueryParameter<'a>> {
    let parameters = owner.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let read = |(index, declared): (usize, &'a Value)| {
        let value = resolved(root, declared)?;
        let is_whole = match value.get("in")?.as_str()? {
            "query" => false,
            "querystring" => true,
            _ => return None,
        };
        let name = value.get("name").and_then(Value::as_str).unwrap_or_default();
        Some(QueryParameter { at: at.join("parameters").join(index), name, value, is_whole })
    };
    parameters.enumerate().filter_map(read).collect()
}

/// Checks the parameters of one query, those of the path item first.
fn check_query(parameters: Vec<QueryParameter<'_>>, refusals: &mut Vec<Refusal>) {
    let whole: Vec<_> = parameters.iter().filter(|one| one.is_whole).collect();
    let Some(last) = whole.last() else { return };
    let mut refuse = |reason: &str| {
        refusals.push(Refusal::new(last.at.clone(), "a parameter in querystring", reason));
    };
    // One of an operation overrides the path item's of the same name.
    if whole.iter().any(|one| one.name != last.name) {
        refuse("it is the whole query: an operation may have only one");
    }
    if whole.len() < parameters.len() {
        refuse("it is the whole query: there may be no parameters in query beside it");
    }
    if last.value.get("content").and_then(Value::as_object).is_none_or(|all| all.len() != 1) {
        refuse("it needs `content` with one media type");
    }
}

/// The value itself, or the final target of its reference.
fn resolved<'a>(root: &'a Value, mut value: &'a Value) -> Option<&'a Value> {
    for _ in 0..MAX_CHAIN {
        match value.get("$ref") {
            None => return Some(value),
            Some(reference) => value = Pointer::parse(reference.as_str()?)?.resolve(root)?,
        }
    }
    None
}
