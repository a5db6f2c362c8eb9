//! Variables of the document's server URL (OpenAPI 3.1, section 4.8.6).

use std::collections::BTreeMap;

use crate::error::{Error, ErrorKind};

/// A server URL with variables: `https://{region}.api.example/{version}`.
#[derive(Clone, Copy, Debug)]
pub struct ServerTemplate {
    /// The URL, with the names of variables in braces.
    pub url: &'static str,
    /// The variables.
    pub variables: &'static [ServerVariable],
}

/// A variable of a server URL.
#[derive(Clone, Copy, Debug)]
pub struct ServerVariable {
    /// The name.
    pub name: &'static str,
    /// The value by default.
    pub default: &'static str,
    /// The values that are allowed; any, if there are none.
    pub values: &'static [&'static str],
}

impl ServerTemplate {
    /// The URL with these values of variables.
    ///
    /// # Errors
    ///
    /// If the URL has no variable of a name, or a value isn't allowed: one that isn't listed, or
    /// has characters by which it would change more of the URL than its place.
    pub(crate) fn expand(self, values: &BTreeMap<String, String>) -> Result<String, Error> {
        let config = |message: String| Error::new(ErrorKind::Config, message);
        if let Some(name) = values.keys().find(|name| self.variable(name).is_none()) {
            let known: Vec<_> =
                self.variables.iter().map(|one| format!("`{}`", one.name)).collect();
            let known = match known.is_empty() {
                true => "none".to_owned(),
                false => known.join(", "),
            };
            return Err(config(format!("the server has no variable `{name}`: it has {known}")));
        }
        let (host, path) = split_path(self.url);
        let host = self.replace(host, values, false).map_err(config)?;
        let path = self.replace(path, values, true).map_err(config)?;
        Ok(host + &path)
    }

    fn variable(&self, name: &str) -> Option<&'static ServerVariable> {
        self.variables.iter().find(|variable| variable.name == name)
    }

    /// Replaces the variables of a part of the URL.
    fn replace(
        &self,
        part: &str,
        values: &BTreeMap<String, String>,
        is_path: bool,
    ) -> Result<String, String> {
        let mut replaced = part.to_owned();
        for variable in self.variables {
            let placeholder = format!("{{{}}}", variable.name);
            if !replaced.contains(&placeholder) {
                continue;
            }
            let value = match values.get(variable.name) {
                Some(value) => {
                    check(variable, value, is_path)?;
                    value.as_str()
                }
                None => variable.default,
            };
            replaced = replaced.replace(&placeholder, value);
        }
        Ok(replaced)
    }
}

/// Splits a URL before its path.
fn split_path(url: &str) -> (&str, &str) {
    let host = url.find("://").map_or(0, |scheme| scheme + 3);
    url.split_at(url[host..].find('/').map_or(url.len(), |path| host + path))
}

/// Checks that a value is allowed.
fn check(variable: &ServerVariable, value: &str, is_path: bool) -> Result<(), String> {
    let name = variable.name;
    // What the document lists is its own.
    if variable.values.contains(&value) {
        return Ok(());
    }
    if !variable.values.is_empty() {
        let values = variable.values.join(", ");
        return Err(format!("server variable `{name}`: it must be one of {values}"));
    }
    // Unreserved characters (RFC 3986, section 2.3), and slashes between segments of a path.
    let is_allowed =
        |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c) || (is_path && c == '/');
    let is_dots = value.split('/').any(|segment| segment == "." || segment == "..");
    if is_dots || (value.is_empty() && !is_path) || !value.chars().all(is_allowed) {
        let what = if is_path { "segments of a path" } else { "a part of a host name" };
        return Err(format!("server variable `{name}`: the value isn't {what}"));
    }
    Ok(())
}
