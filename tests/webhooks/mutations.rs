//! Changed bodies and signatures are never accepted.

use asteroid_agents::webhooks::{Verifier, WebhookErrorKind, testing};
use proptest::{prelude::*, sample::Index, test_runner::Config};

use crate::openssl::{Key, base64};

/// A verifier, a body and its signature.
fn signed() -> (Verifier, Vec<u8>, Vec<u8>) {
    let key = Key::shared();
    let body = testing::notification("EXECUTION_COMPLETED").to_string().into_bytes();
    let signature = key.sign(&body);
    (Verifier::new(key.spki_pem()).unwrap(), body, signature)
}

#[test]
fn each_changed_bit_of_body_and_signature_fails() {
    let (verifier, body, signature) = signed();
    let header = base64(&signature);
    verifier.verify(&body, &header).unwrap();
    let flipped = |bytes: &[u8], bit: usize| {
        let mut changed = bytes.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        changed
    };
    let wrong = WebhookErrorKind::WrongSignature;
    for bit in 0..body.len() * 8 {
        let error = verifier.verify(&flipped(&body, bit), &header).unwrap_err();
        assert_eq!(error.kind(), wrong, "bit {bit} of the body");
    }
    for bit in 0..signature.len() * 8 {
        let error = verifier.verify(&body, &base64(&flipped(&signature, bit))).unwrap_err();
        assert_eq!(error.kind(), wrong, "bit {bit} of the signature");
    }
    for bit in 0..header.len() * 8 {
        let changed = flipped(header.as_bytes(), bit);
        assert!(verifier.verify(&body, changed.as_slice()).is_err(), "bit {bit} of the header");
    }
}

/// A change of bytes.
#[derive(Clone, Debug)]
enum Edit {
    Replace(Index, u8),
    Insert(Index, u8),
    Remove(Index),
    Truncate(Index),
    Repeat(Index),
    Append(Vec<u8>),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Replace(at, byte)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Edit::Insert(at, byte)),
        any::<Index>().prop_map(Edit::Remove),
        any::<Index>().prop_map(Edit::Truncate),
        any::<Index>().prop_map(Edit::Repeat),
        prop::collection::vec(any::<u8>(), 1..40).prop_map(Edit::Append),
    ]
}

fn apply(edits: &[Edit], bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for edit in edits {
        let length = bytes.len();
        match edit {
            Edit::Replace(at, byte) if length > 0 => bytes[at.index(length)] = *byte,
            Edit::Insert(at, byte) => bytes.insert(at.index(length + 1), *byte),
            Edit::Remove(at) if length > 0 => drop(bytes.remove(at.index(length))),
            Edit::Truncate(at) => bytes.truncate(at.index(length + 1)),
            Edit::Repeat(at) => bytes.extend_from_within(at.index(length + 1)..),
            Edit::Append(more) => bytes.extend(more),
            _ => {}
        }
    }
    bytes
}

#[test]
fn ten_thousand_mutants_are_refused() {
    let (verifier, body, signature) = signed();
    let header = base64(&signature).into_bytes();
    let edits = || prop::collection::vec(edit(), 0..4);
    let config = Config { cases: 10_000, failure_persistence: None, ..Config::default() };
    proptest!(config, |(of_body in edits(), of_header in edits(), fresh in any::<Option<Vec<u8>>>())| {
        let changed_body = apply(&of_body, &body);
        let changed_header = fresh.unwrap_or_else(|| apply(&of_header, &header));
        let is_same = changed_body == body && changed_header == header;
        let outcome = verifier.verify(&changed_body, changed_header.as_slice());
        prop_assert_eq!(outcome.is_ok(), is_same);
        let outcome = verifier.verify_unwrapped::<serde_json::Value>(&changed_body, changed_header.as_slice());
        prop_assert_eq!(outcome.is_ok(), is_same);
        // No key is made of it either.
        let _ = Verifier::new(String::from_utf8_lossy(&changed_header));
    });
}
