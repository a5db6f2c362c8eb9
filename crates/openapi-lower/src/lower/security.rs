//! Security requirements: the kinds and locations of credentials (OpenAPI 3.1, section 4.8.30).

use openapi_document::Pointer;
use serde_json::{Map, Value};

use super::{
    diagnostics::Diagnostics,
    tokens::{NOT_A_TOKEN, is_derived_header, is_token},
};
use crate::{
    collect::Collect,
    ir::{Auth, SecurityScheme},
    json,
};

/// The alternative requirements of `security` that a client can satisfy. Refuses `security` if
/// there is none.
pub(super) fn requirements(
    root: &Value,
    security: Option<&Value>,
    at: &Pointer,
    diagnostics: &mut Diagnostics,
) -> Vec<Vec<SecurityScheme>> {
    let alternatives = json::items(security).iter();
    let (mut supported, mut refused) = (Vec::new(), Vec::new());
    for alternative in alternatives.filter_map(Value::as_object) {
        match requirement(root, alternative) {
            Ok(schemes) => supported.push(schemes),
            Err(Unsupported::Undefined(name)) => diagnostics.warn(
                at,
                format!(
                    "security scheme `{name}` isn't in `components/securitySchemes`: nothing is \
                     sent for it"
                ),
            ),
            Err(Unsupported::Refused(construct, reason)) => refused.push((construct, reason)),
        }
    }
    for (construct, reason) in refused {
        match supported.is_empty() {
            true => diagnostics.refuse(at, construct, reason),
            false => diagnostics.warn(at, format!("not offered: {construct}: {reason}")),
        }
    }
    supported
}

/// The reason why a client can't satisfy a requirement.
enum Unsupported {
    /// It has a scheme of this name, which isn't defined.
    Undefined(String),
    /// A construct, and the reason.
    Refused(String, &'static str),
}

/// The schemes of one alternative.
fn requirement(
    root: &Value,
    alternative: &Map<String, Value>,
) -> Result<Vec<SecurityScheme>, Unsupported> {
    let mut schemes: Vec<SecurityScheme> = Vec::new();
    for (name, scopes) in alternative {
        let pointer = Pointer::from_segments(["components", "securitySchemes", name]);
        let Some(scheme) = pointer.resolve(root) else {
            return Err(Unsupported::Undefined(name.clone()));
        };
        // The client's certificate is part of the connection.
        if scheme.get("type").is_some_and(|kind| kind == "mutualTLS") {
            continue;
        }
        let auth = auth(name, scheme)
            .map_err(|(construct, reason)| Unsupported::Refused(construct, reason))?;
        let place = |auth: &Auth| match auth {
            Auth::Header(name) => format!("header {}", name.to_ascii_lowercase()),
            Auth::Bearer | Auth::Basic => "header authorization".to_owned(),
            other => format!("{other:?}"),
        };
        if schemes.iter().any(|one| place(&one.auth) == place(&auth)) {
            let construct = format!("security schemes `{}` and `{name}`", schemes[0].name);
            let reason = "both are sent in one place of a request; keep one of them";
            return Err(Unsupported::Refused(construct, reason));
        }
        let scopes = json::items(Some(scopes)).iter().filter_map(Value::as_str);
        let scopes = scopes.map(str::to_owned).collect_vec();
        schemes.push(SecurityScheme { name: name.clone(), auth, scopes });
    }
    Ok(schemes)
}

/// The authentication by a scheme; `Err` has the construct and the reason of a refusal.
fn auth(name: &str, scheme: &Value) -> Result<Auth, (String, &'static str)> {
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
