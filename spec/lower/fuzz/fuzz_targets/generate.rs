//! Any text is refused or generated: `cargo +nightly fuzz run generate` in spec/lower.

#![no_main]

use libfuzzer_sys::fuzz_target;
use openapi_lower::{Document, Options, generate, lower};

fuzz_target!(|text: &str| {
    let Ok(document) = Document::parse(text) else { return };
    if lower(&document, &Default::default()).is_ok() {
        let mut options = Options::new("crate::runtime");
        let _ = generate(&document, &options);
        options.skip_refused = true;
        let _ = generate(&document, &options);
    }
});
