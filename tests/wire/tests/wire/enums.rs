//! Enums of text, integers and numbers: decoded, encoded, and as parameters.

use serde_json::{Value, json};
use wire::typed::{
    Client,
    types::{Level, Ratio, Report, ReportEither, ReportSize, Role},
};
use wiremock::ResponseTemplate;

use crate::{document_client, only_request, serve};

/// Decodes a report with these properties, and encodes it.
fn round_trip(properties: Value) -> (Report, Value) {
    let mut value = json!({ "level": 0 });
    value.as_object_mut().unwrap().extend(properties.as_object().unwrap().clone());
    let report: Report = serde_json::from_value(value).unwrap();
    let encoded = serde_json::to_value(&report).unwrap();
    (report, encoded)
}

#[test]
fn titles_name_the_variants_of_integers_and_values_those_without_title() {
    for (value, variant) in [
        (json!(0), Level::NoLevel),
        (json!(10), Level::Warning),
        (json!(-1), Level::ValueMinus1),
        (json!(i64::MAX), Level::Value9223372036854775807),
    ] {
        let (report, encoded) = round_trip(json!({ "level": value }));
        assert_eq!(report.level, variant);
        assert_eq!(encoded["level"], value);
        assert_eq!(Level::from(variant.as_i64()), variant);
        assert_eq!(variant.to_string(), value.to_string());
        assert_eq!(value.to_string().parse(), Ok(variant));
    }
}

#[test]
fn an_integer_may_be_written_with_a_fraction_of_zero() {
    let report: Report = serde_json::from_str(r#"{"level":10.0}"#).unwrap();
    assert_eq!(report.level, Level::Warning);
    for wrong in ["1.5", "\"10\"", "true", "9223372036854775808", "1e300"] {
        let decoded = serde_json::from_str::<Report>(&format!(r#"{{"level":{wrong}}}"#));
        assert!(decoded.is_err(), "{wrong}: {decoded:?}");
    }
}

#[test]
fn unlisted_values_round_trip() {
    let (report, encoded) =
        round_trip(json!({ "level": 7, "before": -3, "ratio": 0.75, "role": "guest" }));
    assert_eq!(report.level, Level::Unrecognized(7));
    assert_eq!(report.before, Some(Some(Level::Unrecognized(-3))));
    assert_eq!(report.ratio, Some(Ratio::Unrecognized(0.75)));
    assert_eq!(report.role, Some(Role::Unrecognized("guest".to_owned())));
    assert_eq!(encoded, json!({ "level": 7, "before": -3, "ratio": 0.75, "role": "guest" }));
    let (report, encoded) = round_trip(json!({ "before": null }));
    assert_eq!((report.before, &encoded["before"]), (Some(None), &Value::Null));
}

#[test]
fn numbers_are_encoded_as_the_document_lists_them() {
    for (value, variant, text) in [
        (json!(1), Ratio::Whole, "1"),
        (json!(1.0), Ratio::Whole, "1"),
        (json!(0.5), Ratio::Value0Point5, "0.5"),
        (json!(-2.25), Ratio::ValueMinus2Point25, "-2.25"),
        (json!(3), Ratio::Unrecognized(3.0), "3"),
        (json!(1e300), Ratio::Unrecognized(1e300), "1e+300"),
    ] {
        let (report, encoded) = round_trip(json!({ "ratio": value }));
        assert_eq!(report.ratio, Some(variant));
        assert_eq!(encoded["ratio"].to_string(), text);
    }
    assert_eq!(Ratio::from(0.5).to_string(), "0.5");
}

#[test]
fn values_name_the_variants_of_text() {
    assert_eq!(Role::from("admin"), Role::Admin);
    assert_eq!(Role::User.as_str(), "user");
    assert_eq!("user".parse(), Ok(Role::User));
}

#[test]
fn integers_without_annotations_are_plain() {
    let (report, _) = round_trip(json!({ "plain": 3, "size": 2 }));
    assert_eq!(report.plain, Some(3_i64));
    assert_eq!(report.size, Some(ReportSize::Large));
}

#[test]
fn a_union_distinguishes_an_integer_enum_and_text() {
    let (report, _) = round_trip(json!({ "either": 10 }));
    assert_eq!(report.either, Some(ReportEither::Level(Level::Warning)));
    let (report, _) = round_trip(json!({ "either": "10" }));
    assert_eq!(report.either, Some(ReportEither::Text("10".to_owned())));
}

#[tokio::test]
async fn enums_of_numbers_are_sent_as_parameters() {
    let server = serve(ResponseTemplate::new(200).set_body_json(json!({ "level": 10 }))).await;
    let client = Client::builder().base_url(server.uri()).build().unwrap();
    let call = client.levels_get().level(Level::Warning).ratio(Ratio::Value0Point5);
    let call = call.others([Level::ValueMinus1, Level::Unrecognized(3)]).x_level(Level::NoLevel);
    assert_eq!(call.send().await.unwrap().into_inner().level, Level::Warning);
    let request = only_request(&server).await;
    assert_eq!(request.url.path(), "/levels/10");
    assert_eq!(request.url.query(), Some("others=-1&others=3&ratio=0.5"));
    assert_eq!(request.headers["x-level"], "0");
}

#[tokio::test]
async fn a_nullable_enum_is_open_and_distinguishes_null_and_absent() {
    use wire::documents::nullable_enums::types::{Ak, Ap};

    let call = async |body: Value, p: Ap| {
        let server = serve(ResponseTemplate::new(200).set_body_json(body)).await;
        let response = document_client!(nullable_enums, server.uri()).a().p(p).send().await;
        let query = only_request(&server).await.url.query().unwrap().to_owned();
        (response.unwrap().into_inner().k, query)
    };
    for (body, k) in [
        (json!({ "k": "y" }), Some(Some(Ak::Y))),
        (json!({ "k": "z" }), Some(Some(Ak::Unrecognized("z".to_owned())))),
        (json!({ "k": null }), Some(None)),
        (json!({}), None),
    ] {
        assert_eq!(call(body, Ap::X).await, (k, "p=x".to_owned()));
    }
    assert_eq!(call(json!({}), Ap::from("new")).await.1, "p=new");
}
