//! Receives notifications with axum: raw body, verification, dispatch, deduplication.
//!
//! ```sh
//! cargo run --example webhook_receiver --features webhooks-testing
//! ```
//!
//! Without `ASTEROID_WEBHOOK_KEY`, the vendor's public key, it sends itself notifications that are
//! signed with a key of its own, and ends. A receiver needs the feature `webhooks` only.

use std::{
    collections::HashSet,
    env,
    error::Error,
    sync::{Arc, Mutex, PoisonError},
};

use asteroid_agents::webhooks::{
    Event, SIGNATURE_HEADER, Verifier,
    testing::{self, Signer, SignerError},
    types::{ExecutionEvent, ExecutionInfoPayload},
};
use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode},
    routing::post,
};
use tokio::net::TcpListener;

/// The limit of a body in bytes.
const MAX_BODY: usize = 8 << 20;

/// The state of the handler.
struct Receiver {
    verifier: Verifier,
    /// The ids of handled events. In a service, a unique column in the transaction that stores the
    /// event: it must outlive the process, and be shared by all of them.
    handled: Mutex<HashSet<String>>,
}

impl Receiver {
    /// Handles an event once; delivered again, it is only acknowledged.
    fn handle(&self, event: &Event) {
        let mut handled = self.handled.lock().unwrap_or_else(PoisonError::into_inner);
        if !handled.insert(event.id().to_owned()) {
            println!("{}: handled before", event.id());
            return;
        }
        let info = event.info();
        let execution = info.execution_id().unwrap_or("unknown");
        match (info.event(), info.payload()) {
            (ExecutionEvent::ExecutionCompleted, ExecutionInfoPayload::CompletedPayload(done)) => {
                println!("{execution} completed: {:?}", done.result);
            }
            (ExecutionEvent::ExecutionFailed | ExecutionEvent::ExecutionCancelled, _) => {
                println!("{execution} ended without a result");
            }
            // Events of the future among them.
            (other, _) => println!("{execution}: {other}"),
        }
    }
}

/// The handler takes the body as bytes: an extractor that parses JSON would lose what was signed.
async fn receive(
    State(receiver): State<Arc<Receiver>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    match receiver.verifier.verify(&body, headers.get(SIGNATURE_HEADER)) {
        Ok(event) => {
            // What takes longer belongs into a queue: the sender waits for the response.
            receiver.handle(&event);
            StatusCode::OK
        }
        Err(error) => {
            eprintln!("{error}");
            StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let key = env::var("ASTEROID_WEBHOOK_KEY").ok();
    let signer = if key.is_none() { Some(Signer::generate()?) } else { None };
    let key = key.or_else(|| Some(signer.as_ref()?.public_key())).unwrap_or_default();
    let receiver = Receiver { verifier: Verifier::new(key)?, handled: Mutex::default() };
    let app = Router::new()
        .route("/webhook", post(receive))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(Arc::new(receiver));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/webhook", listener.local_addr()?);
    println!("listening at {url}");
    let server = async { axum::serve(listener, app).await };
    match signer {
        None => server.await?,
        Some(signer) => tokio::select! {
            ended = server => ended?,
            sent = send_all(&signer, &url) => sent?,
        },
    }
    Ok(())
}

/// Sends an event of each kind, one of them twice, and one that is unsigned.
async fn send_all(signer: &Signer, url: &str) -> Result<(), SignerError> {
    let completed = testing::notification("EXECUTION_COMPLETED");
    let bodies = [
        testing::notification("EXECUTION_STARTED"),
        testing::notification("EXECUTION_ACTION_COMPLETED"),
        completed.clone(),
        completed,
        testing::notification("EXECUTION_OF_THE_FUTURE"),
    ];
    for body in bodies {
        let response = signer.post(url, body.to_string()).await?;
        assert_eq!(response.status(), 200);
    }
    Ok(())
}
