//! Any text is refused or generated: `cargo +nightly fuzz run generate` in crates/openapi-lower.

#![no_main]

use libfuzzer_sys::fuzz_target;
use openapi_lower::{Config, Document, lower};

fuzz_target!(|text: &str| {
    let Ok(document) = Document::parse(text) else { return };
    if lower(&document, &Default::default()).is_ok() {
        let config = Config::new("document.yaml");
        let _ = config.generate_from(&document);
        let _ = config.skip_refused(true).generate_from(&document);
    }
});
