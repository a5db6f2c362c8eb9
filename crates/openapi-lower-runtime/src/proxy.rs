//! Proxies of the environment and the system.

use base64::{Engine, prelude::BASE64_STANDARD};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use reqwest::{Proxy, Url};

/// Sets the proxies that the environment or the system declares (`HTTPS_PROXY`, `HTTP_PROXY`,
/// `ALL_PROXY`, `NO_PROXY`), except for loopback: a proxy could neither reach it nor be trusted
/// with what is sent to it.
pub(crate) fn configure(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    let matcher = Matcher::from_system();
    builder.proxy(Proxy::custom(move |url| proxy_url(&matcher, url)))
}

/// Whether a URL has a loopback host.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

/// The URL of the proxy for `url`, with its credential; `None` for a direct connection.
fn proxy_url(matcher: &Matcher, url: &Url) -> Option<Url> {
    if is_loopback(url) {
        return None;
    }
    let intercept = matcher.intercept(&url.as_str().parse().ok()?)?;
    let mut proxy = Url::parse(&intercept.uri().to_string()).ok()?;
    if let Some((user, password)) = credential(&intercept) {
        proxy.set_username(&user).ok()?;
        proxy.set_password(Some(&password)).ok()?;
    }
    Some(proxy)
}

/// The user name and password of a proxy, which the matcher has encoded already for HTTP proxies.
fn credential(intercept: &Intercept) -> Option<(String, String)> {
    if let Some((user, password)) = intercept.raw_auth() {
        return Some((user.to_owned(), password.to_owned()));
    }
    let encoded = intercept.basic_auth()?.to_str().ok()?.strip_prefix("Basic ")?;
    let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}
