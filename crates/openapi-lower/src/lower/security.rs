//! Security requirements: which credential a request carries, and where.

use openapi_document::Pointer;
use serde_json::{Map, Value};

use super::context::Context;
use crate::ir::Auth;

/// The first alternative of `security` that one credential can satisfy.
pub(super) fn auth(root: &Value, security: Option<&Value>, at: &Pointer, cx: &mut Context) -> Auth {
    let alternatives: Vec<_> = security
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .collect();
    let mut reason = None;
    // `{}` says that no credential is needed; one that is there doesn't hurt.
    for alternative in alternatives.iter().filter(|alternative| !alternative.is_empty()) {
        match scheme(root, alternative) {
            Ok(auth) => return auth,
            Err(why) => reason = reason.or(Some(why)),
        }
    }
    if let Some((construct, reason)) = reason
        && alternatives.iter().all(|alternative| !alternative.is_empty())
    {
        cx.refuse(at, construct, reason);
    }
    Auth::None
}

fn scheme(root: &Value, alternative: &Map<String, Value>) -> Result<Auth, (String, &'static str)> {
    let mut names = alternative.keys();
    let (Some(name), None) = (names.next(), names.next()) else {
        return Err((
            "several security schemes at once".to_owned(),
            "a client has one credential; leave one scheme in the requirement",
        ));
    };
    let place = Pointer::of(["components", "securitySchemes", name]);
    let Some(scheme) = place.resolve(root) else {
        return Err((format!("security scheme `{name}`"), "the document doesn't define it"));
    };
    let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
    let unsupported = |what: &str, why| Err((format!("security scheme `{name}`: {what}"), why));
    match text("type") {
        "apiKey" => match text("in") {
            "header" => Ok(Auth::Header(text("name").to_owned())),
            "query" => Ok(Auth::Query(text("name").to_owned())),
            "cookie" => unsupported("a key in a cookie", "clients keep no cookies"),
            place => unsupported(place, "a key is sent in a header, the query or a cookie"),
        },
        "http" => match text("scheme").to_ascii_lowercase().as_str() {
            "bearer" => Ok(Auth::Bearer),
            "basic" => Ok(Auth::Basic),
            other => unsupported(other, "of the HTTP schemes, bearer and basic are supported"),
        },
        "oauth2" | "openIdConnect" => Ok(Auth::Bearer),
        other => unsupported(other, "this type isn't supported"),
    }
}
