//! Generated callers for every operation of the vendored document. Each takes its arguments as
//! JSON, sends the request with asteroid-agents, and returns the result as JSON.

use std::{fmt::Debug, future::Future, pin::Pin};

use asteroid_agents::{ApiError, Client, Error, Part, Response, chrono, types, uuid};
use bytes::Bytes;
use openapi_document::operation::Location;
use openapi_mock::ParameterValues;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

include!(concat!(env!("OUT_DIR"), "/callers.rs"));

/// The arguments of a call.
#[derive(Clone, Debug, Default)]
pub struct CallArguments {
    /// The parameters, by location and name.
    pub parameters: ParameterValues,
    /// The JSON body.
    pub body: Option<Value>,
    /// The parts of a multipart body, in order.
    pub parts: Vec<(String, Value)>,
}

impl CallArguments {
    fn parameter(&self, location: Location, name: &str) -> Option<&Value> {
        self.parameters.get(&(location, name.to_owned()))
    }

    fn parts(&self, name: &str) -> impl Iterator<Item = &Value> {
        self.parts.iter().filter(move |(own, _)| own == name).map(|(_, value)| value)
    }
}

/// The result of a call.
#[derive(Debug)]
pub enum CallOutcome {
    /// A success: the status, and the value encoded as JSON.
    Success(u16, Value),
    /// An API error: the status, and the body encoded as JSON if it has the documented type.
    ApiError(u16, Option<Value>),
    /// Any other error.
    Failed(Error),
}

/// The future of a call.
pub type CallFuture<'a> = Pin<Box<dyn Future<Output = CallOutcome> + 'a>>;

type Caller = for<'a> fn(&'a Client, &'a CallArguments) -> CallFuture<'a>;

/// Calls an operation; `None` if the vendored document doesn't have it.
pub fn call<'a>(
    client: &'a Client,
    operation: &str,
    arguments: &'a CallArguments,
) -> Option<CallFuture<'a>> {
    let (_, caller) = CALLERS.iter().find(|(id, _)| *id == operation)?;
    Some(caller(client, arguments))
}

/// Decodes JSON as a Rust type and encodes it again.
pub type RoundTrip = fn(&Value) -> Result<Value, String>;

/// Returns the JSON pointers of the schemas with a Rust type of their own, each with the round trip
/// through that type.
pub fn schema_types() -> impl Iterator<Item = (&'static str, RoundTrip)> {
    SCHEMA_TYPES.iter().copied()
}

fn round_trip<T: DeserializeOwned + Serialize>(value: &Value) -> Result<Value, String> {
    // From text, as responses are decoded.
    let decoded: T = serde_json::from_str(&value.to_string()).map_err(|error| error.to_string())?;
    serde_json::to_value(&decoded).map_err(|error| error.to_string())
}

/// Decodes an argument as the type that a setter takes.
fn argument<T: DeserializeOwned>(value: &Value) -> T {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| {
        panic!("{} doesn't take {value}: {error}", std::any::type_name::<T>())
    })
}

fn part(value: &Value) -> Part {
    Part::bytes(Bytes::from(value.as_str().unwrap_or_default().to_owned())).file_name("part.bin")
}

fn to_json<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_else(|error| panic!("not JSON: {error}"))
}

fn success<T: Debug>(response: Response<T>, encode: impl FnOnce(&T) -> Value) -> CallOutcome {
    let status = response.status().as_u16();
    CallOutcome::Success(status, encode(&response))
}

fn failure(error: Error, encode_body: impl FnOnce(u16, &ApiError) -> Option<Value>) -> CallOutcome {
    match error.api() {
        None => CallOutcome::Failed(error),
        Some(api) => {
            let status = api.status().as_u16();
            CallOutcome::ApiError(status, encode_body(status, api))
        }
    }
}

fn typed_body<T: Serialize + 'static>(api: &ApiError) -> Option<Value> {
    api.body::<T>().map(to_json)
}

/// Returns null for an error that is documented without a body, if the body is empty.
#[allow(dead_code, reason = "not every version has one")]
fn empty_body(api: &ApiError) -> Option<Value> {
    api.raw().is_empty().then_some(Value::Null)
}
