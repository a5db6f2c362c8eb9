//! The API of the examples: the real one if `ASTEROID_API_KEY` is set, else a mock in this process.

use std::{env, error::Error};

use asteroid_agents::{API_KEY_VARIABLE, Client, DOCUMENT, uuid::Uuid};
use openapi_mock::{Api, MockServer};
use serde_json::json;

/// The operations that `Client::run` and `Client::run_version` call.
const EXECUTE: [&str; 2] = [
    if cfg!(helper = "run.workflow") { "WorkflowExecutePost" } else { "AgentExecutePost" },
    if cfg!(helper = "run_version.version") {
        "WorkflowVersionsExecute"
    } else {
        "AgentWorkflowsExecute"
    },
];

/// A client, and the mock, which has to live as long as the client is used.
pub struct Connection {
    /// The client.
    pub client: Client,
    /// The mock; `None` for the real API.
    pub mock: Option<MockServer>,
}

/// Creates a client of the real API, or of a mock that `script` prepares.
pub fn connect(
    script: impl FnOnce(&MockServer) -> Result<(), Box<dyn Error>>,
) -> Result<Connection, Box<dyn Error>> {
    if env::var_os(API_KEY_VARIABLE).is_some() {
        println!("{API_KEY_VARIABLE} is set: using the real API.");
        return Ok(Connection { client: Client::from_env()?, mock: None });
    }
    println!("{API_KEY_VARIABLE} isn't set: using a mock API in this process.");
    let mock = MockServer::start(Api::parse(DOCUMENT)?)?;
    // The document declares the id of the started execution as text; the API sends a UUID.
    for operation in EXECUTE {
        mock.respond(operation, json!({ "executionId": Uuid::from_u128(9) }));
    }
    script(&mock)?;
    let client = Client::builder().api_key("any key will do").base_url(mock.url()).build()?;
    Ok(Connection { client, mock: Some(mock) })
}

impl Connection {
    /// Returns the first argument of the program, an id; for the mock, any id will do.
    #[allow(dead_code, reason = "not every example needs one")]
    pub fn id(&self, what: &str) -> Result<Uuid, Box<dyn Error>> {
        match (env::args().nth(1), &self.mock) {
            (Some(id), _) => Ok(id.parse()?),
            (None, Some(_)) => Ok(Uuid::from_u128(7)),
            (None, None) => Err(format!("missing the id of {what}: add it after `--`").into()),
        }
    }
}
