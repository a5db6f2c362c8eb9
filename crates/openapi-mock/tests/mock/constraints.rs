//! Every constraint of every request schema is broken once, and the answer names it.

use std::collections::{BTreeMap, BTreeSet};

use openapi_mock::{Api, Fill, MockApi, Node, Operation};
use serde_json::{Value, json};

use crate::{
    instances::fixture,
    request::{Said, send, valid},
};

/// A constraint: the schema, the keyword, and for `required` the name.
type Constraint = (String, String);

/// The constraints of the schemas that a schema leads to.
fn declared(api: &Api, schema: &str, found: &mut BTreeSet<Constraint>) {
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<Node<'_>> = api.document().at(schema).into_iter().collect();
    while let Some(at) = waiting.pop() {
        if !seen.insert(at.pointer.clone()) || !at.value.is_object() {
            continue;
        }
        for keyword in keywords(&at) {
            found.insert((at.pointer.clone(), keyword));
        }
        waiting.extend(at.text("$ref").and_then(|reference| api.document().target(reference)));
        for list in ["allOf", "oneOf", "anyOf"] {
            waiting.extend(at.get(list).iter().flat_map(Node::items));
        }
        waiting.extend(at.get("properties").iter().flat_map(Node::members).map(|(_, at)| at));
        waiting.extend(at.get("items").into_iter().chain(at.get("additionalProperties")));
    }
}

/// The schemas below unions without a discriminator.
fn untold(api: &Api) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![api.document().node()];
    while let Some(at) = waiting.pop() {
        if at.get("discriminator").is_none() {
            let members: Vec<_> = at.get("anyOf").iter().flat_map(Node::items).collect();
            for member in members.iter().filter(|member| member.text("type") != Some("null")) {
                let mut below = BTreeSet::new();
                declared(api, &member.pointer, &mut below);
                found.extend(below.into_iter().map(|(schema, _)| schema));
            }
        }
        waiting.extend(at.members().map(|(_, at)| at));
        waiting.extend(at.items());
    }
    found
}

/// The constraints that one schema states itself.
fn keywords(at: &Node<'_>) -> Vec<String> {
    let known = [
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
    let mut found: Vec<String> = known
        .iter()
        .filter(|keyword| at.value.get(keyword).is_some())
        .map(|keyword| (*keyword).to_owned())
        .collect();
    // Binary content isn't text of a certain form.
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

/// Values that break a keyword, where `valid` stands.
fn broken(at: &Node<'_>, keyword: &str, valid: &Value) -> Vec<Value> {
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
            let tag = at.value["discriminator"]["propertyName"].as_str().unwrap_or_default();
            let mut wrong = valid.clone();
            wrong[tag] = json!("no_such_tag");
            vec![wrong]
        }
        "additionalProperties" => {
            let mut more = valid.clone();
            more["noSuchMember"] = json!(1);
            vec![more]
        }
        _ => Vec::new(),
    }
}

/// Breaks what the trace of a value touches; each constraint once.
struct Breaker<'a> {
    mock: &'a MockApi,
    tried: BTreeMap<Constraint, bool>,
    requests: usize,
    /// Schemas below unions whose members nothing tells apart.
    untold: BTreeSet<String>,
}

impl Breaker<'_> {
    async fn value(
        &mut self,
        operation: &Operation,
        said: &Said,
        (value, trace): (&Value, &[(String, String)]),
        put: impl Fn(&mut Said, Value),
    ) {
        for (place, owner) in trace {
            let api = self.mock.api();
            let at = api.document().at(owner).expect("a schema");
            let here = value.pointer(place).cloned().unwrap_or_default();
            for keyword in keywords(&at) {
                let constraint = (owner.clone(), keyword.clone());
                if self.tried.get(&constraint) == Some(&true) {
                    continue;
                }
                for bad in broken(&at, &keyword, &here) {
                    let mut changed = value.clone();
                    *changed.pointer_mut(place).expect("the place") = bad.clone();
                    let mut said = said.clone();
                    put(&mut said, changed.clone());
                    let heard = send(self.mock, operation, &said).await;
                    self.requests += 1;
                    let violations = &heard.exchange.violations;
                    let word = keyword.split(' ').next().unwrap_or_default();
                    let (parent, property) = place.rsplit_once('/').unwrap_or_default();
                    let named = violations.iter().any(|violation| {
                        let same = violation.pointer == *place
                            && (violation.keyword == word
                                || word == "format" && violation.keyword.ends_with("imum"));
                        // What breaks a tag is said of its union.
                        let tag = violation.pointer == parent
                            && violation.keyword == "discriminator"
                            && violation.message.contains(property);
                        (same || tag) && heard.said().contains(&violation.message)
                    });
                    let refused = heard.status == 400 || heard.status == 422;
                    // Where nothing tells the members of a union apart, another one may be meant.
                    let another = self.untold.contains(owner) && refused != violations.is_empty();
                    if named && refused || another {
                        self.tried.insert(constraint.clone(), true);
                        break;
                    }
                    self.tried.entry(constraint.clone()).or_insert(false);
                }
            }
        }
    }
}

#[tokio::test]
async fn every_constraint_of_a_request_is_named_when_it_is_broken() {
    let mock = MockApi::start(fixture("1.8.7")).expect("a server");
    let mut all = BTreeSet::new();
    let untold = untold(mock.api());
    let mut breaker = Breaker { mock: &mock, tried: BTreeMap::new(), requests: 0, untold };
    for operation in mock.api().operations() {
        for seed in 0..12 {
            let said = valid(mock.api(), operation, seed);
            for parameter in &operation.parameters {
                let key = (parameter.location, parameter.name.clone());
                let value = &said.parameters[&key];
                let mut own = BTreeSet::new();
                declared(mock.api(), &parameter.schema, &mut own);
                // Text is all that a parameter is made of: any value has that type, and nothing
                // can be told from it but by its form.
                own.retain(|(schema, keyword)| {
                    let at = mock.api().document().at(schema).expect("a schema");
                    let types = ["integer", "number", "boolean"];
                    keyword != "type" || at.text("type").is_some_and(|name| types.contains(&name))
                });
                let trace: Vec<_> = own.iter().map(|(owner, _)| owner.clone()).collect();
                let items = value.is_array();
                let trace: Vec<_> = trace
                    .into_iter()
                    .map(|owner| {
                        let inner = items && owner != parameter.schema;
                        (if inner { "/0".to_owned() } else { String::new() }, owner)
                    })
                    .collect();
                all.extend(own);
                breaker
                    .value(operation, &said, (value, &trace), |said, value| {
                        said.parameters.insert(key.clone(), value);
                    })
                    .await;
            }
            let Some(body) = &operation.body else { continue };
            let content = &body.content[0];
            let Some(schema) = content.schema.as_deref() else { continue };
            if content.media_type != "application/json" {
                continue;
            }
            declared(mock.api(), schema, &mut all);
            let instance = mock.api().instances().traced(schema, seed, Fill::Full);
            let instance = instance.expect("an instance");
            breaker
                .value(operation, &said, (&instance.value, &instance.trace), |said, body| {
                    said.body = Some(body);
                })
                .await;
        }
    }
    let missed: Vec<_> = all
        .iter()
        .filter(|constraint| breaker.tried.get(*constraint) != Some(&true))
        .map(|(schema, keyword)| format!("#{schema}: {keyword}"))
        .collect();
    println!("{} constraints, {} requests that break one", all.len(), breaker.requests);
    assert!(missed.is_empty(), "{} constraints:\n{}", missed.len(), missed.join("\n"));
}
