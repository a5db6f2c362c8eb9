//! What the seam says of the versions that belong together.

#[test]
fn the_seam_names_this_version() {
    let version = env!("CARGO_PKG_VERSION").rsplit_once('.').unwrap().0;
    let messages = include_str!("../src/compatible.rs");
    let named = format!("This is openapi-lower-runtime {version}");
    assert_eq!(messages.matches(&named).count(), 2, "{named}");
    assert!(messages.contains(&format!("take openapi-lower {version} as")));
}
