//! `allOf`, `oneOf` and `anyOf` in all combinations: what is decoded, and that it is encoded again.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use wire::documents::{
    all_of_unions, base_lists_its_children, contradicting_all_of, described_members, map_of_nodes,
    narrowed_schemas, one_of_beside_properties, recursive_compositions, shared_responses,
    union_products,
};

/// Decodes a value, and asserts that it is encoded as it was.
fn decode<T: DeserializeOwned + Serialize>(value: &Value) -> T {
    let decoded: T =
        serde_json::from_value(value.clone()).unwrap_or_else(|e| panic!("{e}: {value}"));
    assert_eq!(serde_json::to_value(&decoded).unwrap(), *value);
    decoded
}

#[test]
fn a_base_that_lists_its_children_is_their_union() {
    use base_lists_its_children::types::Pet;

    let cat = decode::<Pet>(&json!({ "petType": "cat", "name": "Tom", "lives": 9 }));
    let Pet::Cat(cat) = cat else { panic!("{cat:?}") };
    assert_eq!((cat.name.as_deref(), cat.lives), (Some("Tom"), Some(9)));
    let bird = json!({ "petType": "bird", "wings": 2 });
    assert_eq!(decode::<Pet>(&bird), Pet::Unrecognized(bird));
}

#[test]
fn properties_beside_a_union_are_in_each_member() {
    use one_of_beside_properties::types::Entry;

    let at = "2026-01-02T03:04:05Z";
    let list = json!([
        { "at": at, "status": 1, "error": "broken", "note": "n" },
        { "at": at, "status": 0, "result": 5 },
        { "at": at, "status": 7 },
    ]);
    let entries = decode::<Vec<Entry>>(&list);
    let [Entry::Failed(failed), Entry::Done(done), Entry::Unrecognized(unknown)] =
        entries.as_slice()
    else {
        panic!("{entries:?}")
    };
    assert_eq!((failed.error.as_str(), failed.note.as_deref()), ("broken", Some("n")));
    assert_eq!((done.result, done.at.to_rfc3339()), (5, "2026-01-02T03:04:05+00:00".into()));
    assert_eq!(unknown["status"], 7);
}

#[test]
fn all_of_a_union_is_the_union_of_its_members_with_the_rest() {
    use all_of_unions::types::{PropsUnion, SearchResult};

    let page = json!({ "page": 1, "hitsPerPage": 20, "hits": ["a"] });
    let SearchResult::Page(page) = decode(&page) else { panic!("not a page") };
    assert_eq!((page.page, page.hits.as_slice()), (1, &["a".to_owned()][..]));
    let offset = json!({ "offset": 1, "limit": 20, "hits": [] });
    assert!(matches!(decode(&offset), SearchResult::Offset(_)));
    let event = json!({ "event": "a", "data": "d", "x": 1 });
    let PropsUnion::A(event) = decode(&event) else { panic!("not a") };
    assert_eq!((event.data.as_deref(), event.x), (Some("d"), 1));
    assert!(matches!(decode(&json!({ "event": "c" })), PropsUnion::Unrecognized(_)));
}

#[test]
fn unions_of_constants_are_one_open_enum() {
    use all_of_unions::types::{Kind, Lang, Role};

    assert_eq!(decode::<Role>(&json!("admin")), Role::Admin);
    assert_eq!(decode::<Role>(&json!("guest")), Role::Unrecognized("guest".into()));
    assert_eq!(decode::<Kind>(&json!(2)), Kind::Voice);
    assert_eq!(decode::<Kind>(&json!(9)), Kind::Unrecognized(9));
    assert_eq!(decode::<Lang>(&json!("en")), Lang::En);
    assert_eq!(decode::<Lang>(&json!("fr")), Lang::Unrecognized("fr".into()));
    let x = decode::<all_of_unions::types::X>(&json!({ "kind": 0, "role": "user", "pinned": 2 }));
    assert_eq!((x.kind, x.pinned), (Kind::Text, Some(Kind::Voice)));
}

#[test]
fn the_tag_decides_whatever_stands_beside_the_references() {
    use described_members::types::U;

    // The first member would fit, too.
    assert!(matches!(decode(&json!({ "k": "b", "x": "1" })), U::B(_)));
    assert!(matches!(decode(&json!({ "k": "a", "x": "1" })), U::A(_)));
    assert!(matches!(decode(&json!({ "k": "c" })), U::Unrecognized(_)));
}

#[test]
fn narrowed_schemas_keep_their_types() {
    use narrowed_schemas::types::{E, V, VConsts, VMixed, VSplit};

    let value = json!({
        "narrowed": "c", "described": "a", "patterned": "b", "bounded": 0, "listed": [],
        "mapped": { "a": "b" }, "inline": "z", "uuidish": "67e55044-10b1-426f-9247-bb680e5fe0c8",
        "consts": "b", "enums1": "a", "split": "c", "mixed": 5, "nullnarrow": "a", "notin": "c",
        "openenum": "other",
    });
    let V { narrowed, consts, split, mixed, openenum, listed, .. } = decode::<V>(&value);
    assert_eq!((narrowed, consts, split), (Some(E::C), Some(VConsts::B), Some(VSplit::C)));
    assert_eq!(
        (mixed, openenum),
        (Some(VMixed::Integer(5)), Some(E::Unrecognized("other".into())))
    );
    assert_eq!(listed, Some(Vec::new()));
    let auto = decode::<V>(&json!({ "mixed": "auto" }));
    assert!(matches!(auto.mixed, Some(VMixed::Auto(_))), "{auto:?}");
}

#[test]
fn maps_of_nodes_that_hold_maps_are_decoded() {
    use map_of_nodes::types::Node;

    let value = json!({ "label": "root", "children": { "a": { "leaf": true } } });
    let Node::Variant1(node) = decode(&value) else { panic!("not the first that fits") };
    assert!(matches!(node.children.as_ref().unwrap()["a"], Node::Variant2(_)));
}

#[test]
fn contradicting_schemas_are_read_as_either() {
    use contradicting_all_of::types::{C, Ca};

    let c = decode::<C>(&json!({ "a": "text", "o": { "x": "1", "y": "2" } }));
    assert_eq!(c.a, Ca::Text("text".into()));
    assert_eq!(c.o.unwrap().y.as_deref(), Some("2"));
    assert_eq!(decode::<C>(&json!({ "a": 5 })).a, Ca::Integer(5));
}

#[test]
fn all_of_two_unions_is_the_union_of_all_pairs() {
    use union_products::types::S0;

    let union = decode::<S0>(&json!({ "p0_3": "a", "p1_4": "b" }));
    let S0::Variant23(pair) = &union else { panic!("{union:?}") };
    assert_eq!((pair.p0_3.as_str(), pair.p1_4.as_str()), ("a", "b"));
}

#[test]
fn a_composition_that_contains_itself_is_one_type() {
    use recursive_compositions::types::Item;

    let item = decode::<Item>(&json!({ "parent": { "parent": { "parent": null } } }));
    assert!(item.parent.flatten().unwrap().parent.flatten().is_some());
}

#[test]
fn a_shared_response_is_one_type() {
    use shared_responses::types::{Bad, Sort};

    assert_eq!(decode::<Bad>(&json!({ "message": "no" })).message.as_deref(), Some("no"));
    assert_eq!(decode::<Sort>(&json!("a")), Sort::A);
}
