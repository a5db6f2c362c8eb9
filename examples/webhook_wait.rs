//! Waits for executions by their webhook, and by polling if no notification comes.
//!
//! ```sh
//! cargo run --example webhook_wait --features webhooks-testing
//! ```
//!
//! One process receives the notifications and waits. Several need a channel between them, such as
//! that of a database.

mod api;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use asteroid_agents::{
    Client, Error, WaitOutcome,
    types::ExecutionListItem,
    uuid::Uuid,
    webhooks::{
        Event, SIGNATURE_HEADER, Verifier,
        testing::{self, Signer},
        types::ExecutionEvent,
    },
};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use tokio::{net::TcpListener, sync::Notify, time};

/// The executions that someone waits for.
#[derive(Clone, Default)]
struct Registry(Arc<Mutex<HashMap<Uuid, Arc<Notify>>>>);

impl Registry {
    /// Registers an execution. Done before the wait begins, so that no notification is missed.
    fn register(&self, execution: Uuid) -> Registration {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let notify = all.entry(execution).or_default().clone();
        Registration { registry: self.clone(), execution, notify }
    }

    /// Wakes those who wait for an execution that has ended.
    fn receive(&self, event: &Event) {
        let has_ended = matches!(
            event.info().event(),
            ExecutionEvent::ExecutionCompleted
                | ExecutionEvent::ExecutionFailed
                | ExecutionEvent::ExecutionCancelled
        );
        let id = event.info().execution_id().and_then(|id| id.parse().ok());
        if let (true, Some(id)) = (has_ended, id) {
            let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // Stored for the one that waits, should it not do so yet.
            all.get::<Uuid>(&id).into_iter().for_each(|notify| notify.notify_one());
        }
    }
}

/// A registered execution, until it is dropped.
struct Registration {
    registry: Registry,
    execution: Uuid,
    notify: Arc<Notify>,
}

impl Registration {
    /// Waits for the notification. If none comes within `deadline`, polls instead: a webhook may be
    /// late, or never arrive.
    async fn wait(&self, client: &Client, deadline: Duration) -> Result<ExecutionListItem, Error> {
        match time::timeout(deadline, self.notify.notified()).await {
            Ok(()) => {
                println!("notified");
                // The notification has no status; one request has everything.
                let state = client.execution_get().execution_id(self.execution).await?;
                Ok(state.into_inner())
            }
            Err(_) => {
                println!("no notification: polling");
                let outcome = client.execution(self.execution).wait().await?;
                if let WaitOutcome::ActionRequired(_) = outcome {
                    println!("the execution needs input");
                }
                Ok(outcome.into_execution())
            }
        }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let mut all = self.registry.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The registry and this registration have it: nobody else waits.
        if Arc::strong_count(&self.notify) <= 2 {
            all.remove(&self.execution);
        }
    }
}

/// Verifies a notification and passes it on.
async fn receive(
    State((verifier, registry)): State<(Arc<Verifier>, Registry)>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    match verifier.verify(&body, headers.get(SIGNATURE_HEADER)) {
        Ok(event) => {
            registry.receive(&event);
            StatusCode::OK
        }
        Err(error) => StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNAUTHORIZED),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = api::connect(|mock| {
        mock.sequence("ExecutionGet", "/status", ["completed"]);
        Ok(())
    })?;
    // In a service: the key of the vendor.
    let signer = Signer::generate()?;
    let (verifier, registry) = (Arc::new(Verifier::new(signer.public_key())?), Registry::default());
    let app =
        Router::new().route("/webhook", post(receive)).with_state((verifier, registry.clone()));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/webhook", listener.local_addr()?);
    tokio::spawn(async { axum::serve(listener, app).await });

    let id = api.id("an execution")?;
    let execution = registry.register(id);
    let mut completed = testing::notification("EXECUTION_COMPLETED");
    completed["info"]["execution_id"] = id.to_string().into();
    let sent = signer.post(&url, completed.to_string()).await?;
    assert_eq!(sent.status(), 200);
    let state = execution.wait(&api.client, Duration::from_secs(60)).await?;
    println!("{}: {}", id, state.status);

    if api.mock.is_some() {
        // No notification comes for this one.
        let id = Uuid::from_u128(8);
        let state = registry.register(id).wait(&api.client, Duration::from_millis(50)).await?;
        println!("{}: {}", id, state.status);
    }
    Ok(())
}
