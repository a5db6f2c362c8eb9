//! A caller for every operation of the vendored document, made from the document as it stands: it
//! takes values in JSON, sets what is set, sends, and gives back JSON.

use std::{fmt::Debug, future::Future, pin::Pin};

use asteroid_agents::{ApiError, Client, Error, Part, Response, chrono, types, uuid};
use bytes::Bytes;
use openapi_document::operation::Location;
use openapi_mock::Values;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

include!(concat!(env!("OUT_DIR"), "/callers.rs"));

/// What a call is given.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The parameters, by place and name.
    pub parameters: Values,
    /// A JSON body.
    pub body: Option<Value>,
    /// The parts of a form, in order.
    pub parts: Vec<(String, Value)>,
}

impl Given {
    fn parameter(&self, location: Location, name: &str) -> Option<&Value> {
        self.parameters.get(&(location, name.to_owned()))
    }

    fn parts(&self, name: &str) -> impl Iterator<Item = &Value> {
        self.parts.iter().filter(move |(own, _)| own == name).map(|(_, value)| value)
    }
}

/// What a call came to.
#[derive(Debug)]
pub enum Outcome {
    /// The status and the value, as JSON again.
    Success(u16, Value),
    /// The API said no: the status, and the body as JSON again if it had the documented type.
    Refused(u16, Option<Value>),
    /// There was no answer that could be read.
    Failed(Error),
}

/// A call on its way.
pub type Call<'a> = Pin<Box<dyn Future<Output = Outcome> + 'a>>;

type Caller = for<'a> fn(&'a Client, &'a Given) -> Call<'a>;

/// The caller of an operation, if the document had it when this was built.
pub fn call<'a>(client: &'a Client, operation: &str, given: &'a Given) -> Option<Call<'a>> {
    let (_, caller) = CALLERS.iter().find(|(id, _)| *id == operation)?;
    Some(caller(client, given))
}

type Shape = fn(&Value) -> Result<Value, String>;

/// The schemas that have a type of their own: the JSON pointer of each, and JSON → Rust → JSON.
pub fn shapes() -> impl Iterator<Item = (&'static str, Shape)> {
    SHAPES.iter().copied()
}

fn again<T: DeserializeOwned + Serialize>(value: &Value) -> Result<Value, String> {
    // From text, as answers are read.
    let read: T = serde_json::from_str(&value.to_string()).map_err(|error| error.to_string())?;
    serde_json::to_value(&read).map_err(|error| error.to_string())
}

/// A value as the type that a setter takes.
fn read<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| {
        panic!("{} doesn't take {value}: {error}", std::any::type_name::<T>())
    })
}

fn part(value: &Value) -> Part {
    Part::bytes(Bytes::from(value.as_str().unwrap_or_default().to_owned())).file_name("part.bin")
}

fn json<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_else(|error| panic!("not JSON: {error}"))
}

fn success<T: Debug>(response: Response<T>, show: impl FnOnce(&T) -> Value) -> Outcome {
    let status = response.status().as_u16();
    Outcome::Success(status, show(&response))
}

fn failure(error: Error, typed: impl FnOnce(u16, &ApiError) -> Option<Value>) -> Outcome {
    match error.api() {
        None => Outcome::Failed(error),
        Some(api) => {
            let status = api.status().as_u16();
            Outcome::Refused(status, typed(status, api))
        }
    }
}

fn typed<T: Serialize + 'static>(api: &ApiError) -> Option<Value> {
    api.body::<T>().map(json)
}

/// An error that is documented to have no body.
#[allow(dead_code, reason = "not every version has one")]
fn empty(api: &ApiError) -> Option<Value> {
    api.raw().is_empty().then_some(Value::Null)
}
