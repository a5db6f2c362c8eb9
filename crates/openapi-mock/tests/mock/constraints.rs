//! Violations of every constraint in request schemas, each of which the response reports.

use std::collections::{BTreeMap, BTreeSet};

use openapi_mock::{Api, Fill, MockServer, Node, Operation};
use serde_json::{Value, json};

use crate::{
    instances::fixture,
    request::{RequestValues, send, valid},
};

/// The pointer of a schema and a keyword of it, which for `required` is followed by the name.
type Constraint = (String, String);

/// Adds the constraints of a schema and of its subschemas.
fn collect_constraints(api: &Api, schema: &str, constraints: &mut BTreeSet<Constraint>) {
    let mut visited = BTreeSet::new();
    let mut pending: Vec<Node<'_>> = api.document().node_at(schema).into_iter().collect();
    while let Some(at) = pending.pop() {
        if !visited.insert(at.pointer.clone()) || !at.value.is_object() {
            continue;
        }
        for keyword in keywords(&at) {
            constraints.insert((at.pointer.clone(), keyword));
        }
        pending.extend(at.text("$ref").and_then(|reference| api.document().target(reference)));
        for list in ["allOf", "oneOf", "anyOf"] {
            pending.extend(at.get(list).iter().flat_map(Node::items));
        }
        pending.extend(at.get("properties").iter().flat_map(Node::members).map(|(_, at)| at));
        pending.extend(at.get("items").into_iter().chain(at.get("additionalProperties")));
    }
}

/// Returns the schemas below `anyOf` without a discriminator.
fn untagged_schemas(api: &Api) -> BTreeSet<String> {
    let mut schemas = BTreeSet::new();
    let mut pending = vec![api.document().node()];
    while let Some(at) = pending.pop() {
        if at.get("discriminator").is_none() {
            let variants: Vec<_> = at.get("anyOf").iter().flat_map(Node::items).collect();
            for variant in variants.iter().filter(|variant| variant.text("type") != Some("null")) {
                let mut constraints = BTreeSet::new();
                collect_constraints(api, &variant.pointer, &mut constraints);
                schemas.extend(constraints.into_iter().map(|(schema, _)| schema));
            }
        }
        pending.extend(at.members().map(|(_, at)| at));
        pending.extend(at.items());
    }
    schemas
}

/// Returns the constraining keywords of one schema.
fn keywords(at: &Node<'_>) -> Vec<String> {
    let constraining = [
        "type",
        "enum",
        "const",
        "pattern",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
        "uniqueItems",
        "discriminator",
    ];
    let mut found: Vec<String> = constraining
        .iter()
        .filter(|keyword| at.value.get(keyword).is_some())
        .map(|keyword| (*keyword).to_owned())
        .collect();
    // These formats don't constrain the value.
    if at.text("format").is_some_and(|format| format != "binary" && format != "password") {
        found.push("format".to_owned());
    }
    if at.value.get("additionalProperties") == Some(&json!(false)) {
        found.push("additionalProperties".to_owned());
    }
    let required = at.get("required");
    let names = required.iter().flat_map(Node::items).filter_map(|name| name.value.as_str());
    found.extend(names.map(|name| format!("required {name}")));
    found
}

/// Returns values that violate a keyword, derived from a valid value.
fn invalid_values(at: &Node<'_>, keyword: &str, valid: &Value) -> Vec<Value> {
    let number = |name: &str| at.value.get(name).and_then(Value::as_f64).unwrap_or_default();
    if let Some(name) = keyword.strip_prefix("required ") {
        let mut without = valid.clone();
        let removed = without.as_object_mut().and_then(|map| map.shift_remove(name));
        return removed.map(|_| without).into_iter().collect();
    }
    match keyword {
        "type" => {
            vec![Value::Null, json!(true), json!(1.5), json!("text"), json!([]), json!({})]
        }
        "enum" | "const" => vec![json!("not listed"), json!(-77)],
        "pattern" => ["", "!", "/", " ", "ä/..//", "a:b::c"].map(Value::from).to_vec(),
        "minLength" => vec!["x".repeat((number("minLength") as usize).saturating_sub(1)).into()],
        "maxLength" => vec!["x".repeat(number("maxLength") as usize + 1).into()],
        "minimum" => vec![json!(number("minimum") as i64 - 1)],
        "maximum" => vec![json!(number("maximum") as i64 + 1)],
        "exclusiveMinimum" => vec![json!(number("exclusiveMinimum"))],
        "exclusiveMaximum" => vec![json!(number("exclusiveMaximum"))],
        "multipleOf" => vec![json!(number("multipleOf") * 1.5)],
        "minItems" => vec![json!([])],
        "maxItems" => {
            let item = valid.get(0).cloned().unwrap_or_default();
            vec![vec![item; number("maxItems") as usize + 1].into()]
        }
        "uniqueItems" => {
            let item = valid.get(0).cloned().unwrap_or_default();
            vec![json!([item, item])]
        }
        "format" => {
            vec![json!("not of this format"), json!(1e19 as u64), json!(i64::from(i32::MAX) + 1)]
        }
        "discriminator" => {
            let property = at.value["discriminator"]["propertyName"].as_str().unwrap_or_default();
            let mut invalid = valid.clone();
            invalid[property] = json!("no_such_tag");
            vec![invalid]
        }
        "additionalProperties" => {
            let mut invalid = valid.clone();
            invalid["noSuchProperty"] = json!(1);
            vec![invalid]
        }
        _ => Vec::new(),
    }
}

/// Sends requests that each violate one constraint, until the mock has reported every constraint.
struct ConstraintTester<'a> {
    mock: &'a MockServer,
    /// The constraints, each with whether a violation was reported.
    reported: BTreeMap<Constraint, bool>,
    requests: usize,
    /// The schemas below unions without a discriminator.
    untagged: BTreeSet<String>,
}

impl ConstraintTester<'_> {
    /// Violates the constraints of the schemas in the trace of a value; `set` puts the invalid
    /// value into the request.
    async fn violate(
        &mut self,
        operation: &Operation,
        values: &RequestValues,
        (value, trace): (&Value, &[(String, String)]),
        set: impl Fn(&mut RequestValues, Value),
    ) {
        for (pointer, schema) in trace {
            let api = self.mock.api();
            let at = api.document().node_at(schema).expect("a schema");
            let valid = value.pointer(pointer).cloned().unwrap_or_default();
            for keyword in keywords(&at) {
                let constraint = (schema.clone(), keyword.clone());
                if self.reported.get(&constraint) == Some(&true) {
                    continue;
                }
                for invalid in invalid_values(&at, &keyword, &valid) {
                    let mut changed = value.clone();
                    *changed.pointer_mut(pointer).expect("a value") = invalid;
                    let mut values = values.clone();
                    set(&mut values, changed);
                    let response = send(self.mock, operation, &values).await;
                    self.requests += 1;
                    let violations = &response.exchange.violations;
                    let keyword = keyword.split(' ').next().unwrap_or_default();
                    let (parent, property) = pointer.rsplit_once('/').unwrap_or_default();
                    let reported = violations.iter().any(|violation| {
                        let own = violation.pointer == *pointer
                            && (violation.keyword == keyword
                                || keyword == "format" && violation.keyword.ends_with("imum"));
                        // A wrong discriminator value is a violation of the union.
                        let discriminator = violation.pointer == parent
                            && violation.keyword == "discriminator"
                            && violation.message.contains(property);
                        (own || discriminator) && response.message().contains(&violation.message)
                    });
                    let rejected = response.status == 400 || response.status == 422;
                    // Without a discriminator, the value may be valid as another variant, or the
                    // violations may be those of another variant.
                    let ambiguous =
                        self.untagged.contains(schema) && rejected != violations.is_empty();
                    if reported && rejected || ambiguous {
                        self.reported.insert(constraint.clone(), true);
                        break;
                    }
                    self.reported.entry(constraint.clone()).or_insert(false);
                }
            }
        }
    }
}

#[tokio::test]
async fn every_violated_constraint_of_a_request_is_reported() {
    let mock = MockServer::start(fixture("1.8.7")).expect("a server");
    let mut all = BTreeSet::new();
    let untagged = untagged_schemas(mock.api());
    let mut tester =
        ConstraintTester { mock: &mock, reported: BTreeMap::new(), requests: 0, untagged };
    for operation in mock.api().operations() {
        for seed in 0..12 {
            let values = valid(mock.api(), operation, seed);
            for parameter in &operation.parameters {
                let key = (parameter.location, parameter.name.clone());
                let value = &values.parameters[&key];
                let mut own = BTreeSet::new();
                collect_constraints(mock.api(), &parameter.schema, &mut own);
                // Parameters are sent as text: only these types can be violated.
                own.retain(|(schema, keyword)| {
                    let at = mock.api().document().node_at(schema).expect("a schema");
                    let types = ["integer", "number", "boolean"];
                    keyword != "type" || at.text("type").is_some_and(|name| types.contains(&name))
                });
                let trace: Vec<_> = own
                    .iter()
                    .map(|(schema, _)| {
                        let is_item = value.is_array() && *schema != parameter.schema;
                        (if is_item { "/0".to_owned() } else { String::new() }, schema.clone())
                    })
                    .collect();
                all.extend(own);
                tester
                    .violate(operation, &values, (value, &trace), |values, value| {
                        values.parameters.insert(key.clone(), value);
                    })
                    .await;
            }
            let Some(body) = &operation.body else { continue };
            let content = &body.content[0];
            let Some(schema) = content.schema.as_deref() else { continue };
            if content.media_type != "application/json" {
                continue;
            }
            collect_constraints(mock.api(), schema, &mut all);
            let instance = mock.api().instances().generate_traced(schema, seed, Fill::Full);
            let instance = instance.expect("an instance");
            tester
                .violate(operation, &values, (&instance.value, &instance.trace), |values, body| {
                    values.body = Some(body);
                })
                .await;
        }
    }
    let missed: Vec<_> = all
        .iter()
        .filter(|constraint| tester.reported.get(*constraint) != Some(&true))
        .map(|(schema, keyword)| format!("#{schema}: {keyword}"))
        .collect();
    println!("{} constraints, {} requests that violate one", all.len(), tester.requests);
    assert!(missed.is_empty(), "{} constraints:\n{}", missed.len(), missed.join("\n"));
}
