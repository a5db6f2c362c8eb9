//! The generic functions that every client uses, compiled once in builds without optimization.
//!
//! rustc compiles a generic function in the first crate that uses it with certain types. Most types
//! that a value goes through while it is decoded aren't a client's but this crate's, such as the
//! readers of JSON and of buffered objects. Here is the code of a small client, so that these
//! functions are compiled with this crate, and not with each client and each program that calls it.
//!
//! Only with debug assertions, which stand for builds without optimization: rustc shares compiled
//! functions between crates in these.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use reqwest::RequestBuilder;
use serde::{Deserialize, Serialize, de::Deserializer, ser::Serializer};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::{
    call::path_parameter,
    core_request::{CoreError, QueryParam, json},
    decoder::ErrorDecoder,
    enums::deserialize_text,
    expansion::Expansion,
    json::DecodeError,
    object::{
        self, Assigned, DateTimesField, ListField, Object, ObjectField, ObjectListField,
        ObjectReader, ObjectWriter,
    },
    raw_response::RawResponse,
    status::Status,
    tagged::{self, TaggedObject, TaggedUnion},
};

/// An object with properties of many types.
struct Thing {
    boolean: bool,
    integer: i32,
    long: i64,
    number: f64,
    text: String,
    id: Option<Uuid>,
    time: Option<DateTime<Utc>>,
    name: Name,
    any: Value,
    object: Map<String, Value>,
    texts: Vec<String>,
    map: HashMap<String, String>,
    part: Option<Part>,
    parts: Vec<Part>,
    union: TaggedPart,
}

impl Object for Thing {
    const NAMES: &'static [&'static str] = &[
        "boolean", "integer", "long", "number", "text", "id", "time", "name", "any", "object",
        "texts", "map", "part", "parts", "union",
    ];

    fn read<'de, R: ObjectReader<'de>>(properties: &mut R) -> Result<Self, R::Error> {
        let (mut boolean, mut integer, mut long) = Default::default();
        let (mut number, mut text) = Default::default();
        let (mut id, mut time, mut name) = (None, None, None);
        let (mut any, mut object, mut texts, mut map) = (None, None, None, None);
        let (mut part, mut parts, mut union) = (None, None, None);
        while let Some(index) = properties.next()? {
            match index {
                0 => properties.read(&mut Assigned(&mut boolean)),
                1 => properties.read(&mut Assigned(&mut integer)),
                2 => properties.read(&mut Assigned(&mut long)),
                3 => properties.read(&mut Assigned(&mut number)),
                4 => properties.read(&mut Assigned(&mut text)),
                5 => properties.read_optional(&mut id),
                6 => properties.read_optional(&mut DateTimesField(&mut time)),
                7 => properties.read(&mut name),
                8 => properties.read(&mut any),
                9 => properties.read(&mut object),
                10 => properties.read(&mut ListField(&mut texts)),
                11 => properties.read(&mut map),
                12 => properties.read_optional(&mut ObjectField(&mut part)),
                13 => properties.read(&mut ObjectListField(&mut parts)),
                14 => properties.read(&mut union),
                _ => properties.skip(),
            }?
        }
        properties.require(&[0, 1, 2, 3, 4])?;
        let (Some(name), Some(any), Some(object), Some(texts), Some(map), Some(parts), Some(union)) =
            (name, any, object, texts, map, parts, union)
        else {
            return Err(properties.missing(&[7, 8, 9, 10, 11, 13, 14]));
        };
        Ok(Self {
            boolean,
            integer,
            long,
            number,
            text,
            id,
            time,
            name,
            any,
            object,
            texts,
            map,
            part,
            parts,
            union,
        })
    }
}

impl Serialize for Thing {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = ObjectWriter::new(serializer);
        object.write("boolean", &self.boolean);
        object.write("integer", &self.integer);
        object.write("long", &self.long);
        object.write("number", &self.number);
        object.write("text", &self.text);
        object.write_some("id", &self.id);
        object.write_some("time", &self.time);
        object.write("name", &self.name);
        object.write("any", &self.any);
        object.write("object", &self.object);
        object.write("texts", &self.texts);
        object.write("map", &self.map);
        object.write_some("part", &self.part);
        object.write("parts", &self.parts);
        object.write("union", &self.union);
        object.end()
    }
}

impl<'de> Deserialize<'de> for Thing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object::deserialize(deserializer)
    }
}

/// A small object.
struct Part {
    text: Option<String>,
}

impl Object for Part {
    const NAMES: &'static [&'static str] = &["text"];

    fn read<'de, R: ObjectReader<'de>>(properties: &mut R) -> Result<Self, R::Error> {
        let mut text = None;
        while let Some(index) = properties.next()? {
            match index {
                0 => properties.read_optional(&mut text),
                _ => properties.skip(),
            }?
        }
        Ok(Self { text })
    }
}

impl Serialize for Part {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = ObjectWriter::new(serializer);
        object.write_some("text", &self.text);
        object.end()
    }
}

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        object::deserialize(deserializer)
    }
}

/// An enum.
struct Name(String);

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        Self(name.to_owned())
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_text(deserializer)
    }
}

/// A tagged union.
enum TaggedPart {
    Part(Part),
    Unrecognized(Value),
}

impl TaggedUnion for TaggedPart {
    const TAG: &'static str = "type";

    fn read_variant<'de, O: TaggedObject<'de, Self>>(
        tag: &str,
        object: &mut O,
    ) -> Result<O::Value, O::Error> {
        match tag {
            "part" => object.skip_tag().object_variant(tag, Self::Part),
            _ => object.unrecognized(),
        }
    }

    fn unrecognized(value: Value) -> Self {
        Self::Unrecognized(value)
    }
}

impl Serialize for TaggedPart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Part(part) => part.serialize(serializer),
            Self::Unrecognized(value) => value.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for TaggedPart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        tagged::deserialize(deserializer)
    }
}

/// Does what the functions of an operation do. It is public so that rustc compiles it; nothing
/// calls it.
pub fn exchange(
    request: RequestBuilder,
    response: &RawResponse,
    id: &Uuid,
) -> Result<Result<RequestBuilder, CoreError>, DecodeError> {
    let _ = ErrorDecoder::json::<Thing>(Status::Any);
    let thing: Thing = response.json()?;
    let query = (QueryParam::new("id", id), QueryParam::new("text", &thing.text));
    let _ = (
        path_parameter("id", Expansion::SIMPLE, id),
        path_parameter("text", Expansion::SIMPLE, &thing.text),
    );
    Ok(json(request.query(&query.0).query(&query.1), &thing))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Thing;

    #[test]
    fn a_thing_is_read_and_written() {
        let thing = json!({
            "boolean": true, "integer": 1, "long": 2, "number": 0.5, "text": "a", "name": "b",
            "id": "0a3d7e5c-93a4-4a94-a4c8-2f1d1b6b0a11", "time": "2026-11-29T20:00:00Z",
            "any": [null], "object": { "c": 3 }, "texts": ["d"], "map": { "e": "f" },
            "part": { "text": "g" }, "parts": [{}], "union": { "type": "other" },
        });
        let read: Thing = crate::json::decode(None, thing.to_string().as_bytes()).unwrap();
        assert_eq!(serde_json::to_value(&read).unwrap(), thing);
        let mut without_text = thing;
        without_text.as_object_mut().unwrap().remove("text");
        let error =
            crate::json::decode::<Thing>(None, without_text.to_string().as_bytes()).map(drop);
        assert!(error.unwrap_err().0.contains("`text`"));
        assert!(crate::json::decode::<Thing>(None, Value::Null.to_string().as_bytes()).is_err());
    }
}
