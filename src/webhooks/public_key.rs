//! Public RSA keys in the forms in which they are published.
//!
//! PEM (RFC 7468) or Base64 of DER, each of SPKI (RFC 5280, section 4.1) or PKCS#1 (RFC 8017,
//! appendix A.1.1). The rest of DER and X.509 isn't needed.

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

use super::error::{WebhookError, WebhookErrorKind};

/// The bytes of an SPKI before its BIT STRING: the algorithm rsaEncryption with NULL as parameters.
const RSA_ENCRYPTION: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;

/// The sizes of keys in bits. ring refuses smaller ones when it verifies; here, they are refused
/// when they are read.
const BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// The maximum length of a text: a PEM of the largest key, with some space.
const MAX_TEXT: usize = 8192;

/// A public key for signatures by RSA PKCS#1 v1.5 with SHA-256.
#[derive(Clone)]
pub(super) struct PublicKey(UnparsedPublicKey<Vec<u8>>);

impl PublicKey {
    /// Reads a key.
    pub(super) fn parse(text: &str) -> Result<Self, WebhookError> {
        let der = decode(text).ok_or_else(|| {
            invalid("expected PEM with `PUBLIC KEY` or `RSA PUBLIC KEY`, or Base64 of DER")
        })?;
        let key = pkcs1(&der)
            .ok_or_else(|| invalid("the DER is neither SPKI nor PKCS#1 of an RSA key"))?;
        let bits = modulus_bits(key).ok_or_else(|| invalid("its numbers are no RSA key"))?;
        if !BITS.contains(&bits) {
            let (min, max) = (BITS.start(), BITS.end());
            return Err(invalid(format!("{bits} bits: a key must have {min} to {max}")));
        }
        Ok(Self(UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key.to_vec())))
    }

    /// Whether the private half of this key made the signature of `message`.
    pub(super) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify(message, signature).is_ok()
    }
}

fn invalid(reason: impl Into<String>) -> WebhookError {
    WebhookError::new(WebhookErrorKind::Key, reason)
}

/// Decodes PEM or Base64 to DER.
fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_ascii();
    if text.len() > MAX_TEXT {
        return None;
    }
    let base64 = match text.strip_prefix("-----BEGIN ") {
        None => text,
        Some(rest) => {
            let (label, rest) = rest.split_once("-----")?;
            if !["PUBLIC KEY", "RSA PUBLIC KEY"].contains(&label) {
                return None;
            }
            rest.strip_suffix(&format!("-----END {label}-----"))?
        }
    };
    let base64: Vec<u8> = base64.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let der = STANDARD.decode(&base64).ok()?;
    // The Base64 of a whole PEM.
    match std::str::from_utf8(&der) {
        Ok(inner) if text.as_bytes() != inner.as_bytes() && inner.starts_with("-----BEGIN ") => {
            decode(inner)
        }
        _ => Some(der),
    }
}

/// The PKCS#1 key in a DER of SPKI or PKCS#1.
fn pkcs1(der: &[u8]) -> Option<&[u8]> {
    let content = only(der, SEQUENCE)?;
    match content.strip_prefix(&RSA_ENCRYPTION) {
        // No unused bits.
        Some(key) => only(key, BIT_STRING)?.strip_prefix(&[0]),
        None => Some(der),
    }
}

/// The number of bits of the modulus of a PKCS#1 key with a usable exponent.
fn modulus_bits(key: &[u8]) -> Option<usize> {
    let (modulus, rest) = element(only(key, SEQUENCE)?, INTEGER)?;
    let (modulus, exponent) = (positive(modulus)?, positive(only(rest, INTEGER)?)?);
    let is_odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    // The exponents that ring accepts: odd, from 3 to 33 bits.
    let is_usable =
        exponent != [1] && exponent.len() <= 5 && (exponent.len() < 5 || exponent[0] == 1);
    if !is_odd(modulus) || !is_odd(exponent) || !is_usable {
        return None;
    }
    Some(modulus.len() * 8 - modulus.first()?.leading_zeros() as usize)
}

/// The digits of a positive INTEGER, without the zero of its sign.
fn positive(integer: &[u8]) -> Option<&[u8]> {
    match integer {
        [0, digits @ ..] if digits.first().is_some_and(|first| *first >= 0x80) => Some(digits),
        [1..=0x7f, ..] => Some(integer),
        _ => None,
    }
}

/// The content of the only element.
fn only(der: &[u8], tag: u8) -> Option<&[u8]> {
    element(der, tag).filter(|(_, rest)| rest.is_empty()).map(|(content, _)| content)
}

/// The content of the first element, which has this tag, and what follows it. Lengths are in the
/// shortest form, as DER requires.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (length, rest) = match der.strip_prefix(&[tag])? {
        [length @ 0..=0x7f, rest @ ..] => (usize::from(*length), rest),
        [0x81, length @ 0x80..=0xff, rest @ ..] => (usize::from(*length), rest),
        [0x82, high @ 1..=0xff, low, rest @ ..] => {
            (usize::from(*high) << 8 | usize::from(*low), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}
