//! Integers: their range in Rust.

use serde_json::json;
use wiremock::ResponseTemplate;

use crate::{document_client, only_request, serve};

#[tokio::test]
async fn unsigned_integers_have_their_whole_range() {
    let body = json!({
        "dbl": 0.1, "flt": 0.5, "dec2": 1.5, "size": u64::MAX, "any": u64::MAX, "big": i64::MIN, "small": -128, "byte": 255,
        "ms": 1_767_323_045_000_i64, "dec": "1.50", "i64s": "9007199254740993",
    });
    let server = serve(ResponseTemplate::new(200).set_body_json(body)).await;
    let call = document_client!(integers, server.uri()).sizes().seed(-1).size(u64::MAX);
    let sizes = call.send().await.unwrap().into_inner();
    assert_eq!((sizes.size, sizes.any, sizes.most), (u64::MAX, u64::MAX, u64::MAX));
    assert_eq!((sizes.big, sizes.small, sizes.byte, sizes.u32), (i64::MIN, -128, 255, u32::MAX));
    assert_eq!((sizes.ms, sizes.i128, sizes.lots), (Some(1_767_323_045_000), None, None));
    assert_eq!(
        (sizes.dec.as_deref(), sizes.i64s.as_deref()),
        (Some("1.50"), Some("9007199254740993"))
    );
    assert_eq!((sizes.dbl, sizes.flt, sizes.dec2), (Some(0.1_f64), Some(0.5_f32), Some(1.5_f64)));
    let query = only_request(&server).await.url.query().map(str::to_owned);
    assert_eq!(query.unwrap(), "seed=-1&size=18446744073709551615");
}
