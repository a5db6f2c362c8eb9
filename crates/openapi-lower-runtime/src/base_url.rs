//! Base URLs of servers.

use reqwest::Url;

use crate::{
    error::{Error, ErrorKind},
    proxy::is_loopback,
};

/// Parses and checks a base URL, and removes trailing slashes from its path.
pub(crate) fn parse(text: &str, allow_http: bool) -> Result<Url, Error> {
    let config = |message: String| Error::new(ErrorKind::Config, message);
    let mut url = Url::parse(text).map_err(|error| {
        // Text that may contain a password isn't repeated.
        let shown = if text.contains(['@', '?']) { String::new() } else { format!(" `{text}`") };
        config(format!("base URL{shown}: {error}"))
    })?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(config("base URL: remove the user name and password".to_owned()));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(config("base URL: remove the query and the fragment".to_owned()));
    }
    match url.scheme() {
        "https" => {}
        "http" if allow_http || is_loopback(&url) => {}
        "http" => {
            return Err(config(format!(
                "base URL `{text}`: http would send the key unencrypted; use https, or call \
                 `allow_http`"
            )));
        }
        _ => return Err(config(format!("base URL `{text}`: the scheme must be https"))),
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}
