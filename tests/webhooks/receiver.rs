//! A receiver over HTTP, to which notifications are posted.

use std::sync::Arc;

use asteroid_agents::webhooks::{
    SIGNATURE_HEADER, Verifier,
    testing::{self, Signer},
};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use tokio::net::TcpListener;

async fn receive(
    State(verifier): State<Arc<Verifier>>,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    match verifier.verify(&body, headers.get(SIGNATURE_HEADER)) {
        Ok(_) => StatusCode::OK,
        Err(error) => StatusCode::from_u16(error.status()).unwrap(),
    }
}

#[tokio::test]
async fn posted_notifications_are_verified() {
    let (signer, other) = (Signer::generate().unwrap(), Signer::generate().unwrap());
    let verifier = Arc::new(Verifier::new(signer.public_key()).unwrap());
    let app = Router::new().route("/webhook", post(receive)).with_state(verifier);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/webhook", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, app).await });
    let body = testing::notification("EXECUTION_COMPLETED").to_string();
    for (signer, body, status) in
        [(&signer, body.as_str(), 200), (&other, &body, 401), (&signer, "{}", 400)]
    {
        assert_eq!(signer.post(&url, body).await.unwrap().status(), status);
    }
}
