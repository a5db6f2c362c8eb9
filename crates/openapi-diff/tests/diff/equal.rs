//! Equivalent documents.

use crate::{compare_sides, read_pairs};

#[test]
fn equivalent_documents_have_no_changes() {
    for (name, mut pair) in read_pairs(include_str!("equal.yaml")) {
        assert_eq!(compare_sides(&pair).changes, [], "`{name}` in equal.yaml");
        let sides = pair.as_object_mut().unwrap();
        let (old, new) = (sides.remove("old").unwrap(), sides.remove("new").unwrap());
        let swapped = serde_json::json!({ "old": new, "new": old });
        assert_eq!(compare_sides(&swapped).changes, [], "`{name}` in equal.yaml, swapped");
    }
}
