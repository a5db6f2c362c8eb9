//! A strict, bounded parser of YAML and JSON into [`Value`].
//!
//! Deserializing into `serde_json::Value` directly keeps the last of two equal keys, turns `.inf`
//! into null and `!tag` into a map. Here each is an error with line and column, merge keys are
//! applied, and the size with aliases expanded is checked before memory is allocated for it.

use std::{cell::Cell, fmt};

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value, map::Entry};

use crate::one_line::OneLine;

/// The maximum number of nodes (values and keys) of a document with aliases expanded. The largest
/// public documents known to us have about 300,000.
const MAX_NODES: usize = 4_000_000;

/// The maximum length of all strings and keys of a document with aliases expanded, in bytes.
const MAX_TEXT_BYTES: usize = 128 << 20;

/// The maximum length of the JSON pointers of all nodes together, in bytes. Tools keep the pointers
/// of many nodes, and a long key is in the pointer of each node below it.
const MAX_POINTER_BYTES: usize = 1 << 30;

/// Parses JSON if the text starts with `{` or `[`, else YAML 1.2. A byte order mark is skipped.
///
/// JSON isn't parsed as YAML: the YAML library supports neither tabs between tokens nor surrogate
/// pairs.
///
/// # Errors
///
/// Invalid JSON or YAML, a value that JSON can't represent (a YAML tag, `.inf`, `.nan`), a
/// duplicate key, nesting deeper than [`MAX_DEPTH`](crate::MAX_DEPTH), or, with aliases expanded,
/// more than 4,000,000 nodes, 128 MiB of strings and keys, or 1 GiB of JSON pointers to all nodes.
/// The message is [one line](OneLine), with line and column where the parser reports them.
pub fn read(text: &str) -> Result<Value, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let size = Size::default();
    let seed = ValueSeed { size: &size, pointer_length: 0 };
    let one_line = |error: &dyn fmt::Display| OneLine(&error.to_string()).to_string();
    if text.trim_start().starts_with(['{', '[']) {
        let mut json = serde_json::Deserializer::from_str(text);
        let value = seed.deserialize(&mut json);
        value.and_then(|value| json.end().map(|()| value)).map_err(|error| one_line(&error))
    } else {
        check_brackets(text)?;
        let yaml = serde_yaml::Deserializer::from_str(text);
        seed.deserialize(yaml).map_err(|error| one_line(&error))
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

/// The size of the part that has been read, with aliases expanded.
#[derive(Default)]
struct Size {
    nodes: Cell<usize>,
    text_bytes: Cell<usize>,
    pointer_bytes: Cell<usize>,
}

/// Adds to a part of the size; an error if it exceeds `limit`.
fn add<E: Error>(total: &Cell<usize>, added: usize, limit: usize, unit: &str) -> Result<(), E> {
    total.set(total.get().saturating_add(added));
    if total.get() > limit {
        return Err(E::custom(format_args!("more than {limit} {unit} with aliases expanded")));
    }
    Ok(())
}

/// Deserializes a value and adds its size.
#[derive(Clone, Copy)]
struct ValueSeed<'a> {
    size: &'a Size,
    /// The length of the JSON pointer of the value, in bytes.
    pointer_length: usize,
}

impl ValueSeed<'_> {
    /// Adds one node.
    fn add_node<E: Error>(self) -> Result<(), E> {
        add(&self.size.nodes, 1, MAX_NODES, "nodes")?;
        let added = self.pointer_length;
        add(&self.size.pointer_bytes, added, MAX_POINTER_BYTES, "bytes of JSON pointers")
    }

    /// Adds a string or key.
    fn add_text<E: Error>(self, text: &str) -> Result<(), E> {
        add(&self.size.text_bytes, text.len(), MAX_TEXT_BYTES, "bytes of strings and keys")
    }

    /// The seed of a member or an item, whose segment of the pointer has `length` bytes.
    fn child(self, length: usize) -> Self {
        Self { pointer_length: self.pointer_length.saturating_add(length + 1), ..self }
    }
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.add_node()?;
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
        self.add_text(value)?;
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        self.add_text(&value)?;
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
        // Indices have different lengths; most have one or two digits.
        while let Some(item) = seq.next_element_seed(self.child(1))? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        let mut merged = Vec::new();
        while let Some(key) = access.next_key_seed(KeySeed(self))? {
            let value = access.next_value_seed(self.child(key.len()))?;
            if key == "<<" {
                merged.push(value);
                continue;
            }
            match map.entry(key) {
                Entry::Vacant(entry) => drop(entry.insert(value)),
                Entry::Occupied(entry) => {
                    let key = OneLine(entry.key());
                    return Err(A::Error::custom(format_args!("duplicate key `{key}`")));
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
        self.0.add_node()?;
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key that is a string, a number or a boolean")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<String, E> {
        self.0.add_text(key)?;
        Ok(key.to_owned())
    }

    fn visit_string<E: Error>(self, key: String) -> Result<String, E> {
        self.0.add_text(&key)?;
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
