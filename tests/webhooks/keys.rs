//! Public keys in all forms, and several of them.

use asteroid_agents::webhooks::{Verifier, WebhookErrorKind, testing::Signer};

use crate::openssl::{Key, base64};

const BODY: &[u8] = b"{\"event_id\":\"1\",\"info\":{\"event\":\"EXECUTION_STARTED\"}}";

#[test]
fn signatures_of_openssl_verify_with_keys_in_all_forms() {
    for bits in [2048, 4096] {
        let key = Key::generate(bits);
        let signature = base64(&key.sign(BODY));
        let windows = key.spki_pem().replace('\n', "\r\n");
        let forms = [
            key.spki_pem(),
            key.pkcs1_pem(),
            base64(&key.spki_der()),
            base64(&key.pkcs1_der()),
            base64(key.spki_pem().as_bytes()),
            format!("\n  {windows}\n"),
        ];
        for form in forms {
            let verifier = Verifier::new(&form).unwrap_or_else(|error| panic!("{error}\n{form}"));
            verifier.verify_signature(BODY, &signature).unwrap();
            let event = verifier.verify(BODY, signature.as_bytes()).unwrap();
            assert_eq!(event.id(), "1");
            // The signature as raw bytes, as hexadecimal digits, of another body.
            let raw = key.sign(BODY);
            let hex: String = raw.iter().map(|byte| format!("{byte:02x}")).collect();
            assert!(verifier.verify_signature(BODY, raw.as_slice()).is_err());
            assert!(verifier.verify_signature(BODY, hex.as_str()).is_err());
            assert!(verifier.verify_signature(b"{}", &signature).is_err());
        }
    }
}

#[test]
fn each_changed_bit_of_a_key_makes_it_another_or_none() {
    let key = Key::shared();
    let signature = base64(&key.sign(BODY));
    for der in [key.spki_der(), key.pkcs1_der()] {
        for bit in 0..der.len() * 8 {
            let mut changed = der.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            if let Ok(verifier) = Verifier::new(base64(&changed)) {
                let outcome = verifier.verify_signature(BODY, &signature);
                assert!(outcome.is_err(), "bit {bit} of {}", der.len());
            }
        }
        // Cut off, or with more behind it.
        for length in 0..der.len() {
            assert!(Verifier::new(base64(&der[..length])).is_err(), "{length} bytes");
        }
        assert!(Verifier::new(base64(&[der.as_slice(), &[0]].concat())).is_err());
    }
}

#[test]
fn keys_that_are_small_or_of_another_kind_are_refused() {
    let small = Key::generate(1024);
    let elliptic = Key::with(&["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    let refused = [
        small.spki_pem(),
        small.pkcs1_pem(),
        base64(&small.spki_der()),
        elliptic.spki_pem(),
        Key::shared().private_pem(),
        Key::shared().spki_pem().replace("PUBLIC KEY", "CERTIFICATE"),
        Key::shared().spki_pem().replace("END PUBLIC", "END RSA PUBLIC"),
        base64(b"no key"),
        String::new(),
        "-----BEGIN PUBLIC KEY-----".to_owned(),
        "A".repeat(100_000),
        "é".to_owned(),
    ];
    for key in refused {
        let error = Verifier::new(&key).unwrap_err();
        assert_eq!(error.kind(), WebhookErrorKind::Key, "{key}");
        assert_eq!(error.status(), 500);
    }
    let error = Verifier::new(small.spki_pem()).unwrap_err().to_string();
    assert_eq!(error, "webhook: invalid public key: 1024 bits: a key must have 2048 to 8192");
    // A large one.
    let large = Key::generate(3072);
    let signature = base64(&large.sign(BODY));
    Verifier::new(large.spki_pem()).unwrap().verify_signature(BODY, &signature).unwrap();
}

#[test]
fn each_of_several_keys_verifies() {
    let signers = [Signer::generate().unwrap(), Signer::generate().unwrap()];
    let signatures = signers.each_ref().map(|signer| signer.sign(BODY).unwrap());
    let [first, second] = signers.each_ref().map(Signer::public_key);
    let both = Verifier::new(&first).unwrap().and(&second).unwrap();
    for signature in &signatures {
        both.verify(BODY, signature).unwrap();
    }
    let error = Verifier::new(&first).unwrap().verify(BODY, &signatures[1]).unwrap_err();
    assert_eq!(error.kind(), WebhookErrorKind::WrongSignature);
    assert!(Verifier::new(&first).unwrap().and("no key").is_err());
    assert!(!format!("{both:?}").contains(&first[40..60]), "{both:?}");
    // Its public key is that of OpenSSL for the same private key.
    let key = Key::shared();
    let signer = Signer::from_pem(&key.private_pem()).unwrap();
    let verifier = Verifier::new(key.spki_pem()).unwrap();
    verifier.verify(BODY, &signer.sign(BODY).unwrap()).unwrap();
    let verifier = Verifier::new(signer.public_key()).unwrap();
    verifier.verify(BODY, &base64(&key.sign(BODY))).unwrap();
}
