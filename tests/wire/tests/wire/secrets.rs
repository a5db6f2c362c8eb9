//! What `Debug` shows of secrets: that they are there, or that they aren't.

use serde_json::json;
use wire::types::{Login, LoginThird, Second, SecondCall, SecondCode};

use wiremock::ResponseTemplate;

use crate::{answering, answering_no_content, client, printed};

fn login() -> Login {
    Login::new("ada", "s3cret", ["s3cret"], Some("s3cret".to_owned()))
}

#[test]
fn a_secret_that_is_set_is_redacted_and_one_that_is_not_is_none() {
    let shown = format!("{:?}", login().with_token_count(7));
    assert_eq!(
        shown,
        "Login { user: \"ada\", password: [redacted], cookies: [redacted], api_key: [redacted], \
         hidden: None, client_secret: None, answer: None, token_count: Some(7), second: None, \
         third: None }"
    );
    let shown = format!("{:#?}", login().with_hidden("s3cret").with_client_secret("s3cret"));
    assert!(shown.contains("hidden: [redacted]") && !shown.contains("s3cret"), "{shown}");
    let shown = format!("{:?}", Login::new("ada", "s3cret", ["s3cret"], None));
    assert!(shown.contains("api_key: None"), "{shown}");
}

#[test]
fn build_scripts_name_further_ones() {
    let shown = format!("{:?}", login().with_answer("s3cret"));
    assert!(shown.contains("answer: [redacted]"), "{shown}");
}

#[test]
fn what_holds_them_shows_no_more() {
    let login = login().with_second(SecondCode::new("s3cret"));
    let login = login.with_third(LoginThird::from(SecondCode::new("s3cret")));
    let shown = format!("{login:?}");
    assert!(shown.contains("second: Some(Code(SecondCode {"), "{shown}");
    assert!(shown.contains("passcode: [redacted]") && !shown.contains("s3cret"), "{shown}");
    let shown = format!("{:?}", login.with_second(SecondCall::new("555")));
    assert!(shown.contains("number: \"555\""), "{shown}");
}

#[test]
fn unions_that_hold_them_do_not_show_what_they_do_not_know() {
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
    // Others do.
    let shape: wire::types::AnyShape = serde_json::from_value(json!({ "kind": "new" })).unwrap();
    assert!(format!("{shape:?}").contains("\"new\""), "{shape:?}");
}

#[tokio::test]
async fn builders_show_neither_secret_parameters_nor_secrets_of_bodies() {
    let server = answering_no_content().await;
    let client = client(&server);
    let builder = client.logins_add().realm("home").body(login());
    assert!(format!("{builder:?}").contains("token: None"), "{builder:?}");
    let shown = format!("{:?}", builder.token("s3cret"));
    assert!(shown.contains("token: [redacted], realm: Some(\"home\")"), "{shown}");
    assert!(shown.contains("user: \"ada\"") && !shown.contains("s3cret"), "{shown}");
}

#[tokio::test]
async fn an_answer_that_can_not_be_read_shows_no_secret() {
    let body = json!({ "user": 1, "password": "s3cret" });
    let server = answering(ResponseTemplate::new(200).set_body_json(body)).await;
    let error = client(&server).logins_add().token("t").body(login()).send().await.unwrap_err();
    assert!(error.to_string().contains("user: "), "{error}");
    assert!(!printed(&error).contains("s3cret"), "{error:?}");
    // The caller has it.
    assert!(String::from_utf8_lossy(error.raw().unwrap()).contains("s3cret"));
}

#[test]
fn what_is_sent_and_compared_has_them() {
    let sent = serde_json::to_value(login()).unwrap();
    assert_eq!(sent["password"], "s3cret");
    assert_eq!(serde_json::from_value::<Login>(sent).unwrap(), login());
    assert_ne!(login(), Login::new("ada", "other", ["s3cret"], Some("s3cret".to_owned())));
}

/// Whatever is there in place of a secret may be one too.
#[tokio::test]
async fn an_error_about_a_secret_names_the_field_and_not_the_value() {
    for (body, kind) in [
        (json!({ "user": "ada", "password": 271828 }), "integer"),
        (json!({ "user": "ada", "password": { "271828": 1 } }), "map"),
        (json!("271828"), "string"),
    ] {
        let server = answering(ResponseTemplate::new(200).set_body_json(&body)).await;
        let error = client(&server).logins_add().token("t").body(login()).send().await.unwrap_err();
        assert!(error.to_string().contains(&format!("invalid type: {kind}, expected")), "{error}");
        assert!(!printed(&error).contains("271828"), "{error:?}");
    }
}

#[test]
fn a_password_in_the_base_url_is_shown_nowhere() {
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
