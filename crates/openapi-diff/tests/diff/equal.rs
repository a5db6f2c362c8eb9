//! What means the same is no change.

use crate::{compared, pairs};

#[test]
fn equal_meaning_is_no_change() {
    for (name, mut pair) in pairs(include_str!("equal.yaml")) {
        assert_eq!(compared(&pair).changes, [], "{name}");
        let sides = pair.as_object_mut().unwrap();
        let (old, new) = (sides.remove("old").unwrap(), sides.remove("new").unwrap());
        let back = serde_json::json!({ "old": new, "new": old });
        assert_eq!(compared(&back).changes, [], "{name}, the other way round");
    }
}
