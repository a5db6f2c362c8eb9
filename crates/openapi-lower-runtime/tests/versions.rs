//! The versions that compile errors of generated code name.

#[test]
fn compile_errors_name_this_version() {
    let version = env!("CARGO_PKG_VERSION").rsplit_once('.').unwrap().0;
    let messages = include_str!("../src/compatible.rs");
    let this = format!("This is openapi-lower-runtime {version}");
    assert_eq!(messages.matches(&this).count(), 2, "{this}");
    assert!(messages.contains(&format!("use openapi-lower {version} as")));
}
