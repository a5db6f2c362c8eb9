//! TLS: by rustls with the ring provider, without touching the process-wide default, or by what the
//! platform has. With both features it is rustls.

use crate::error::Error;
#[cfg(not(all(feature = "native-tls", not(feature = "rustls"))))]
use crate::error::ErrorKind;

/// Sets up TLS. Without `needed` (a base URL of plain http) no certificate is trusted, so that a
/// machine without any can still talk to loopback.
#[cfg(feature = "rustls")]
pub(crate) fn configure(
    builder: reqwest::ClientBuilder,
    needed: bool,
) -> Result<reqwest::ClientBuilder, Error> {
    use std::sync::Arc;

    use rustls::{ClientConfig, RootCertStore, crypto::ring};
    use rustls_platform_verifier::BuilderVerifierExt;

    let failed = |error: rustls::Error| {
        Error::new(ErrorKind::Config, "TLS can't be set up").with_source(error)
    };
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(failed)?;
    let mut config = if needed {
        config.with_platform_verifier().map_err(failed)?.with_no_client_auth()
    } else {
        config.with_root_certificates(RootCertStore::empty()).with_no_client_auth()
    };
    // A configuration of one's own doesn't get reqwest's ALPN (RFC 7301).
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(builder.tls_backend_preconfigured(config))
}

/// The platform's TLS needs nothing set up: SChannel, Secure Transport, or OpenSSL.
#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
pub(crate) fn configure(
    builder: reqwest::ClientBuilder,
    _needed: bool,
) -> Result<reqwest::ClientBuilder, Error> {
    Ok(builder.tls_backend_native())
}

/// Without TLS only plain http can be spoken.
#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(crate) fn configure(
    builder: reqwest::ClientBuilder,
    needed: bool,
) -> Result<reqwest::ClientBuilder, Error> {
    if needed {
        return Err(Error::new(
            ErrorKind::Config,
            "the base URL is https, but this crate was built without TLS: enable its feature `rustls` or `native-tls`",
        ));
    }
    Ok(builder)
}
