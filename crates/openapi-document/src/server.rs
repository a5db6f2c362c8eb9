//! Server URLs (OpenAPI 3.1, section 4.8.5).

use serde_json::Value;

/// The URL of a Server Object with the defaults of its variables, absolute or relative; `None` if
/// `url` is absent.
pub fn url(server: &Value) -> Option<String> {
    let variables = server.get("variables").and_then(Value::as_object);
    let default = |name: &str| {
        let variable = variables?.get(name)?;
        Some(variable.get("default").and_then(Value::as_str).unwrap_or_default())
    };
    let mut url = String::new();
    let mut rest = server.get("url")?.as_str()?;
    while let Some(start) = rest.find('{') {
        let (before, variable) = rest.split_at(start);
        url.push_str(before);
        let end = variable[1..].find(['{', '}']).map_or(variable.len(), |end| end + 1);
        let (name, after) = (&variable[1..end], &variable[end..]);
        match after.strip_prefix('}').and_then(|after| Some((default(name)?, after))) {
            Some((default, after)) => {
                url.push_str(default);
                rest = after;
            }
            None => {
                url.push_str(&variable[..end]);
                rest = after;
            }
        }
    }
    url.push_str(rest);
    Some(url)
}
