//! Server URLs (OpenAPI 3.1, section 4.8.5).

use serde_json::Value;

/// The URL of a Server Object with the defaults of its variables, absolute or relative; `None` if
/// `url` is absent.
pub fn url(server: &Value) -> Option<String> {
    let mut url = server.get("url")?.as_str()?.to_owned();
    let variables = server.get("variables").and_then(Value::as_object).into_iter().flatten();
    for (name, variable) in variables {
        let default = variable.get("default").and_then(Value::as_str).unwrap_or_default();
        url = url.replace(&format!("{{{name}}}"), default);
    }
    Some(url)
}
