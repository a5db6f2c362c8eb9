//! Signed notifications, for tests of a receiver. With the feature `webhooks-testing`.
//!
//! ```no_run
//! use asteroid_agents::webhooks::{Verifier, testing::{self, Signer}};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let signer = Signer::generate()?; // by `openssl`
//! let verifier = Verifier::new(signer.public_key())?;
//! let body = testing::notification("EXECUTION_COMPLETED").to_string();
//! let event = verifier.verify(body.as_bytes(), &signer.sign(body.as_bytes())?)?;
//! // Or to a running receiver:
//! let response = signer.post("http://127.0.0.1:8080/webhook", body).await?;
//! assert_eq!(response.status(), 200);
//! # Ok(())
//! # }
//! ```

use std::{
    error::Error,
    fmt, io,
    process::Command,
    sync::atomic::{AtomicU64, Ordering},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use openapi_lower_runtime::{
    __codegen_v1::http,
    chrono::SecondsFormat,
    reqwest::{Response, header::CONTENT_TYPE},
    serde_json::{Map, Value, json},
};
use ring::{
    rand::SystemRandom,
    rsa::KeyPair,
    signature::{KeyPair as _, RSA_PKCS1_SHA256},
};

use super::{signature::SIGNATURE_HEADER, verifier::now};
use crate::Client;

/// An error of a [`Signer`].
#[derive(Debug)]
pub struct SignerError {
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl SignerError {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// An error with its cause.
    fn with_source(message: &str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { message: message.to_owned(), source: Some(source.into()) }
    }
}

impl fmt::Display for SignerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for SignerError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

/// A private key that signs as the API does.
pub struct Signer(KeyPair);

impl Signer {
    /// Generates a key of 2048 bits with the program `openssl`, which must be installed: no library
    /// in the tree of this crate generates RSA keys.
    ///
    /// # Errors
    ///
    /// If there is no `openssl`, or it fails.
    pub fn generate() -> Result<Self, SignerError> {
        let arguments = ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
        let failed = |error: io::Error| {
            let message = "`openssl` can't be run: install it, or use `Signer::from_pem` with a key \
                           of your own";
            SignerError::with_source(message, error)
        };
        let output = Command::new("openssl").args(arguments).output().map_err(failed)?;
        if !output.status.success() {
            let errors = String::from_utf8_lossy(&output.stderr);
            return Err(SignerError::new(format!("openssl: {errors}")));
        }
        Self::from_pem(&String::from_utf8_lossy(&output.stdout))
    }

    /// Reads a private key of 2048 to 4096 bits: PEM of PKCS#8 (`PRIVATE KEY`) or PKCS#1 (`RSA
    /// PRIVATE KEY`).
    ///
    /// # Errors
    ///
    /// If it is something else.
    pub fn from_pem(pem: &str) -> Result<Self, SignerError> {
        let body = |label: &str| {
            let (_, rest) = pem.split_once(&format!("-----BEGIN {label}-----"))?;
            let (body, _) = rest.split_once(&format!("-----END {label}-----"))?;
            Some(body.split_ascii_whitespace().collect::<String>())
        };
        let decode = |text: String| {
            let invalid = |error| SignerError::with_source("the PEM isn't Base64", error);
            STANDARD.decode(text).map_err(invalid)
        };
        let key = match (body("PRIVATE KEY"), body("RSA PRIVATE KEY")) {
            (Some(body), _) => KeyPair::from_pkcs8(&decode(body)?),
            (None, Some(body)) => KeyPair::from_der(&decode(body)?),
            (None, None) => return Err(SignerError::new("expected PEM with `PRIVATE KEY`")),
        };
        key.map(Self).map_err(|error| SignerError::new(format!("not a usable RSA key: {error}")))
    }

    /// The public half, as a verifier reads it: PEM of PKCS#1.
    pub fn public_key(&self) -> String {
        let base64 = STANDARD.encode(self.0.public_key().as_ref());
        format!("-----BEGIN RSA PUBLIC KEY-----\n{base64}\n-----END RSA PUBLIC KEY-----\n")
    }

    /// Signs a body; the result is the value of the header.
    ///
    /// # Errors
    ///
    /// If the system has no random numbers.
    pub fn sign(&self, body: &[u8]) -> Result<String, SignerError> {
        let mut signature = vec![0; self.0.public().modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), body, &mut signature)
            .map_err(|_| SignerError::new("signing failed"))?;
        Ok(STANDARD.encode(signature))
    }

    /// Sends a signed notification to a receiver, as the API does, and returns its response.
    /// Proxies of the environment aren't used for one on loopback.
    ///
    /// # Errors
    ///
    /// If it can't be sent, or no response arrives.
    pub async fn post(&self, url: &str, body: impl Into<Vec<u8>>) -> Result<Response, SignerError> {
        let body = body.into();
        let signature = self.sign(&body)?;
        // Its TLS and its proxies are set up; its credential is added elsewhere.
        let client = Client::builder().api_key("unused").base_url(url).allow_http().build();
        let client = client.map_err(|error| SignerError::with_source("no client", error))?;
        let request = http(client.runtime()).post(url).header(CONTENT_TYPE, "application/json");
        let sent = request.header(SIGNATURE_HEADER, signature).body(body).send().await;
        sent.map_err(|error| SignerError::with_source("no response", error))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer")
    }
}

/// Makes a notification of an event, with an id of its own and the present time, to be changed as a
/// test needs it: `notification["info"]["execution_id"] = …`.
///
/// The events whose payload the document describes have one; that of others is an empty object.
pub fn notification(event: &str) -> Value {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    json!({
        "type": "execution",
        "event_id": format!("event-{}-{count}", std::process::id()),
        "timestamp": now().to_rfc3339_opts(SecondsFormat::Millis, true),
        "info": {
            "event": event,
            "execution_id": "6f1b6a52-6f0e-4a3b-8f57-0f2b1d9c3a01",
            "execution_url": "https://example.com/executions/6f1b6a52-6f0e-4a3b-8f57-0f2b1d9c3a01",
            "agent_id": "0c9a1e5e-2f0d-4d57-9c0b-5c8b7f6f2a10",
            "agent_name": "Agent",
            "payload": payload(event),
        },
    })
}

/// The payload of an event.
fn payload(event: &str) -> Value {
    let action = json!({
        "action_id": "action-1",
        "action_name": "click",
        "step_number": 1,
        "duration": 250,
        "output": {},
    });
    match event {
        "EXECUTION_COMPLETED" => json!({ "reasoning": "Done.", "result": { "ok": true } }),
        "EXECUTION_ACTION_COMPLETED" => action,
        "EXECUTION_ACTION_FAILED" => {
            let mut failed = action;
            failed["failure"] = json!("not found");
            failed
        }
        _ => Value::Object(Map::new()),
    }
}
