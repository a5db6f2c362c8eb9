//! The API that the examples talk to: the real one if there is a key, else a mock in this process.

use std::{env, error::Error};

use asteroid_agents::{API_KEY_VARIABLE, Client, uuid::Uuid};
use openapi_mock::{Api, MockApi};

/// A client, and the mock that has to live as long as it is used.
pub struct Connected {
    /// The client.
    pub client: Client,
    /// The mock, if it is one.
    pub mock: Option<MockApi>,
}

/// Connects; `script` tells the mock what to answer.
pub fn connect(
    script: impl FnOnce(&MockApi) -> Result<(), Box<dyn Error>>,
) -> Result<Connected, Box<dyn Error>> {
    if env::var_os(API_KEY_VARIABLE).is_some() {
        println!("Asking the real API, since {API_KEY_VARIABLE} is set.");
        return Ok(Connected { client: Client::from_env()?, mock: None });
    }
    println!("{API_KEY_VARIABLE} isn't set: asking a mock API in this process.");
    let mock = MockApi::start(Api::parse(include_str!("../../spec/openapi.yaml"))?)?;
    script(&mock)?;
    let client = Client::builder().api_key("any key will do").base_url(mock.url()).build()?;
    Ok(Connected { client, mock: Some(mock) })
}

impl Connected {
    /// The id that is the first argument of the program; the mock takes any.
    #[allow(dead_code, reason = "not every example needs one")]
    pub fn id(&self, what: &str) -> Result<Uuid, Box<dyn Error>> {
        match (env::args().nth(1), &self.mock) {
            (Some(id), _) => Ok(id.parse()?),
            (None, Some(_)) => Ok(Uuid::from_u128(7)),
            (None, None) => Err(format!("the id of {what} is missing: add it after `--`").into()),
        }
    }
}
