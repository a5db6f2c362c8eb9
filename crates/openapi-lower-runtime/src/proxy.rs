//! Proxies and loopback.

use reqwest::Url;

/// Turns the proxies of the environment and the system off for an API with a server on loopback.
///
/// A proxy could neither reach it nor be trusted with the credential. The caller may still set one.
pub(crate) fn configure<'a>(
    builder: reqwest::ClientBuilder,
    mut urls: impl Iterator<Item = &'a Url>,
) -> reqwest::ClientBuilder {
    if urls.any(is_loopback) { builder.no_proxy() } else { builder }
}

/// Whether a URL has a loopback host.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.to_canonical().is_loopback())
}
