//! YAML and JSON become one `Value`, in one streaming pass that swallows nothing.
//!
//! Deserializing straight into `serde_json::Value` keeps the last of two equal keys, turns `.inf`
//! into null and `!tag` into a map. Here each of them is an error with line and column, merge keys
//! are applied, and the number of nodes is bounded before memory is spent on them.

use std::{cell::Cell, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value, map::Entry};

/// How many nodes (values and keys) a document may have, aliases expanded. The largest public
/// documents known to us have about 300,000.
const MAX_NODES: usize = 4_000_000;

/// Reads JSON when the text starts as JSON does, else YAML 1.2. A byte order mark is passed over.
///
/// # Errors
///
/// What isn't JSON or YAML, or can't be said in JSON (a tag, `.inf`), a duplicate key, and more
/// than 4,000,000 nodes, each with line and column.
///
/// JSON isn't read as YAML: the YAML library knows neither tabs between tokens nor surrogate pairs.
pub fn read(text: &str) -> Result<Value, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let nodes = Cell::new(0);
    let node = Node { nodes: &nodes };
    if text.trim_start().starts_with(['{', '[']) {
        let mut json = serde_json::Deserializer::from_str(text);
        let value = node.deserialize(&mut json);
        value.and_then(|value| json.end().map(|()| value)).map_err(|error| error.to_string())
    } else {
        check_brackets(text)?;
        node.deserialize(serde_yaml::Deserializer::from_str(text))
            .map_err(|error| error.to_string())
    }
}

/// The YAML library reads a whole document before its limit on depth counts, in a time that grows
/// with the square of the depth. No document leaves this many brackets open, in prose or not.
const MAX_OPEN_BRACKETS: usize = 10_000;

fn check_brackets(text: &str) -> Result<(), String> {
    if text.matches('[').count() + text.matches('{').count() <= MAX_OPEN_BRACKETS {
        return Ok(());
    }
    let mut open = 0_usize;
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => continue,
        }
        if open > MAX_OPEN_BRACKETS {
            return Err(format!(
                "recursion limit exceeded: more than {MAX_OPEN_BRACKETS} open brackets"
            ));
        }
    }
    Ok(())
}

#[derive(Clone, Copy)]
struct Node<'a> {
    nodes: &'a Cell<usize>,
}

impl Node<'_> {
    fn count<E: Error>(self) -> Result<(), E> {
        self.nodes.set(self.nodes.get() + 1);
        if self.nodes.get() > MAX_NODES {
            return Err(E::custom(format_args!(
                "more than {MAX_NODES} nodes with aliases expanded"
            )));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON can hold (no YAML tag)")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    // Integers beyond 64 bits become floating point, as serde_json reads them.
    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| {
            E::custom("`.inf` and `.nan` have no place in JSON; write a number or quote it")
        })
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(self)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        let mut merged = Vec::new();
        while let Some(key) = access.next_key_seed(Key(self))? {
            let value = access.next_value_seed(self)?;
            if key == "<<" {
                merged.push(value);
                continue;
            }
            match map.entry(key) {
                Entry::Vacant(place) => drop(place.insert(value)),
                Entry::Occupied(taken) => {
                    return Err(A::Error::custom(format_args!("duplicate key `{}`", taken.key())));
                }
            }
        }
        for value in merged {
            merge(&mut map, value).map_err(A::Error::custom)?;
        }
        Ok(Value::Object(map))
    }
}

/// `<<: *base` or `<<: [*base, *other]`: keys of the map itself win, then the earlier base.
fn merge(map: &mut Map<String, Value>, merged: Value) -> Result<(), &'static str> {
    match merged {
        Value::Object(base) => {
            for (key, value) in base {
                map.entry(key).or_insert(value);
            }
            Ok(())
        }
        Value::Array(bases) => bases.into_iter().try_for_each(|base| match base {
            Value::Object(_) => merge(map, base),
            _ => Err("a merge key (`<<`) takes mappings only"),
        }),
        _ => Err("a merge key (`<<`) takes a mapping or a list of mappings"),
    }
}

/// A key: YAML writes status codes as numbers (`200:`), which are strings in JSON.
struct Key<'a>(Node<'a>);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        self.0.count()?;
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key that is a string, a number or a boolean")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<String, E> {
        Ok(key.to_owned())
    }

    fn visit_string<E: Error>(self, key: String) -> Result<String, E> {
        Ok(key)
    }

    fn visit_bool<E: Error>(self, key: bool) -> Result<String, E> {
        Ok(key.to_string())
    }

    fn visit_i64<E: Error>(self, key: i64) -> Result<String, E> {
        Ok(key.to_string())
    }

    fn visit_u64<E: Error>(self, key: u64) -> Result<String, E> {
        Ok(key.to_string())
    }

    fn visit_f64<E: Error>(self, key: f64) -> Result<String, E> {
        Ok(key.to_string())
    }
}
