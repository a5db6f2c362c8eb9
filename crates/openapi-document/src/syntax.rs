//! A strict, bounded parser of YAML and JSON into [`Value`].
//!
//! Deserializing into `serde_json::Value` directly keeps the last of two equal keys, turns `.inf`
//! into null and `!tag` into a map. Here each is an error with line and column, merge keys are
//! applied, and the number of nodes is checked before memory is allocated for them.

use std::{cell::Cell, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value, map::Entry};

/// The maximum number of nodes (values and keys) of a document with aliases expanded. The largest
/// public documents known to us have about 300,000.
const MAX_NODES: usize = 4_000_000;

/// Parses JSON if the text starts with `{` or `[`, else YAML 1.2. A byte order mark is skipped.
///
/// JSON isn't parsed as YAML: the YAML library supports neither tabs between tokens nor surrogate
/// pairs.
///
/// # Errors
///
/// Invalid JSON or YAML, a value that JSON can't represent (a YAML tag, `.inf`, `.nan`), a
/// duplicate key, nesting deeper than [`MAX_DEPTH`](crate::MAX_DEPTH), or more than 4,000,000 nodes
/// with aliases expanded. The message names line and column where the parser reports them.
pub fn read(text: &str) -> Result<Value, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let nodes = Cell::new(0);
    let seed = ValueSeed { nodes: &nodes };
    if text.trim_start().starts_with(['{', '[']) {
        let mut json = serde_json::Deserializer::from_str(text);
        let value = seed.deserialize(&mut json);
        value.and_then(|value| json.end().map(|()| value)).map_err(|error| error.to_string())
    } else {
        check_brackets(text)?;
        seed.deserialize(serde_yaml::Deserializer::from_str(text))
            .map_err(|error| error.to_string())
    }
}

/// The maximum number of open brackets in YAML. The YAML library scans the whole text before its
/// depth limit applies, in time quadratic in the depth. No real document comes near, prose
/// included.
const MAX_OPEN_BRACKETS: usize = 10_000;

/// Checks the number of open brackets.
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

/// Deserializes a value and counts its nodes.
#[derive(Clone, Copy)]
struct ValueSeed<'a> {
    nodes: &'a Cell<usize>,
}

impl ValueSeed<'_> {
    /// Counts one node.
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

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
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
            E::custom("`.inf` and `.nan` can't be represented in JSON; write a number or quote it")
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
        while let Some(key) = access.next_key_seed(KeySeed(self))? {
            let value = access.next_value_seed(self)?;
            if key == "<<" {
                merged.push(value);
                continue;
            }
            match map.entry(key) {
                Entry::Vacant(entry) => drop(entry.insert(value)),
                Entry::Occupied(entry) => {
                    return Err(A::Error::custom(format_args!("duplicate key `{}`", entry.key())));
                }
            }
        }
        for value in merged {
            merge(&mut map, value).map_err(A::Error::custom)?;
        }
        Ok(Value::Object(map))
    }
}

/// Applies a YAML merge key, `<<: *base` or `<<: [*base, *other]`: keys of the map itself take
/// precedence, then those of earlier bases.
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

/// Deserializes a key as a string: status codes are numbers in YAML (`200:`).
struct KeySeed<'a>(ValueSeed<'a>);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        self.0.count()?;
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
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
