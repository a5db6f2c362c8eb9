//! Generated types: unions, presence, defaults, unknown values.

use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use wire::types::{self, AnyShape};
use wiremock::ResponseTemplate;

use crate::{document_client, only_request, serve};

/// Decodes a value from JSON; the error is its text.
fn decode<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

/// Encodes a value as JSON.
fn encode<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn the_tag_selects_the_variant_at_any_position() {
    for text in [
        r#"{"kind":"circle","radius":2.5,"at":{"unit":"mm","w":1}}"#,
        r#"{"radius":2.5,"kind":"circle","at":{"unit":"mm","w":1}}"#,
        r#"{"radius":2.5,"at":{"unit":"mm","w":1},"kind":"circle"}"#,
    ] {
        let shape: AnyShape = decode(text).unwrap();
        let AnyShape::Circle(circle) = &shape else { panic!("{shape:?}") };
        assert_eq!((circle.radius, circle.at.as_ref().unwrap().w), (2.5, Some(1.0)));
        assert_eq!(encode(&shape).to_string().matches("kind").count(), 1);
    }
    // From a value or reader, from which nothing can be borrowed.
    let shape: AnyShape = serde_json::from_value(json!({ "radius": 1, "kind": "circle" })).unwrap();
    assert_eq!(shape, types::ShapeCircle::new(1.0).into());
    let shape: AnyShape =
        serde_json::from_reader(r#"{"a":"\\u0061","kind":"square","side":1}"#.as_bytes()).unwrap();
    assert_eq!(shape, AnyShape::Square(types::ShapeSquare::new(1)));
}

#[test]
fn a_tag_is_encoded_once() {
    let circle = AnyShape::from(types::ShapeCircle::new(1.0));
    assert_eq!(encode(&circle), json!({ "kind": "circle", "radius": 1.0 }));
    // Without its union, it has the tag too.
    assert_eq!(encode(&types::ShapeCircle::new(1.0)), json!({ "kind": "circle", "radius": 1.0 }));
    let square = AnyShape::Square(types::ShapeSquare::new(2));
    assert_eq!(encode(&square), json!({ "kind": "square", "side": 2 }));
    // A type with two tags has the one of its variant.
    let free = AnyShape::FreeHand2(types::ShapeFree::new("anything"));
    assert_eq!(encode(&free), json!({ "kind": "free_hand" }));
    for tag in ["free-hand", "free_hand"] {
        let text = format!(r#"{{"kind":"{tag}","points":[1.0]}}"#);
        assert_eq!(encode(&decode::<AnyShape>(&text).unwrap()).to_string(), text);
    }
}

#[test]
fn unions_may_be_nested() {
    let text =
        r#"{"kind":"group","members":[{"kind":"group","members":[{"side":1,"kind":"square"}]}]}"#;
    let shape: AnyShape = decode(text).unwrap();
    let AnyShape::Group(group) = &shape else { panic!("{shape:?}") };
    let AnyShape::Group(inner) = &group.members[0] else { panic!("{group:?}") };
    assert_eq!(inner.members, [types::ShapeSquare::new(1).into()]);
    assert_eq!(encode(&shape), decode::<Value>(text).unwrap());
}

#[test]
fn a_value_with_an_unknown_tag_round_trips() {
    for text in [
        r#"{"kind":"hexagon","sides":[1,2,{"deep":null}],"n":1e3}"#,
        r#"{"sides":"","kind":"hexagon"}"#,
        r#"{"kind":7}"#,
    ] {
        let shape: AnyShape = decode(text).unwrap();
        assert!(matches!(shape, AnyShape::Unrecognized(_)), "{shape:?}");
        assert_eq!(encode(&shape), decode::<Value>(text).unwrap());
    }
}

#[test]
fn errors_name_variant_and_field() {
    let error = decode::<AnyShape>(r#"{"kind":"circle","radius":"wide"}"#).unwrap_err();
    assert!(error.starts_with("variant `circle`: radius: invalid type: string"), "{error}");
    let error = decode::<AnyShape>(r#"{"radius":"wide","kind":"circle"}"#).unwrap_err();
    assert!(error.starts_with("variant `circle`: radius: invalid type: string"), "{error}");
    assert!(error.contains("\"wide\", expected f64 at line 1 column "), "{error}");
    let error = decode::<AnyShape>(r#"{"kind":"circle"}"#).unwrap_err();
    assert!(error.starts_with("variant `circle`: missing field `radius`"), "{error}");
    let without_tag = decode::<AnyShape>(r#"{"radius":1}"#).unwrap();
    assert_eq!(without_tag, AnyShape::Unrecognized(json!({ "radius": 1 })));
    assert_eq!(decode::<AnyShape>("[1]").unwrap(), AnyShape::Unrecognized(json!([1])));
    let nested = r#"{"members":[{"side":"x","kind":"square"}],"kind":"group"}"#;
    let error = decode::<AnyShape>(nested).unwrap_err();
    // The index is known to errors of responses, and in builds without optimization.
    assert!(error.starts_with("variant `group`: members"), "{error}");
    assert!(error.contains(": variant `square`: side: invalid type"), "{error}");
}

#[test]
fn absent_null_and_set_are_distinct() {
    let shape = || types::ShapeSquare::new(1);
    let drawing = || types::Drawing::new(None, shape());
    let base = json!({ "shape": { "kind": "square", "side": 1 }, "colour": null });
    assert_eq!(encode(&drawing()), base);
    assert_eq!(encode(&drawing().with_title("t"))["title"], "t");
    assert_eq!(encode(&drawing().with_title_null()).get("title"), Some(&Value::Null));
    for title in [json!(null), json!("t")] {
        let mut sent = base.clone();
        sent["title"] = title;
        let read: types::Drawing = serde_json::from_value(sent.clone()).unwrap();
        assert_eq!(encode(&read), sent);
    }
    // A property of any type may be null.
    let mut sent = base.clone();
    sent["meta"] = Value::Null;
    assert_eq!(encode(&serde_json::from_value::<types::Drawing>(sent.clone()).unwrap()), sent);
    // A required nullable property must be present.
    let error = decode::<types::Drawing>(r#"{"shape":{"kind":"square","side":1}}"#).unwrap_err();
    assert!(error.starts_with("missing field `colour`"), "{error}");
    // An undocumented null counts as absent for an optional property, and is an error otherwise.
    let drawn: types::Drawn = decode(r#"{"shapes":[],"old":null,"scale":null}"#).unwrap();
    assert_eq!(drawn.scale, 1.5);
    assert!(decode::<types::Drawn>(r#"{"shapes":null}"#).is_err());
}

#[test]
fn defaults_are_set_when_decoding_and_not_sent() {
    let drawn: types::Drawn = decode(r#"{"shapes":[]}"#).unwrap();
    assert_eq!((drawn.scale, drawn.unit.as_str()), (1.5, "mm"));
    let drawing = types::Drawing::new(Some("red".to_owned()), types::ShapeSquare::new(1));
    assert!(encode(&drawing).get("scale").is_none());
    assert_eq!(encode(&drawing.with_scale(2.0))["scale"], 2.0);
}

/// A PATCH would overwrite with them.
#[tokio::test]
async fn defaults_of_types_that_are_sent_are_neither_sent_nor_filled_in() {
    use wire::documents::defaults::types::{Holder, Kind, Limits};

    let server = serve(ResponseTemplate::new(200).set_body_json(json!({ "kind": "z" }))).await;
    let call = document_client!(defaults, server.uri()).s();
    let read = call.body(Holder::new()).send().await.unwrap().into_inner();
    assert_eq!(only_request(&server).await.body, b"{}");
    assert_eq!(encode(&read), json!({ "kind": "z" }));
    assert_eq!((read.list, read.when, read.kind), (None, None, Some(Kind::from("z"))));

    let server = serve(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let day = "2020-01-01".parse::<chrono::NaiveDate>().unwrap();
    let holder = Holder::new().with_limits(Limits::new(2)).with_day(day).with_list(["a"]);
    document_client!(defaults, server.uri()).s().body(holder).send().await.unwrap();
    let sent: Value = only_request(&server).await.body_json().unwrap();
    assert_eq!(sent, json!({ "limits": { "cpu": 2 }, "list": ["a"], "day": "2020-01-01" }));
}

#[test]
fn an_untagged_union_selects_the_variant_with_fewest_unknowns() {
    let size = |value: Value| -> types::DrawingSize { serde_json::from_value(value).unwrap() };
    assert_eq!(size(json!("big")), types::DrawingSize::Text("big".to_owned()));
    assert_eq!(size(json!(4)), types::DrawingSize::Integer(4));
    let sized = types::ShapeSize::new("mm").with_w(2.0);
    assert_eq!(size(json!({ "unit": "mm", "w": 2.0 })), sized.into());
    // A number with another representation counts as preserved.
    let ratio: types::Ratio = serde_json::from_value(json!({ "ratio": 3 })).unwrap();
    assert!(matches!(&ratio, types::Ratio::RatioNumber(number) if number.ratio == Some(3.0)));
    let other = size(json!([1, 2.5]));
    assert_eq!(other, types::DrawingSize::Unrecognized(json!([1, 2.5])));
    assert_eq!(encode(&other), json!([1, 2.5]));
}

#[test]
fn an_object_may_be_recursive() {
    let drawing = || types::Drawing::new(None, types::ShapeSquare::new(1));
    let outer = drawing().with_inner(drawing().with_title("inner"));
    assert_eq!(outer.inner.as_ref().unwrap().title, Some(Some("inner".to_owned())));
    assert_eq!(decode::<types::Drawing>(&encode(&outer).to_string()).unwrap(), outer);
}

#[test]
fn a_union_may_be_a_variant_with_the_same_tag() {
    for text in [
        r#"{"kind":"circle","radius":1.0}"#,
        r#"{"radius":1.0,"kind":"circle"}"#,
        r#"{"kind":"frame","holds":{"kind":"square","side":3}}"#,
    ] {
        let outer: types::AnyOuter = decode(text).unwrap();
        assert!(!matches!(outer, types::AnyOuter::Unrecognized(_)), "{outer:?}");
        assert_eq!(encode(&outer), decode::<Value>(text).unwrap());
    }
    let circle: AnyShape = types::ShapeCircle::new(1.0).into();
    let text = r#"{"kind":"circle","radius":1.0}"#;
    assert_eq!(decode::<types::AnyOuter>(text).unwrap(), types::AnyOuter::Circle(circle));
}

/// Names of Rust's prelude, and setters that would have equal names.
#[test]
fn unusual_names_and_defaults_compile_and_decode() {
    let odd: types::Option = decode(r#"{"new":"n","more":"m","some":{"vec":"None"}}"#).unwrap();
    assert_eq!(
        (odd.huge, odd.low, odd.quoted.as_str()),
        (18446744073709551615.0, -7, "a \"b\" \\ c")
    );
    assert_eq!(odd.extra2["more"], "m");
    assert_eq!(odd.some.unwrap().vec, Some(types::Vec::from("None")));
}

#[test]
fn recursive_untagged_unions_decode_in_bounded_time() {
    for number in [json!(1), json!(1.0)] {
        let mut node = json!({ "x": number });
        for _ in 0..50 {
            node = json!({ "x": number, "next": node });
        }
        let started = std::time::Instant::now();
        let read: types::Node = serde_json::from_value(node.clone()).unwrap();
        // Recognized or not, nothing is lost.
        let text = |value: Value| value.to_string().replace("1.0", "1");
        assert_eq!(text(encode(&read)), text(node));
        assert!(started.elapsed() < std::time::Duration::from_secs(20));
    }
}

#[test]
fn the_first_of_duplicate_properties_counts() {
    for text in [
        r#"{"kind":"circle","radius":1,"kind":"square"}"#,
        r#"{"radius":1,"radius":2,"kind":"circle","radius":3}"#,
    ] {
        let shape = decode::<AnyShape>(text).unwrap();
        let AnyShape::Circle(circle) = shape else { panic!("{shape:?}") };
        assert_eq!(circle.radius, 1.0);
    }
    let untagged = decode::<AnyShape>(r#"{"radius":1,"radius":2}"#).unwrap();
    assert_eq!(encode(&untagged), json!({ "radius": 1 }));
    for text in [
        r#"{"by":"code","passcode":"p","more":"1","passcode":"q","more":"2","by":"call"}"#,
        r#"{"passcode":"p","more":"1","passcode":"q","more":"2","by":"code","by":"x"}"#,
        r#"{"more":"1","by":"code","more":2,"passcode":"p","passcode":3}"#,
    ] {
        let code = decode::<types::Second>(text).unwrap();
        let types::Second::Code(code) = &code else { panic!("{code:?}") };
        assert_eq!(encode(code), json!({ "by": "code", "passcode": "p", "more": "1" }), "{text}");
    }
}

#[test]
fn values_before_the_tag_are_read_as_those_after_it() {
    let group = |members: &str, is_first: bool| match is_first {
        true => format!(r#"{{"kind":"group","members":[{members}]}}"#),
        false => format!(r#"{{"members":[{members}],"kind":"group"}}"#),
    };
    let read = |members: &str, is_first: bool| {
        let shape = decode::<AnyShape>(&group(members, is_first))?;
        assert!(matches!(shape, AnyShape::Group(_)), "{shape:?}");
        Ok::<_, String>(encode(&shape))
    };
    let circle = r#"{"radius":2.5,"kind":"circle"}"#;
    let nested = |depth: usize| (0..depth).fold(circle.to_owned(), |inner, _| group(&inner, false));
    for members in [
        circle,
        &[circle; 300].join(" , "),
        r#"{"kind":"\u0063ircle","radius":1}"#,
        r#"{"text":"\ud83d\ude00 \"[{","kind":"other"}"#,
        r#"{"text":"\ud83d","number":[1e400],"kind":"other"}"#,
        &nested(3),
        &nested(20),
    ] {
        assert_eq!(read(members, false).unwrap(), read(members, true).unwrap(), "{members}");
    }
    // The position is the one in the whole text.
    for members in [r#"{"side":"x","kind":"square"}"#, r#"{"kind":"square"}"#] {
        for error in [true, false].map(|is_first| read(members, is_first).unwrap_err()) {
            assert_eq!(error.matches(" at line 1 column ").count(), 1, "{error}");
        }
    }
}

#[test]
fn a_required_property_without_schema_is_any_value() {
    let ratio: types::RatioNumber = decode(r#"{"ratio":1.0}"#).unwrap();
    assert_eq!(ratio.ratio, Some(1.0));
    let ghost: types::Ghost = decode(r#"{"ghost":[1]}"#).unwrap();
    assert_eq!(encode(&ghost), json!({ "ghost": [1] }));
}

#[test]
fn date_times_are_parsed_as_chrono_parses_them() {
    let decode_entry = |text: &str| {
        let mut entry = json!({
            "id": "00000000-1111-4000-8000-000000000000", "name": "n", "status": "running",
            "phase": "active", "createdAt": text, "terminalAt": text, "labels": [],
        });
        let read = serde_json::from_value::<types::EventPlain>(entry.clone());
        entry["terminalAt"] = Value::Null;
        let without = serde_json::from_value::<types::EventPlain>(entry);
        assert_eq!(read.is_ok(), without.is_ok(), "{text}");
        let read = read.map_err(|error| error.to_string())?;
        assert_eq!(read.terminal_at, Some(read.created_at), "{text}");
        assert_eq!(without.unwrap().terminal_at, None);
        Ok::<_, String>(read.created_at)
    };
    for text in [
        "2026-11-25T08:00:00Z",
        "2026-11-25T08:00:00.5Z",
        "2026-11-25T08:00:00.123456789Z",
        "2026-11-25T08:00:00.1234567891Z",
        "2026-11-25t08:00:00z",
        "2026-11-25 08:00:00Z",
        "2026-11-25T08:00:00+01:30",
        "2026-12-31T23:59:60Z",
        "2026-12-31T23:59:60.25Z",
        "0000-01-01T00:00:00Z",
        "2024-02-29T23:59:59.000000001Z",
    ] {
        assert_eq!(decode_entry(text).unwrap(), text.parse::<DateTime<Utc>>().unwrap(), "{text}");
    }
    for text in [
        "",
        "2026-02-30T08:00:00Z",
        "2026-11-25T24:00:00Z",
        "2026-11-25T08:61:00Z",
        "2026-11-25T08:00:00.Z",
        "2026-11-25T08:00:0xZ",
        "2026-11-25",
        "2026-11-2\u{e9}T08:00:00Z",
    ] {
        assert!(text.parse::<DateTime<Utc>>().is_err(), "{text}");
        let error = decode_entry(text).unwrap_err();
        assert!(error.contains(&format!("{text:?}")), "{error}");
    }
}
