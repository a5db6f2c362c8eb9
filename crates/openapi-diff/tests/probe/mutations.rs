//! Random changes of documents.

use rand::{Rng, RngExt};
use serde_json::{Map, Value, json};

/// Changes a document at a random place; `None` if the place has nothing of the kind.
pub(crate) fn mutate(document: &Value, random: &mut impl Rng) -> Option<(String, Value)> {
    let mut changed = document.clone();
    let pointer = match random.random_range(0..4) {
        0 => random_operation(&changed, random)?,
        _ => random_schema(&changed, random)?,
    };
    let target = changed.pointer_mut(&pointer)?;
    let is_operation = target.get("responses").is_some();
    let name = match is_operation {
        true => change_operation(target.as_object_mut()?, random)?,
        false => change_schema(target.as_object_mut()?, random)?,
    };
    (changed != *document).then(|| (format!("{name} {pointer}"), changed))
}

fn pick<'a>(names: impl Iterator<Item = &'a String>, random: &mut impl Rng) -> Option<String> {
    let names: Vec<&String> = names.collect();
    (!names.is_empty()).then(|| names[random.random_range(0..names.len())].clone())
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn random_operation(document: &Value, random: &mut impl Rng) -> Option<String> {
    let paths = document.get("paths")?.as_object()?;
    let path = pick(paths.keys(), random)?;
    let methods = paths[&path].as_object()?.keys().filter(|name| *name != "parameters");
    let method = pick(methods, random)?;
    Some(format!("/paths/{}/{method}", escaped(&path)))
}

fn random_schema(document: &Value, random: &mut impl Rng) -> Option<String> {
    let schemas = document.pointer("/components/schemas")?.as_object()?;
    let name = pick(schemas.keys(), random)?;
    Some(format!("/components/schemas/{}", escaped(&name)))
}

fn change_operation(
    operation: &mut Map<String, Value>,
    random: &mut impl Rng,
) -> Option<&'static str> {
    let parameter = |required: bool| json!({ "name": "probe", "in": "query", "required": required, "schema": { "type": "string" } });
    let parameters = operation.entry("parameters").or_insert(json!([])).as_array_mut()?;
    Some(match random.random_range(0..6) {
        0 => {
            operation.insert("deprecated".into(), json!(true));
            "deprecate"
        }
        1 => {
            operation.insert("operationId".into(), json!("ProbeOperation"));
            "rename"
        }
        2 => {
            parameters.push(parameter(false));
            "add a parameter"
        }
        3 => {
            parameters.push(parameter(true));
            "add a required parameter"
        }
        4 => {
            let count = parameters.len();
            let index = (count > 0).then(|| random.random_range(0..count))?;
            if parameters[index].get("in").is_none_or(|place| place == "path") {
                return None;
            }
            parameters.remove(index);
            "remove a parameter"
        }
        _ => {
            operation.insert("summary".into(), json!("Another summary"));
            "prose"
        }
    })
}

fn change_schema(schema: &mut Map<String, Value>, random: &mut impl Rng) -> Option<&'static str> {
    if let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) {
        return Some(match random.random_bool(0.5) {
            true => {
                values.push(json!("probe"));
                "add an enum value"
            }
            false => {
                values.pop();
                "remove an enum value"
            }
        });
    }
    for keyword in ["oneOf", "anyOf"] {
        if let Some(members) = schema.get_mut(keyword).and_then(Value::as_array_mut) {
            members.pop();
            return Some("remove a member");
        }
    }
    let properties = schema.get_mut("properties")?.as_object_mut()?;
    let name = pick(properties.keys(), random)?;
    let name_of_change = match random.random_range(0..7) {
        0 => {
            properties.insert("probe".into(), json!({ "type": "string" }));
            "add a property"
        }
        1 => {
            properties.remove(&name);
            if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
                required.retain(|required| *required != json!(name));
            }
            "remove a property"
        }
        2 => {
            let wrapped = json!({ "anyOf": [properties[&name].take(), { "type": "null" }] });
            properties.insert(name, wrapped);
            "allow null"
        }
        3 => {
            properties.insert(name, json!({ "type": "boolean" }));
            "change a type"
        }
        4 => {
            properties[&name]["description"] = json!("Another description.");
            "prose of a property"
        }
        5 => {
            properties[&name]["deprecated"] = json!(true);
            "deprecate a property"
        }
        _ => {
            let required = schema.entry("required").or_insert(json!([])).as_array_mut()?;
            let count = required.len();
            required.retain(|required| *required != json!(name));
            if required.len() == count {
                required.push(json!(name));
            }
            "toggle required"
        }
    };
    Some(name_of_change)
}
