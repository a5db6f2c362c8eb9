//! Security requirements: the kind and location of the credential.

use openapi_document::Pointer;
use serde_json::{Map, Value};

use super::{
    diagnostics::Diagnostics,
    tokens::{NOT_A_TOKEN, is_derived_header, is_token},
};
use crate::ir::Auth;

/// Chooses the first alternative of `security` that a single credential satisfies. Refuses the
/// requirement if there is none.
pub(super) fn auth(
    root: &Value,
    security: Option<&Value>,
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Auth {
    let alternatives: Vec<_> = security
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .collect();
    let mut reason = None;
    // `{}` means that no credential is required, but one may be sent (OpenAPI 3.1, section 4.8.30).
    for alternative in alternatives.iter().filter(|alternative| !alternative.is_empty()) {
        match scheme(root, alternative) {
            Ok(auth) => return auth,
            Err(why) => reason = reason.or(Some(why)),
        }
    }
    if let Some((construct, reason)) = reason
        && alternatives.iter().all(|alternative| !alternative.is_empty())
    {
        diagnostics.refuse(at, construct, reason);
    }
    Auth::None
}

/// The authentication by one alternative; `Err` has the construct and the reason of a refusal.
fn scheme(root: &Value, alternative: &Map<String, Value>) -> Result<Auth, (String, &'static str)> {
    let mut names = alternative.keys();
    let (Some(name), None) = (names.next(), names.next()) else {
        return Err((
            "several security schemes in one requirement".to_owned(),
            "a client has one credential; keep one scheme",
        ));
    };
    let pointer = Pointer::from_segments(["components", "securitySchemes", name]);
    let Some(scheme) = pointer.resolve(root) else {
        return Err((
            format!("security scheme `{name}`"),
            "not found in `components/securitySchemes`",
        ));
    };
    let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
    let unsupported =
        |value: &str, reason| Err((format!("security scheme `{name}`: {value}"), reason));
    match text("type") {
        "apiKey" => match text("in") {
            "header" if is_derived_header(text("name")) => {
                unsupported(&format!("header `{}`", text("name")), "it is derived from the request")
            }
            "header" if is_token(text("name")) => Ok(Auth::Header(text("name").to_owned())),
            "header" => unsupported(&format!("header `{}`", text("name")), NOT_A_TOKEN),
            "query" => Ok(Auth::Query(text("name").to_owned())),
            "cookie" if is_token(text("name")) => Ok(Auth::Cookie(text("name").to_owned())),
            "cookie" => unsupported(&format!("cookie `{}`", text("name")), NOT_A_TOKEN),
            location => unsupported(location, "`in` must be `header`, `query` or `cookie`"),
        },
        "http" => match text("scheme").to_ascii_lowercase().as_str() {
            "bearer" => Ok(Auth::Bearer),
            "basic" => Ok(Auth::Basic),
            other => unsupported(other, "only the HTTP schemes `bearer` and `basic` are supported"),
        },
        "oauth2" | "openIdConnect" => Ok(Auth::Bearer),
        other => unsupported(other, "this type is not supported"),
    }
}
