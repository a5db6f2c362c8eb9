//! TLS: by rustls with the ring provider, or by the platform's library. With both features, rustls
//! is used. The process-wide crypto provider of rustls isn't changed.

use crate::error::Error;
#[cfg(not(all(feature = "native-tls", not(feature = "rustls"))))]
use crate::error::ErrorKind;

/// Configures TLS by rustls.
///
/// If it isn't `needed`, since the base URL is `http`, no certificate is trusted: a machine without
/// root certificates can still reach loopback.
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
    // reqwest doesn't set ALPN (RFC 7301) on a preconfigured backend.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(builder.tls_backend_preconfigured(config))
}

/// Configures TLS by the platform's library: SChannel, Secure Transport or OpenSSL.
#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
pub(crate) fn configure(
    builder: reqwest::ClientBuilder,
    _needed: bool,
) -> Result<reqwest::ClientBuilder, Error> {
    Ok(builder.tls_backend_native())
}

/// Checks that the base URL doesn't need TLS, since the crate was built without it.
#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(crate) fn configure(
    builder: reqwest::ClientBuilder,
    needed: bool,
) -> Result<reqwest::ClientBuilder, Error> {
    if needed {
        return Err(Error::new(
            ErrorKind::Config,
            "the base URL is https, but openapi-lower-runtime was built without TLS: enable its \
             feature `rustls` or `native-tls`",
        ));
    }
    Ok(builder)
}
