//! Redaction of secrets in `Debug` output and errors.

use serde_json::json;
use wire::types::{Login, LoginThird, Second, SecondCall, SecondCode};

use wiremock::ResponseTemplate;

use crate::{client, printed, serve, serve_no_content};

/// Returns a login with secrets.
fn login() -> Login {
    Login::new(Some("s3cret".to_owned()), ["s3cret"], "s3cret", "ada")
}

#[test]
fn a_set_secret_is_redacted_and_an_unset_one_is_none() {
    let shown = format!("{:?}", login().with_token_count(7));
    assert_eq!(
        shown,
        "Login { user: \"ada\", password: [redacted], cookies: [redacted], api_key: [redacted], \
         hidden: None, client_secret: None, hint: None, token_count: Some(7), second: None, \
         third: None }"
    );
    let shown = format!("{:#?}", login().with_hidden("s3cret").with_client_secret("s3cret"));
    assert!(shown.contains("hidden: [redacted]") && !shown.contains("s3cret"), "{shown}");
    let shown = format!("{:?}", Login::new(None, ["s3cret"], "s3cret", "ada"));
    assert!(shown.contains("api_key: None"), "{shown}");
}

#[test]
fn a_build_script_can_declare_secrets() {
    let shown = format!("{:?}", login().with_hint("s3cret"));
    assert!(shown.contains("hint: [redacted]"), "{shown}");
}

#[test]
fn nested_secrets_are_redacted() {
    let login = login().with_second(SecondCode::new("s3cret"));
    let login = login.with_third(LoginThird::from(SecondCode::new("s3cret")));
    let shown = format!("{login:?}");
    assert!(shown.contains("second: Some(Code(SecondCode {"), "{shown}");
    assert!(shown.contains("passcode: [redacted]") && !shown.contains("s3cret"), "{shown}");
    let shown = format!("{:?}", login.with_second(SecondCall::new("555")));
    assert!(shown.contains("number: \"555\""), "{shown}");
}

#[test]
fn unrecognized_values_of_unions_with_secrets_are_redacted() {
    let second: Second = serde_json::from_value(json!({ "by": "key", "key": "s3cret" })).unwrap();
    assert_eq!(format!("{second:?}"), "Unrecognized([redacted])");
    let third: LoginThird = serde_json::from_value(json!({ "pass": "s3cret" })).unwrap();
    assert_eq!(format!("{third:?}"), "Unrecognized([redacted])");
    let code = json!({ "by": "code", "passcode": "s3cret", "pass": "s3cret" });
    let code: Second = serde_json::from_value(code).unwrap();
    assert!(
        format!("{code:?}").ends_with("passcode: [redacted], extra: [redacted] })"),
        "{code:?}"
    );
    // Unions without secrets show unrecognized values.
    let shape: wire::types::AnyShape = serde_json::from_value(json!({ "kind": "new" })).unwrap();
    assert!(format!("{shape:?}").contains("\"new\""), "{shape:?}");
}

#[tokio::test]
async fn builders_redact_parameters_and_bodies() {
    let server = serve_no_content().await;
    let client = client(&server);
    let builder = client.logins_add().realm("home").body(login());
    assert!(format!("{builder:?}").contains("token: None"), "{builder:?}");
    let shown = format!("{:?}", builder.token("s3cret"));
    assert!(shown.contains("token: [redacted], realm: Some(\"home\")"), "{shown}");
    assert!(shown.contains("user: \"ada\"") && !shown.contains("s3cret"), "{shown}");
}

#[tokio::test]
async fn a_decode_error_does_not_show_secrets() {
    let body = json!({ "user": 1, "password": "s3cret" });
    let server = serve(ResponseTemplate::new(200).set_body_json(body)).await;
    let error = client(&server).logins_add().token("t").body(login()).send().await.unwrap_err();
    assert!(error.to_string().contains("user: "), "{error}");
    assert!(!printed(&error).contains("s3cret"), "{error:?}");
    // The raw body is available to the caller.
    assert!(String::from_utf8_lossy(error.raw().unwrap()).contains("s3cret"));
}

#[test]
fn secrets_are_serialized_and_compared() {
    let sent = serde_json::to_value(login()).unwrap();
    assert_eq!(sent["password"], "s3cret");
    assert_eq!(serde_json::from_value::<Login>(sent).unwrap(), login());
    assert_ne!(login(), Login::new(Some("s3cret".to_owned()), ["s3cret"], "other", "ada"));
}

/// A value of the wrong type may be a secret too.
#[tokio::test]
async fn a_type_error_does_not_show_the_value() {
    for (body, kind) in [
        (json!({ "user": "ada", "password": 271828 }), "integer"),
        (json!({ "user": "ada", "password": { "271828": 1 } }), "map"),
        (json!("271828"), "string"),
    ] {
        let server = serve(ResponseTemplate::new(200).set_body_json(&body)).await;
        let error = client(&server).logins_add().token("t").body(login()).send().await.unwrap_err();
        assert!(error.to_string().contains(&format!("invalid type: {kind}, expected")), "{error}");
        assert!(!printed(&error).contains("271828"), "{error:?}");
    }
}

#[test]
fn a_password_in_the_base_url_is_not_shown() {
    for url in [
        "http://user:s3cret@upstream.example",
        "https://user:s3cret@upstream.example",
        "https://upstream.example/?key=s3cret",
        "s3cret@nowhere",
    ] {
        let builder = wire::client(url);
        assert!(!format!("{builder:?}").contains("s3cret"), "{url}");
        let error = builder.build().unwrap_err();
        assert!(!printed(&error).contains("s3cret"), "{error:?}");
    }
}
