//! Keys and signatures by the program `openssl`, which has no code in common with this crate.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use tempfile::TempDir;

/// A private key in a file.
pub struct Key {
    folder: TempDir,
    private: PathBuf,
}

/// Runs `openssl` and returns its output.
fn run(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("openssl")
        .args(arguments)
        .output()
        .expect("these tests need the program `openssl`: apt-get install openssl");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {arguments:?}: {errors}");
    output.stdout
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

impl Key {
    /// Generates an RSA key.
    pub fn generate(bits: usize) -> Self {
        Self::with(&["-algorithm", "RSA", "-pkeyopt", &format!("rsa_keygen_bits:{bits}")])
    }

    /// Generates a key by the arguments of `openssl genpkey`.
    pub fn with(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let private = folder.path().join("private.pem");
        run(&[&["genpkey", "-out", text(&private)], arguments].concat());
        Self { folder, private }
    }

    /// A key of 2048 bits, which is generated once.
    pub fn shared() -> &'static Self {
        static KEY: OnceLock<Key> = OnceLock::new();
        KEY.get_or_init(|| Self::generate(2048))
    }

    /// The private key in PEM.
    pub fn private_pem(&self) -> String {
        fs::read_to_string(&self.private).unwrap()
    }

    /// The public key in SPKI, as PEM.
    pub fn spki_pem(&self) -> String {
        let pem = run(&["pkey", "-in", text(&self.private), "-pubout"]);
        String::from_utf8(pem).unwrap()
    }

    /// The public key in SPKI, as DER.
    pub fn spki_der(&self) -> Vec<u8> {
        run(&["pkey", "-in", text(&self.private), "-pubout", "-outform", "DER"])
    }

    /// The public key in PKCS#1, as PEM.
    pub fn pkcs1_pem(&self) -> String {
        let pem = run(&["rsa", "-in", text(&self.private), "-RSAPublicKey_out"]);
        String::from_utf8(pem).unwrap()
    }

    /// The public key in PKCS#1, as DER.
    pub fn pkcs1_der(&self) -> Vec<u8> {
        run(&["rsa", "-in", text(&self.private), "-RSAPublicKey_out", "-outform", "DER"])
    }

    /// The signature of a body.
    pub fn sign(&self, body: &[u8]) -> Vec<u8> {
        let file = self.folder.path().join("body");
        fs::write(&file, body).unwrap();
        run(&["dgst", "-sha256", "-sign", text(&self.private), text(&file)])
    }
}

/// The Base64 of bytes.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}
