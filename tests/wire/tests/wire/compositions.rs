//! `allOf`, `oneOf` and `anyOf` in all combinations: what is decoded, and that it is encoded again.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use wire::documents::{
    all_of_unions, base_lists_its_children, constrained_members, contradicting_all_of,
    described_members, map_of_nodes, narrowed_schemas, one_of_beside_properties,
    recursive_compositions, union_products,
};
use wiremock::{MockServer, ResponseTemplate};

use crate::{document_client, only_request, serve};

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

/// Starts a server that responds with this JSON.
async fn serve_json(value: Value) -> MockServer {
    serve(ResponseTemplate::new(200).set_body_json(value)).await
}

#[tokio::test]
async fn responses_with_tagged_unions_are_decoded() {
    let server = serve_json(json!({ "bark": "loud", "name": "Rex", "petType": "dog" })).await;
    let pet = document_client!(base_lists_its_children, server.uri()).v().send().await.unwrap();
    let base_lists_its_children::types::Pet::Dog(dog) = pet.into_inner() else { panic!("no dog") };
    assert_eq!((dog.name.as_deref(), dog.bark.as_deref()), (Some("Rex"), Some("loud")));

    let at = "2026-01-02T03:04:05Z";
    let list = json!([{ "at": at, "status": 7 }, { "at": at, "status": 0, "result": 5 }]);
    let server = serve_json(list).await;
    let entries = document_client!(one_of_beside_properties, server.uri()).v().send().await;
    use one_of_beside_properties::types::Entry;
    let entries = entries.unwrap().into_inner();
    let [Entry::Unrecognized(_), Entry::Done(done)] = entries.as_slice() else {
        panic!("{entries:?}")
    };
    assert_eq!((done.result, done.note.as_deref()), (5, None));

    let server = serve_json(json!({ "k": "b", "x": "1" })).await;
    let u = document_client!(described_members, server.uri()).a().send().await.unwrap();
    assert!(matches!(&*u, described_members::types::U::B(b) if b.x.as_deref() == Some("1")));
}

#[tokio::test]
async fn responses_with_untagged_unions_are_decoded() {
    let server = serve_json(json!({ "a": { "leaf": true }, "b": { "label": "l" } })).await;
    let nodes = document_client!(map_of_nodes, server.uri()).v().send().await.unwrap();
    use map_of_nodes::types::Node;
    assert!(matches!(&nodes["a"], Node::Variant2(node) if node.leaf == Some(true)));
    assert!(matches!(&nodes["b"], Node::Variant1(node) if node.label.as_deref() == Some("l")));

    let server = serve_json(json!({ "p": { "a": 5 }, "f": "b", "g": "text" })).await;
    let read = document_client!(contradicting_all_of, server.uri()).v().send().await.unwrap();
    use contradicting_all_of::types::{Ca, E, VResponseG};
    let read = read.into_inner();
    assert_eq!(
        (read.p.unwrap().a, read.f, read.g),
        (Ca::Integer(5), Some(E::B), Some(VResponseG::Text("text".into())))
    );

    let server = serve_json(json!({ "p0_5": "a", "p1_0": "b" })).await;
    let union = document_client!(union_products, server.uri()).op_a().send().await.unwrap();
    let union_products::types::S0::Variant31(pair) = union.into_inner() else { panic!("no pair") };
    assert_eq!((pair.p0_5.as_str(), pair.p1_0.as_str()), ("a", "b"));
}

#[tokio::test]
async fn members_that_differ_in_their_constraints_only_are_one_type() {
    use constrained_members::types::{Host, HostLang};

    let value = json!({ "address": "::1", "port": 80, "flag": false, "lang": "en-GB" });
    let server = serve_json(value.clone()).await;
    let call = document_client!(constrained_members, server.uri()).hosts_find();
    let host: Host = call.address("127.0.0.1").send().await.unwrap().into_inner();
    assert_eq!(only_request(&server).await.url.query(), Some("address=127.0.0.1"));
    assert_eq!(serde_json::to_value(&host).unwrap(), value);
    assert_eq!((host.address.as_str(), host.port, host.flag), ("::1", Some(80), Some(false)));
    assert_eq!(host.lang, Some(HostLang::Unrecognized("en-GB".into())));
}

#[tokio::test]
async fn properties_of_every_type_are_decoded() {
    let value = json!({
        "kind": 1, "role": "user", "lang": "fr", "pinned": 3, "at": "2026-01-02T03:04:05Z",
        "on": "2026-01-02", "time": "03:04", "dur": "P1D", "ip": "::1", "uri": "no uri", "n": -1,
        "id": "67e55044-10b1-426f-9247-bb680e5fe0c8", "u": u64::MAX, "i32": i32::MIN, "f": 0.5,
        "dec": "1.50", "b64": "YQ==", "tup": ["a", 1], "set": ["a", "a"], "any": [null],
        "m": { "a": 1 },
    });
    let server = serve_json(value.clone()).await;
    let x = document_client!(all_of_unions, server.uri()).get_x().send().await.unwrap();
    let x = x.into_inner();
    assert_eq!(serde_json::to_value(&x).unwrap(), value);
    use all_of_unions::types::{Kind, Lang, Role};
    assert_eq!((x.kind, x.role), (Kind::Dm, Role::User));
    assert_eq!(
        (x.lang, x.pinned),
        (Some(Lang::Unrecognized("fr".into())), Some(Kind::Unrecognized(3)))
    );
    assert_eq!((x.u, x.i32, x.n), (Some(u64::MAX), Some(i32::MIN), Some(-1)));
}

#[tokio::test]
async fn absent_and_null_are_distinct_in_both_directions() {
    let server = serve_json(json!({ "nul": null })).await;
    let y = all_of_unions::types::Y::new().with_name("n").with_nul_null();
    let call = document_client!(all_of_unions, server.uri()).post_y().body(y);
    let read = call.send().await.unwrap().into_inner();
    assert_eq!((read.name, read.nul, read.def), (None, Some(None), None));
    assert_eq!(only_request(&server).await.body, br#"{"name":"n","nul":null}"#);
}
